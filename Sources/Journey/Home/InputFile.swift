public import Attestation
import Foundation
import Model
import Reading

/// Reads files that a command names.
public enum InputFile {
  /// The whole file, at most 64 MiB.
  ///
  /// - Throws: `Problem` with `notFound`, or `badInput` for a folder or a file too large.
  public static func read(_ path: String) throws -> [UInt8] {
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Problem(.notFound, "there is no such file", at: path)
    }
    guard !isFolder.boolValue else {
      throw Problem(.badInput, "expected a file, found a folder", at: path)
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    if let size = attributes?[.size] as? Int, size > 64 << 20 {
      throw Problem(.badInput, "the file is larger than 64 MiB", at: path)
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Problem(.inputOutput, "the file cannot be read", at: path)
    }
    return Array(data)
  }

  /// The public key in a file.
  ///
  /// - Throws: `Problem` with `notFound` or `badInput`.
  public static func publicKey(_ path: String) throws -> PublicKey {
    let bytes = try read(path)
    do {
      return try PublicKey(text: String(decoding: bytes, as: UTF8.self))
    } catch let problem as Problem {
      throw Problem(problem.code, problem.message, at: path, advice: problem.advice)
    }
  }

  /// Whether a file holds a private key in OpenSSH's own form.
  ///
  /// - Throws: `Problem` with `notFound` or `badInput`.
  public static func isOpenSSH(_ path: String) throws -> Bool {
    PEM.decode(String(decoding: try read(path), as: UTF8.self), label: "OPENSSH PRIVATE KEY") != nil
  }

  /// Puts the file before the place of a reading error.
  static func locating<Value>(_ file: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as ReadingError {
      let place = error.position.map { ":\($0)" } ?? error.pointer.map { " \($0)" } ?? ""
      throw Problem(.badInput, error.message, at: file + place)
    }
  }
}

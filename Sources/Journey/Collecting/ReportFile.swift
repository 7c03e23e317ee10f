import Foundation
import Intake
import Model

/// A report's file, read part by part.
enum ReportFile {
  /// Opens a file as the input of a reader.
  ///
  /// - Throws: `Problem` with `notFound`, `badInput` for what is no file, or `inputOutput`.
  static func open(_ path: String) throws -> ReportInput {
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Problem(.notFound, "there is no such file", at: path)
    }
    guard !isFolder.boolValue else {
      throw Problem(.badInput, "expected a report's file, found a folder", at: path)
    }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw Problem(.inputOutput, "the file cannot be read", at: path)
    }
    let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    return try ReportInput(expectedBytes: size) {
      do {
        return try file.read(upToCount: 1 << 20).map { Array($0) } ?? []
      } catch {
        throw Problem(.inputOutput, "the file cannot be read to its end", at: path)
      }
    }
  }
}

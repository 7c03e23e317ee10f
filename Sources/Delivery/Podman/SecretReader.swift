import Blobs
import Foundation
import Model

/// Reads the values of secrets from where an environment says they are.
struct SecretReader {
  private let environment: EnvironmentDefinition
  private let variables: [String: String]

  init(_ environment: EnvironmentDefinition, _ variables: [String: String]) {
    self.environment = environment
    self.variables = variables
  }

  /// All values, by the secret's name and key.
  func read() throws -> [String: [String: String]] {
    var secrets: [String: [String: String]] = [:]
    for (name, keys) in environment.secrets {
      for (key, source) in keys { secrets[name, default: [:]][key] = try value(name, key, source) }
    }
    return secrets
  }

  private func value(_ name: String, _ key: String, _ source: SecretSource) throws -> String {
    let place = "secret \"\(name)\", key \"\(key)\""
    switch source {
    case .variable(let variable):
      guard let value = variables[variable], !value.isEmpty else {
        throw Problem(
          .badInput, "the environment variable \(variable) for the \(place) is not set")
      }
      return value
    case .file(let file):
      let path = URL(filePath: file, relativeTo: URL(filePath: environment.folder + "/")).path
      guard let bytes = try DurableFile.read(path, limit: 1 << 16) else {
        throw Problem(.notFound, "the file for the \(place) is not there", at: path)
      }
      guard var value = String(validating: bytes, as: UTF8.self), !value.contains("\0") else {
        throw Problem(.badInput, "the file for the \(place) is not text in UTF-8", at: path)
      }
      // Editors end a file with a line end that is no part of a password.
      if value.hasSuffix("\n") { value.removeLast() }
      guard !value.isEmpty else {
        throw Problem(.badInput, "the file for the \(place) is empty", at: path)
      }
      return value
    }
  }
}

/// Reads the manifests of an application.
enum ManifestFolder {
  /// All files that end in `.yaml` or `.yml`, by name; other files and folders are refused, so
  /// that nothing is left out unseen.
  static func read(_ folder: String) throws -> [ManifestFile] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw Problem(
        .notFound, "the folder with the manifests cannot be read", at: folder,
        advice: "name it under \"manifests\" in the environment file")
    }
    return try names.filter { !$0.hasPrefix(".") && $0 != "README.md" }.map { name in
      let path = folder + "/" + name
      guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
        throw Problem(
          .badInput, "only .yaml and .yml files are taken among the manifests", at: path)
      }
      guard let bytes = try DurableFile.read(path, limit: 1 << 20) else {
        throw Problem(.notFound, "the file went away while it was read", at: path)
      }
      return ManifestFile(path: path, bytes: bytes)
    }
  }
}

import Model

/// The values of all secrets that a run may see, by step or service.
struct SecretValues: Sendable {
  private let values: [String: [String: String]]
  /// Masks all of them, whichever step prints them.
  let mask: SecretMask

  /// Reads every secret before anything runs.
  ///
  /// - Throws: `Problem` naming the step and the secret that is not there.
  init(_ definition: PipelineDefinition, environment: [String: String]) throws {
    var values: [String: [String: String]] = [:]
    let users =
      definition.steps.map { ($0.id, $0.environment) }
      + definition.services.map { ($0.name, $0.environment) }
    for (user, secrets) in users where !secrets.secrets.isEmpty {
      values[user] = try secrets.secrets.reduce(into: [:]) { found, entry in
        found[entry.key] = try Self.value(entry.key, entry.value, environment, user)
      }
    }
    self.values = values
    mask = SecretMask(secrets: values.values.flatMap { $0.values.map { Array($0.utf8) } })
  }

  /// Variables and values for a step, by its id, or a service, by its name.
  func values(for user: String) -> [String: String] { values[user] ?? [:] }

  private static func value(
    _ name: String, _ source: EnvironmentDefinition.SecretSource, _ environment: [String: String],
    _ user: String
  ) throws -> String {
    let text: String
    switch source {
    case .environment(let variable):
      guard let value = environment[variable] else {
        throw Problem(
          .notFound, "the secret \"\(name)\" is not there: the variable \"\(variable)\" is not set",
          at: user, advice: "Set \(variable) where the run is started.")
      }
      text = value
    case .file(let path):
      guard var bytes = ScratchFolder.read(path) else {
        throw Problem(
          .notFound, "the secret \"\(name)\" is not there: the file \"\(path)\" cannot be read",
          at: user, advice: "Make the file, of at most 1 MiB, or correct its path.")
      }
      if bytes.last == 0x0a { bytes.removeLast() }
      guard let value = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
        throw Problem(
          .badInput, "the secret \"\(name)\" in the file \"\(path)\" is not a text", at: user)
      }
      text = value
    }
    guard text.utf8.count >= SecretMask.leastLength else {
      throw Problem(
        .badInput,
        "the secret \"\(name)\" has fewer than \(SecretMask.leastLength) bytes and could not be "
          + "masked in logs", at: user)
    }
    return text
  }
}

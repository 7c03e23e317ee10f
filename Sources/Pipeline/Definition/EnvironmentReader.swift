import Reading

/// Reads `environment` and `secrets`, and refuses names by which a step could reach a key.
enum EnvironmentReader {
  /// Names that reach an agent, a key, or this program's own settings.
  private static let withheld = [
    "SSH_AUTH_SOCK", "SSH_AGENT_PID", "GPG_AGENT_INFO", "GNUPGHOME", "DBUS_SESSION_BUS_ADDRESS",
  ]
  /// Names that the run gives itself.
  private static let given = ["HOME", "TMPDIR"]
  /// Names that would reach podman before they reach the container.
  private static let podman = [
    "PATH", "CONTAINER_HOST", "CONTAINER_CONNECTION", "CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF",
    "CONTAINERS_REGISTRIES_CONF", "REGISTRY_AUTH_FILE", "STORAGE_DRIVER", "STORAGE_OPTS",
    "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "BUILDAH_ISOLATION", "NOTIFY_SOCKET",
    "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT",
  ]

  static func read(_ fields: FieldReader, isContainer: Bool) throws -> EnvironmentDefinition {
    var names: [(name: String, at: Position)] = []
    var pass: [String] = []
    var set: [String: String] = [:]
    if let node = fields.node("environment") {
      let inner = try FieldReader(node, "an environment", known: ["pass", "set"])
      for element in try inner.list("pass") {
        let name = try FieldReader.string(element)
        pass.append(name)
        names.append((name, element.position))
      }
      for entry in try inner.mapping("set") {
        set[entry.key] = try FieldReader.string(entry.value)
        names.append((entry.key, entry.position))
      }
    }
    var secrets: [String: EnvironmentDefinition.SecretSource] = [:]
    for entry in try fields.mapping("secrets") {
      secrets[entry.key] = try secret(entry)
      names.append((entry.key, entry.position))
    }
    var seen: [String] = []
    for (name, position) in names {
      try check(name, at: position, isContainer: isContainer)
      guard !Fields.contains(name, in: seen) else {
        throw ReadingError("the variable \"\(name)\" is given twice", at: position)
      }
      seen.append(name)
    }
    return EnvironmentDefinition(pass: pass, set: set, secrets: secrets)
  }

  private static func secret(
    _ entry: YAMLNode.Entry
  ) throws -> EnvironmentDefinition.SecretSource {
    let fields = try FieldReader(entry.value, "a secret", known: ["file", "environment"])
    switch (fields.node("file"), fields.node("environment")) {
    case (.some, nil): return .file(try fields.requiredString("file"))
    case (nil, .some): return .environment(try fields.requiredString("environment"))
    default:
      throw ReadingError(
        "the secret \"\(entry.key)\" needs either \"file\" or \"environment\"",
        at: entry.position)
    }
  }

  /// Whether a text can name an environment variable.
  static func isName(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard let first = bytes.first, !(0x30...0x39).contains(first) else { return false }
    return bytes.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
        || $0 == 0x5f
    }
  }

  static func check(_ name: String, at position: Position, isContainer: Bool) throws {
    guard isName(name) else {
      throw ReadingError(
        "\"\(name)\" cannot name an environment variable: expected letters, digits and \"_\"",
        at: position)
    }
    guard !name.hasPrefix("PRATIQUE_"), !withheld.contains(name) else {
      throw ReadingError(
        "\"\(name)\" is never given to a step, since it may lead to a signing key", at: position)
    }
    guard !given.contains(name) else {
      throw ReadingError("\"\(name)\" is given by the run itself", at: position)
    }
    guard !isContainer || !podman.contains(name) else {
      throw ReadingError(
        "\"\(name)\" would change podman itself; set it inside the container's command",
        at: position)
    }
  }
}

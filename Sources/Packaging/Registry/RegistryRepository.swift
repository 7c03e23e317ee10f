public import Model

/// A repository in a registry (OCI distribution-spec 1.1, "Pulling manifests"): where images are put.
///
/// The registry must be written out. A name without one would mean whichever registry a tool is
/// set to, and an image would land somewhere else on another machine.
public struct RegistryRepository: Hashable, Sendable, CustomStringConvertible {
  /// Name or address of the registry, with its port where it has one.
  public let registry: String
  /// The repository's name.
  public let name: String

  /// Reads `registry.example:5000/team/portal`.
  ///
  /// - Throws: `Problem` with `badInput` for a tag, a digest, a scheme, or no registry.
  public init(_ text: String) throws {
    guard let slash = text.firstIndex(of: "/") else {
      throw Self.refusal(text, "it names no registry")
    }
    let registry = String(text[..<slash])
    let name = String(text[text.index(after: slash)...])
    guard !text.contains("://"), !text.contains("@") else {
      throw Self.refusal(text, "it has a scheme or a digest")
    }
    guard !name.contains(":") else { throw Self.refusal(text, "it has a tag") }
    guard registry == "localhost" || registry.contains(".") || registry.contains(":"),
      Self.isHost(registry)
    else { throw Self.refusal(text, "\"\(registry)\" is no name of a registry") }
    guard name.utf8.count <= 255,
      name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(Self.isComponent)
    else { throw Self.refusal(text, "\"\(name)\" is no name of a repository") }
    self.registry = registry
    self.name = name
  }

  /// Whether the registry is on this machine: only there may the connection be without TLS.
  public var isLoopback: Bool {
    let host =
      registry.hasPrefix("[") ? registry.prefix { $0 != "]" } + "]" : registry.prefix { $0 != ":" }
    if host == "localhost" || host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// `registry/name`.
  public var description: String { "\(registry)/\(name)" }

  /// The image of a digest, as tools take it.
  public func reference(_ digest: Digest) -> String { "docker://\(self)@\(digest)" }

  /// What a tag names, as tools take it.
  ///
  /// - Throws: `Problem` with `badInput` for a tag of another form (distribution-spec 1.1).
  public func reference(tag: String) throws -> String {
    let bytes = Array(tag.utf8)
    guard let first = bytes.first, bytes.count <= 128, Self.isWord(first) || first == 0x5f,
      bytes.allSatisfy({ Self.isWord($0) || [0x5f, 0x2e, 0x2d].contains($0) })
    else { throw Problem(.badInput, "\"\(tag)\" is no tag of an image") }
    return "docker://\(self):\(tag)"
  }

  private static func refusal(_ text: String, _ reason: String) -> Problem {
    Problem(
      .badInput, "\"\(text)\" is no repository: \(reason)",
      advice: "Write the registry and the repository, such as registry.example:5000/portal.")
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
  }

  private static func isHost(_ text: String) -> Bool {
    var rest = text[...]
    if rest.first == "[" {
      guard let end = rest.firstIndex(of: "]") else { return false }
      let address = rest[rest.index(after: rest.startIndex)..<end]
      guard address.allSatisfy({ $0 == ":" || $0.isHexDigit && $0.isASCII }) else { return false }
      rest = rest[rest.index(after: end)...]
    } else {
      let host = rest.prefix { $0 != ":" }
      guard !host.isEmpty, host.first != "-", host.first != ".",
        host.utf8.allSatisfy({ isWord($0) || $0 == 0x2d || $0 == 0x2e })
      else { return false }
      rest = rest[host.endIndex...]
    }
    guard !rest.isEmpty else { return true }
    return rest.first == ":" && UInt16(rest.dropFirst()).map { $0 > 0 } ?? false
  }

  /// Lower-case words, joined by one of `.`, `_`, `__` or any number of `-`.
  private static func isComponent(_ text: Substring) -> Bool {
    let bytes = Array(text.utf8)
    func isPlain(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte)
    }
    guard let first = bytes.first, let last = bytes.last, isPlain(first), isPlain(last) else {
      return false
    }
    return bytes.split(whereSeparator: isPlain).allSatisfy { joint in
      joint.allSatisfy { $0 == 0x2d } || joint.elementsEqual([0x2e]) || joint.elementsEqual([0x5f])
        || joint.elementsEqual([0x5f, 0x5f])
    }
  }
}

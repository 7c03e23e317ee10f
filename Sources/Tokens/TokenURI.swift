import Attestation
import Model

/// Where a key behind PKCS #11 is: a `pkcs11:` URI (RFC 7512).
///
/// Taken are `token`, `serial`, `object`, `id` and `type=private`, and in the query `module-path`
/// and `pin-source`. Any other attribute is refused: one that is passed over could mean another key.
public struct TokenURI: Hashable, Sendable {
  /// Path of the module, a shared library that is loaded into this process.
  public let modulePath: String
  /// Label of the token.
  public let token: String?
  /// Serial number of the token.
  public let serial: String?
  /// Label of the key.
  public let object: String?
  /// The key's `CKA_ID`.
  public let id: [UInt8]?
  /// Path of the file that holds the PIN; without one the PIN is asked for.
  public let pinSource: String?
  /// The URI as it was given.
  public let text: String

  /// Whether a text is meant as such a URI, and not as a path.
  public static func isTokenURI(_ text: String) -> Bool { text.utf8.starts(with: "pkcs11:".utf8) }

  /// Reads a URI.
  ///
  /// - Throws: `Problem` with `badInput`, which never repeats a PIN.
  public init(_ text: String) throws {
    guard Self.isTokenURI(text), text.utf8.count <= 4096,
      text.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
    else {
      throw Self.refusal("it must begin with \"pkcs11:\", and hold no space; write one as %20")
    }
    let parts = text.dropFirst("pkcs11:".count)
      .split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var path = try Attributes(parts[0], separator: ";")
    var query = try Attributes(parts.count > 1 ? parts[1] : "", separator: "&")
    guard try query.take("pin-value") == nil else {
      throw Self.refusal(
        "a PIN stands in it, where every user of the machine could read it",
        advice: "Write the PIN into a file that only you can read: ?pin-source=file:/PATH")
    }
    token = try path.text("token")
    serial = try path.text("serial")
    object = try path.text("object")
    id = try path.take("id")
    if let type = try path.text("type"), type != "private" {
      throw Self.refusal("its type is \"\(type)\"; only a private key can sign")
    }
    guard let module = try query.text("module-path") else {
      throw Self.refusal(
        "it does not name a module", advice: "Add ?module-path=/PATH/OF/THE/MODULE.so")
    }
    guard module.hasPrefix("/") else {
      throw Self.refusal("the path of its module is not absolute")
    }
    modulePath = module
    pinSource = try query.text("pin-source").map(Self.pinPath)
    try path.end()
    try query.end()
    guard token != nil || serial != nil else { throw Self.refusal("it names no token") }
    guard object != nil || id != nil else { throw Self.refusal("it names no object and no id") }
    self.text = text
  }

  private static func pinPath(_ source: String) throws -> String {
    let path = source.hasPrefix("file:") ? String(source.dropFirst("file:".count)) : source
    let plain = path.hasPrefix("///") ? String(path.dropFirst(2)) : path
    guard plain.hasPrefix("/"), !plain.hasPrefix("//") else {
      throw refusal("its pin-source is no absolute path: file:/PATH")
    }
    return plain
  }

  /// The token in words for people.
  public var tokenName: String { token ?? "with serial number \(serial ?? "")" }

  /// The key in words for people.
  public var keyName: String {
    object.map { "\"\($0)\"" } ?? "with id \(Hexadecimal.encode(id ?? []))"
  }

  static func refusal(_ reason: String, advice: String? = nil) -> Problem {
    Problem(
      .badInput, "the pkcs11 URI is not understood: \(reason)",
      advice: advice ?? "Such as: pkcs11:token=LABEL;object=KEY?module-path=/PATH/OF/MODULE.so")
  }
}

/// Attributes with their percent-encoding undone, each once.
private struct Attributes {
  private var values: [String: [UInt8]] = [:]

  init(_ text: Substring, separator: Character) throws {
    for part in text.split(separator: separator) {
      guard let equals = part.firstIndex(of: "="), equals > part.startIndex,
        let value = Self.decode(part[part.index(after: equals)...]), !value.isEmpty
      else { throw TokenURI.refusal("an attribute is not NAME=VALUE") }
      let name = String(part[..<equals])
      guard values.updateValue(value, forKey: name) == nil else {
        throw TokenURI.refusal("\"\(name)\" stands twice")
      }
    }
  }

  private static func decode(_ text: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == 0x25 else {
        bytes.append(byte)
        continue
      }
      guard let pair = String(rest.prefix(2)), pair.utf8.count == 2,
        let value = Hexadecimal.decode(pair.lowercased())
      else { return nil }
      bytes += value
      rest = rest.dropFirst(2)
    }
    return bytes
  }

  mutating func take(_ name: String) throws -> [UInt8]? { values.removeValue(forKey: name) }

  mutating func text(_ name: String) throws -> String? {
    guard let bytes = try take(name) else { return nil }
    guard let text = String(validating: bytes, as: UTF8.self),
      text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
    else { throw TokenURI.refusal("\"\(name)\" is no text") }
    return text
  }

  func end() throws {
    if let name = values.keys.min() {
      throw TokenURI.refusal("the attribute \"\(name)\" is not taken")
    }
  }
}

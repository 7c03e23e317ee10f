public import Attestation
import Model

/// A key that verifies notes, in C2SP `signed-note` form: name, key id and Ed25519 key.
public struct NoteKey: Hashable, Sendable {
  /// The key's name: not empty, no space, no `+`.
  public let name: String
  /// The Ed25519 public key, 32 bytes.
  public let publicKey: [UInt8]

  /// Names a key.
  ///
  /// - Throws: `Problem` with `badInput` for a name that a note cannot carry, or another key.
  public init(name: String, publicKey: PublicKey) throws {
    guard case .ed25519(let raw) = publicKey else {
      throw Problem(.badInput, "notes are signed with Ed25519 keys only")
    }
    guard Self.isName(name) else {
      throw Problem(
        .badInput, "\"\(name)\" is no key name: it must not be empty or hold space or +")
    }
    self.name = name
    self.publicKey = raw
  }

  /// Reads a verifier key line: `name+hex8+base64`.
  public init(_ text: String) throws {
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let bytes = Base64.decode(String(parts[2])), bytes.count == 33,
      bytes[0] == 0x01
    else {
      throw Problem(
        .badInput, "\"\(text)\" is no Ed25519 verifier key",
        advice: "It has the form name+hash+key, as the log's operator publishes it.")
    }
    try self.init(name: String(parts[0]), publicKey: .ed25519(Array(bytes.dropFirst())))
    guard Hexadecimal.encode(id) == parts[1] else {
      throw Problem(.badInput, "the verifier key's hash is not the hash of its name and key")
    }
  }

  static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy {
        !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20
      }
  }

  /// The first four bytes of SHA-256 over name, line feed, 0x01 and key.
  public var id: [UInt8] {
    Array(Digest.sha256(Array("\(name)\n".utf8) + [0x01] + publicKey).bytes.prefix(4))
  }

  /// The verifier key line, `name+hex8+base64`.
  public var description: String {
    "\(name)+\(Hexadecimal.encode(id))+\(Base64.encode([0x01] + publicKey))"
  }
}

/// A text with signatures, in C2SP `signed-note` form.
public struct SignedNote: Hashable, Sendable {
  /// One signature line.
  public struct Signature: Hashable, Sendable {
    /// The key's name.
    public let name: String
    /// Four bytes.
    public let keyID: [UInt8]
    /// What follows the key id.
    public let signature: [UInt8]
  }

  /// The text, ended by a line feed.
  public let text: String
  /// One to a hundred signatures.
  public let signatures: [Signature]

  /// Signs a text.
  ///
  /// - Throws: what the signer throws; `Problem` for a name that a note cannot carry.
  public init(signing text: String, name: String, by signer: Signer) throws {
    let key = try NoteKey(name: name, publicKey: signer.publicKey)
    self.text = text
    signatures = [
      Signature(name: name, keyID: key.id, signature: try signer.sign(Array(text.utf8)))
    ]
  }

  /// Reads a note's bytes.
  ///
  /// - Throws: `Problem` with `badInput` that says what is malformed.
  public init(bytes: [UInt8]) throws {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Problem(.badInput, "malformed note: it is not valid UTF-8")
    }
    try self.init(text)
  }

  /// Reads a note.
  ///
  /// - Throws: `Problem` with `badInput` that says what is malformed.
  public init(_ note: String) throws {
    func malformed(_ why: String) -> Problem { Problem(.badInput, "malformed note: \(why)") }
    let bytes = Array(note.utf8)
    guard bytes.count <= 1 << 20 else { throw malformed("larger than a mebibyte") }
    guard note.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\n" }) else {
      throw malformed("it holds a control character")
    }
    guard bytes.last == 0x0a, let split = Self.lastBlankLine(bytes) else {
      throw malformed("no empty line between text and signatures")
    }
    text = String(decoding: bytes[...split], as: UTF8.self)
    let lines = bytes[(split + 2)...].dropLast().split(
      separator: 0x0a, omittingEmptySubsequences: false)
    guard lines.count <= 100 else { throw malformed("more than 100 signatures") }
    signatures = try lines.map { line in
      let dash = Array("— ".utf8)
      guard line.starts(with: dash) else {
        throw malformed("a signature line does not begin with a dash")
      }
      let parts = line.dropFirst(dash.count).split(
        separator: 0x20, maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(decoding: parts[0], as: UTF8.self)
      guard parts.count == 2, NoteKey.isName(name),
        let blob = Base64.decode(String(decoding: parts[1], as: UTF8.self)), blob.count > 4
      else { throw malformed("a signature line is not name and base64") }
      return Signature(
        name: name, keyID: Array(blob.prefix(4)), signature: Array(blob.dropFirst(4)))
    }
  }

  /// Place of the line feed that ends the text: the one before the last empty line.
  private static func lastBlankLine(_ bytes: [UInt8]) -> Int? {
    guard bytes.count > 2 else { return nil }
    return (0..<bytes.count - 2).last { bytes[$0] == 0x0a && bytes[$0 + 1] == 0x0a }
  }

  /// The note's text form.
  public var description: String {
    text + "\n"
      + signatures.map { "— \($0.name) \(Base64.encode($0.keyID + $0.signature))\n" }.joined()
  }

  /// The keys of `keys` that signed.
  ///
  /// - Throws: `Problem` with `notTrusted` when a known key's signature is wrong, or none is right.
  public func verify(with keys: [NoteKey]) throws -> [NoteKey] {
    var verified: [NoteKey] = []
    for signature in signatures {
      guard let key = keys.first(where: { $0.name == signature.name && $0.id == signature.keyID })
      else { continue }
      guard PublicKey.ed25519(key.publicKey).verify(signature.signature, of: Array(text.utf8))
      else { throw Problem(.notTrusted, "the signature of \(key.name) on the note is wrong") }
      if !verified.contains(key) { verified.append(key) }
    }
    guard !verified.isEmpty else {
      throw Problem(.notTrusted, "no known key signed the note")
    }
    return verified
  }
}

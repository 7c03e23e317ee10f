public import Attestation
import Model

/// A text with signatures, in C2SP `signed-note` form.
///
/// Every signature line is kept, also of keys and algorithms that nobody here knows; the text and
/// the lines are written again exactly as they were read. What a note says counts only after
/// `verify(with:)`.
public struct SignedNote: Sendable, CustomStringConvertible {
  /// A note has at most so many signatures.
  public static let maximumSignatures = 100
  /// A note has at most so many bytes.
  public static let maximumBytes = 1 << 20

  /// One signature line.
  public struct Signature: Hashable, Sendable, CustomStringConvertible {
    /// The key's name.
    public let name: String
    /// Four bytes; with the name they say which key and which algorithm it is.
    public let keyID: [UInt8]
    /// What follows the key id; its form is the algorithm's.
    public let signature: [UInt8]

    init(key: NoteKey, signature: [UInt8]) {
      name = key.name
      keyID = key.id
      self.signature = signature
    }

    /// Reads a line without its line feed: `— name base64`.
    init?(line: some Collection<UInt8>) {
      let dash = Array("— ".utf8)
      guard line.starts(with: dash) else { return nil }
      let parts = line.dropFirst(dash.count).split(
        separator: 0x20, maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let name = String(validating: parts[0], as: UTF8.self),
        NoteKey.isName(name), let bytes = LineText.base64(parts[1]), bytes.count > 4
      else { return nil }
      self.name = name
      keyID = Array(bytes.prefix(4))
      signature = Array(bytes.dropFirst(4))
    }

    /// The line, without its line feed.
    public var description: String { "— \(name) \(Base64.encode(keyID + signature))" }

    /// Equal when all bytes are.
    public static func == (left: Signature, right: Signature) -> Bool {
      LineText.same(left.name, right.name) && left.keyID == right.keyID
        && left.signature == right.signature
    }

    /// Hashes the signature's bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(signature) }

    func isMade(by key: NoteKey) -> Bool {
      keyID == key.id && LineText.same(name, key.name)
    }
  }

  /// The text, ended by a line feed.
  public let text: String
  /// One to a hundred signatures.
  public let signatures: [Signature]

  /// Signs a text with a log's key.
  ///
  /// - Throws: what the signer throws; `Problem` with `badInput` for a text or a name that a note
  ///   cannot carry.
  public init(signing text: String, name: String, by signer: Signer) throws {
    guard text.utf8.last == LineText.lineFeed, !Self.hasControlCharacter(text.utf8) else {
      throw Problem(
        .badInput, "a note's text ends with a line feed and has no other control character")
    }
    let key = try NoteKey(name: name, publicKey: signer.publicKey)
    self.text = text
    signatures = [Signature(key: key, signature: try signer.sign(Array(text.utf8)))]
  }

  /// Reads a note's bytes.
  ///
  /// - Throws: `Problem` with `badInput` that says what is malformed.
  public init(bytes: [UInt8]) throws {
    func malformed(_ why: String) -> Problem { Problem(.badInput, "malformed note: \(why)") }
    guard bytes.count <= Self.maximumBytes else { throw malformed("larger than a mebibyte") }
    guard let split = Self.lastBlankLine(bytes) else {
      throw malformed("no empty line between text and signatures")
    }
    guard !Self.hasControlCharacter(bytes) else { throw malformed("it holds a control character") }
    guard let text = String(validating: bytes[...split], as: UTF8.self) else {
      throw malformed("it is not valid UTF-8")
    }
    guard let lines = LineText.lines(bytes[(split + 2)...]), !lines.isEmpty else {
      throw malformed("the signatures do not end with a line feed")
    }
    guard lines.count <= Self.maximumSignatures else {
      throw malformed("more than \(Self.maximumSignatures) signatures")
    }
    self.text = text
    signatures = try lines.map { line in
      guard let signature = Signature(line: line) else {
        throw malformed("a signature line is not a dash, a name and base64")
      }
      return signature
    }
  }

  /// Reads a note.
  ///
  /// - Throws: `Problem` with `badInput` that says what is malformed.
  public init(_ note: String) throws { try self.init(bytes: Array(note.utf8)) }

  private init(text: String, signatures: [Signature]) {
    self.text = text
    self.signatures = signatures
  }

  private static func hasControlCharacter(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.contains { $0 < 0x20 && $0 != LineText.lineFeed }
  }

  /// Place of the line feed that ends the text: the one before the last empty line.
  private static func lastBlankLine(_ bytes: [UInt8]) -> Int? {
    guard bytes.count > 2 else { return nil }
    return (0..<bytes.count - 2).last {
      bytes[$0] == LineText.lineFeed && bytes[$0 + 1] == LineText.lineFeed
    }
  }

  /// The note with more signatures. Those that it has already are not doubled, and the text is not
  /// touched; whether a signature is right is for `verify(with:)` to say.
  ///
  /// - Throws: `Problem` with `badInput` when there would be more than a note may have.
  public func adding(_ more: [Signature]) throws -> SignedNote {
    var all = signatures
    for signature in more where !all.contains(signature) { all.append(signature) }
    guard all.count <= Self.maximumSignatures else {
      throw Problem(.badInput, "a note has at most \(Self.maximumSignatures) signatures")
    }
    return SignedNote(text: text, signatures: all)
  }

  /// The note with the signatures of another one over the same text.
  ///
  /// - Throws: `Problem` with `badInput` when the texts differ or there are too many signatures.
  public func merging(_ other: SignedNote) throws -> SignedNote {
    guard LineText.same(text, other.text) else {
      throw Problem(.badInput, "the two notes are of different texts")
    }
    return try adding(other.signatures)
  }

  /// The note with those signature lines that are of these keys; others are left out, as
  /// C2SP `tlog-witness` asks of whoever reads a witness's answer.
  ///
  /// - Parameter lines: signature lines, each ended by a line feed.
  /// - Throws: `Problem` with `badInput` for what are no signature lines, `notTrusted` when a
  ///   signature is wrong or none of the keys signed.
  public func adding(signatureLines lines: String, of keys: [NoteKey]) throws -> SignedNote {
    let answer = try SignedNote(bytes: Array((text + "\n" + lines).utf8))
    guard LineText.same(answer.text, text) else {
      throw Problem(.badInput, "malformed signature lines: there is an empty line among them")
    }
    _ = try answer.verify(with: keys)
    return try adding(answer.keeping(linesOf: keys).signatures)
  }

  /// The note with the signature lines of these keys alone.
  func keeping(linesOf keys: [NoteKey]) -> SignedNote {
    SignedNote(
      text: text, signatures: signatures.filter { line in keys.contains { line.isMade(by: $0) } })
  }

  /// The note's text form.
  public var description: String { text + "\n" + signatureLines }

  /// The signature lines, each ended by a line feed.
  public var signatureLines: String { signatures.map { "\($0)\n" }.joined() }
}

extension SignedNote: Hashable {
  /// Equal when all bytes are.
  public static func == (left: SignedNote, right: SignedNote) -> Bool {
    LineText.same(left.text, right.text) && left.signatures == right.signatures
  }

  /// Hashes the signatures.
  public func hash(into hasher: inout Hasher) { hasher.combine(signatures) }
}

public import Attestation
public import Model

/// A signed head of the log, in C2SP `tlog-checkpoint` form: origin, size and root.
public struct Checkpoint: Hashable, Sendable {
  /// The log's name.
  public let origin: String
  /// Number of entries.
  public let size: Int64
  /// RFC 6962 root of those entries.
  public let root: TreeHash
  /// Further lines that the log signed; this program writes none.
  public let extensions: [String]

  /// States a head.
  public init(origin: String, size: Int64, root: TreeHash) {
    self.origin = origin
    self.size = size
    self.root = root
    extensions = []
  }

  /// Reads a checkpoint's body, which is a note's text; who signed it is not looked at.
  ///
  /// - Throws: `Problem` with `badInput`.
  public init(body: String) throws {
    func malformed(_ why: String) -> Problem { Problem(.badInput, "malformed checkpoint: \(why)") }
    guard let lines = LineText.lines(body.utf8), lines.count >= 3 else {
      throw malformed("fewer than three lines")
    }
    guard !body.utf8.contains(where: { $0 < 0x20 && $0 != LineText.lineFeed }) else {
      throw malformed("it holds a control character")
    }
    guard !lines[0].isEmpty else { throw malformed("the origin is empty") }
    guard let size = LineText.decimal(lines[1]) else {
      throw malformed("the size is no decimal number without leading zero")
    }
    guard let root = LineText.hash(lines[2]) else {
      throw malformed("the root is not 32 bytes in base64")
    }
    guard lines.dropFirst(3).allSatisfy({ !$0.isEmpty }) else {
      throw malformed("an extension line is empty")
    }
    origin = String(decoding: lines[0], as: UTF8.self)
    self.size = size
    self.root = root
    extensions = lines.dropFirst(3).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The body: three lines, and extension lines.
  public var body: String {
    ([origin, String(size), Base64.encode(root.bytes)] + extensions).map { $0 + "\n" }.joined()
  }

  /// Signs the checkpoint with the log's key, under the origin's name.
  public func sign(by signer: Signer) throws -> SignedNote {
    try SignedNote(signing: body, name: origin, by: signer)
  }

  /// Reads a signed checkpoint and checks the log's signature.
  ///
  /// - Throws: `Problem` with `badInput` (form) or `notTrusted` (signature, or another origin).
  public init(note: String, key: NoteKey) throws {
    let note = try SignedNote(note)
    _ = try note.verify(with: [key])
    try self.init(body: note.text)
    guard origin.utf8.elementsEqual(key.name.utf8) else {
      throw Problem(.notTrusted, "the checkpoint is of \"\(origin)\", not of \"\(key.name)\"")
    }
  }

  /// The checkpoint as a decision names it.
  public var position: LedgerPosition? {
    root.digest.map { LedgerPosition(origin: origin, size: size, root: $0) }
  }
}

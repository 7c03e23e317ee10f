import Attestation
import Model

/// What a log asks of a witness: the body of `POST add-checkpoint` (C2SP `tlog-witness`).
///
///     old <size of the checkpoint that the witness cosigned last>
///     <base64 hash of the consistency proof>          (up to 63)
///
///     <checkpoint, a signed note>
public struct WitnessRequest: Hashable, Sendable, CustomStringConvertible {
  /// A consistency proof has at most so many hashes.
  public static let maximumProof = 63
  /// A body has at most so many bytes; a witness may stop reading there.
  public static let maximumBytes = SignedNote.maximumBytes + 4096

  /// Size of the checkpoint that the witness cosigned last, as the log knows it; 0 for none.
  public let oldSize: Int64
  /// Consistency proof from that size to the checkpoint's.
  public let proof: [TreeHash]
  /// The checkpoint with its signatures; nobody has verified them.
  public let note: SignedNote
  /// What the checkpoint says; nobody has verified it.
  public let checkpoint: Checkpoint

  /// Asks for a cosignature.
  ///
  /// - Throws: `Problem` with `badInput` for more than 63 hashes, a negative size, or a note that is
  ///   no checkpoint.
  public init(oldSize: Int64, proof: [TreeHash], note: SignedNote) throws {
    guard oldSize >= 0, proof.count <= Self.maximumProof else {
      throw Problem(.badInput, "a witness takes at most 63 hashes and no negative size")
    }
    self.oldSize = oldSize
    self.proof = proof
    self.note = note
    checkpoint = try Checkpoint(body: note.text)
  }

  /// Reads a body.
  ///
  /// - Throws: `Problem` with `badInput`; the answer is then 400.
  public init(bytes: [UInt8]) throws {
    func malformed(_ why: String) -> Problem {
      Problem(.badInput, "malformed witness request: \(why)")
    }
    guard bytes.count <= Self.maximumBytes else { throw malformed("it is too large") }
    var rest = bytes[...]
    func line() throws -> [UInt8] {
      guard let end = rest.firstIndex(of: LineText.lineFeed) else {
        throw malformed("it is cut off")
      }
      defer { rest = rest[(end + 1)...] }
      return Array(rest[..<end])
    }
    guard let digits = LineText.rest(of: try line(), after: "old "),
      let oldSize = LineText.decimal(digits)
    else { throw malformed("the first line is not \"old\" and a decimal number") }
    var proof: [TreeHash] = []
    while case let next = try line(), !next.isEmpty {
      guard proof.count < Self.maximumProof else { throw malformed("more than 63 hashes") }
      guard let hash = LineText.hash(next) else {
        throw malformed("a hash is not 32 bytes in base64")
      }
      proof.append(hash)
    }
    try self.init(oldSize: oldSize, proof: proof, note: SignedNote(bytes: Array(rest)))
  }

  /// The body's text.
  public var description: String {
    "old \(oldSize)\n" + proof.map { Base64.encode($0.bytes) + "\n" }.joined() + "\n\(note)"
  }
}

/// What a witness answers.
public struct WitnessResponse: Hashable, Sendable {
  /// The content type of an answer that holds the size that the witness has.
  public static let sizeContentType = "text/x.tlog.size"

  /// The HTTP status: 200, or the refusal's.
  public let status: Int
  /// The content type of the body.
  public let contentType: String
  /// The body: cosignature lines for 200, a size for 409, else a sentence.
  public let body: String

  /// States an answer.
  public init(status: Int, contentType: String = "text/plain; charset=utf-8", body: String) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }

  /// The size that a witness holds, out of an answer with status 409; `nil` when this is none.
  public var heldSize: Int64? {
    guard status == 409, contentType == Self.sizeContentType,
      let lines = LineText.lines(body.utf8), lines.count == 1
    else { return nil }
    return LineText.decimal(lines[0])
  }
}

import Blobs
public import Ledger
public import Model
import Reading

/// Checks a bundle's file.
public enum BundleFile {
  /// Reads a bundle from beginning to end and checks everything in it.
  ///
  /// - Parameters:
  ///   - verifyCheckpoint: verifies the signed checkpoint by what the auditor trusts, and returns it.
  ///   - takeTimestamp: is told each timestamp whose checkpoint is a beginning of the bundle's, with
  ///     what was stamped; what it returns is wrong with it.
  ///   - progress: is told the entries checked so far, and how many there should be.
  /// - Throws: `Problem` with `badInput` for a file that is no bundle, or what `verifyCheckpoint`
  ///   throws. What is wrong with entries is in the report.
  public static func verify(
    _ path: String, verifyCheckpoint: (String) throws -> Checkpoint,
    takeTimestamp: (CheckpointTimestamp, _ text: String) async -> Problem?,
    progress: (_ checked: Int64, _ all: Int64) -> Void = { _, _ in }
  ) async throws -> BundleReport {
    let file = try FileReader(path)
    let archive = TarReader { try file.read($0) }
    return try await locatingLater(path) {
      var members = Members(archive)
      let description: BundleDescription = try JSONReader.read(
        members.required(BundleName.description)
      ).decode()
      let note = try text(members.required(BundleName.checkpoint), BundleName.checkpoint)
      let checkpoint = try verifyCheckpoint(note)
      let proof = try members.optional(BundleName.rangeProof).map {
        try RangeProof(text($0, BundleName.rangeProof))
      }
      var verifier = try BundleVerifier(
        description, checkpoint: checkpoint, note: note, proof: proof)
      while let stamped = try members.stamped() {
        guard verifier.take(stamped) != nil else { continue }
        for one in stamped.timestamps {
          if let problem = await takeTimestamp(one, stamped.text) { verifier.note(problem) }
        }
      }
      var checked: Int64 = 0
      while let entry = try members.entry() {
        verifier.take(entry)
        checked += 1
        if checked % 1_000 == 0 { progress(checked, description.entries) }
      }
      return verifier.finish()
    }
  }

  /// Says of which file it is what goes wrong.
  static func locating<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch { throw located(error, path) }
  }

  private static func locatingLater<Value>(
    _ path: String, _ body: () async throws -> Value
  ) async throws -> Value {
    do { return try await body() } catch { throw located(error, path) }
  }

  private static func located(_ error: any Error, _ path: String) -> any Error {
    if let error = error as? ReadingError {
      return Problem(.badInput, "the file cannot be read: \(error)", at: path)
    }
    guard let problem = error as? Problem, problem.location == nil else { return error }
    return Problem(problem.code, problem.message, at: path, advice: problem.advice)
  }

  static func text(_ bytes: [UInt8], _ name: String) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ReadingError("\(name) is not valid UTF-8")
    }
    return text
  }
}

/// The members of a bundle, one ahead, in the order that they must have.
private struct Members {
  private let archive: TarReader
  private var ahead: (name: String, content: [UInt8])?
  private var isRead = false
  private var lastStamped: Int64 = 0

  init(_ archive: TarReader) { self.archive = archive }

  private mutating func peek() throws -> (name: String, content: [UInt8])? {
    if !isRead {
      ahead = try archive.next()
      isRead = true
    }
    return ahead
  }

  mutating func optional(_ name: String) throws -> [UInt8]? {
    guard let member = try peek(), member.name == name else { return nil }
    isRead = false
    return member.content
  }

  mutating func required(_ name: String) throws -> [UInt8] {
    guard let content = try optional(name) else {
      throw ReadingError("it has no \"\(name)\" where that must stand")
    }
    return content
  }

  /// The next stamped checkpoint with all its files; `nil` where the entries begin.
  mutating func stamped() throws -> StampedCheckpoint? {
    guard let member = try peek(), let size = BundleName.stampedSize(member.name) else {
      return nil
    }
    func text(_ part: String, _ bytes: [UInt8]) throws -> String {
      try BundleFile.text(bytes, BundleName.stamp(size, part))
    }
    let stamped = try text("text", required(BundleName.stamp(size, "text")))
    guard try Checkpoint(body: stamped).size == size, size > lastStamped else {
      throw ReadingError("\(member.name) is of another checkpoint, or not in its place")
    }
    lastStamped = size
    let proof = try text("consistency", required(BundleName.stamp(size, "consistency")))
    var timestamps: [CheckpointTimestamp] = []
    while let next = try peek(), let authority = BundleName.authority(next.name, size: size) {
      guard timestamps.count < 100, !timestamps.contains(where: { $0.authority == authority })
      else { throw ReadingError("\(next.name) stands twice, or there are too many") }
      let token = try required(next.name)
      func further(_ part: String) throws -> String {
        let part = "\(authority).\(part)"
        return try optional(BundleName.stamp(size, part)).map { try text(part, $0) } ?? ""
      }
      timestamps.append(
        CheckpointTimestamp(
          size: size, authority: authority, token: token,
          certificates: try further("certificates.pem"),
          revocationLists: try further("crl.pem")))
    }
    return StampedCheckpoint(
      text: stamped, consistency: try StampedCheckpoint.proof(proof), timestamps: timestamps)
  }

  /// The next entry with all its files; `nil` at the end.
  mutating func entry() throws -> BundleEntry? {
    guard let member = try peek() else { return nil }
    guard let (index, part) = BundleName.entry(member.name), part == .leaf else {
      throw ReadingError("\"\(member.name)\" does not belong where it stands")
    }
    let leaf = try required(BundleName.entry(index, .leaf))
    let salt = try optional(BundleName.entry(index, .salt))
    let envelope = try optional(BundleName.entry(index, .envelope))
    let receipt = try optional(BundleName.entry(index, .receipt))
    guard (salt == nil) == (envelope == nil) else {
      throw ReadingError("entry \(index) has an envelope or a salt without the other")
    }
    var payload: (envelope: [UInt8], salt: [UInt8])?
    if let salt, let envelope {
      let line = try BundleFile.text(salt, BundleName.entry(index, .salt))
      guard line.hasSuffix("\n"), let bytes = Hexadecimal.decode(String(line.dropLast())),
        bytes.count == 32
      else { throw ReadingError("the salt of entry \(index) is not 64 hexadecimal characters") }
      payload = (envelope, bytes)
    }
    return BundleEntry(
      index: index, leaf: leaf, payload: payload,
      receipt: try receipt.map {
        try Receipt(BundleFile.text($0, BundleName.entry(index, .receipt)))
      })
  }
}

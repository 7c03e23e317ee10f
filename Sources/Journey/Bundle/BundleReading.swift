import Blobs
public import Ledger
import Model
import Reading

/// Checks a bundle's file.
public enum BundleFile {
  /// Reads a bundle from beginning to end and checks everything in it.
  ///
  /// - Parameters:
  ///   - verifyCheckpoint: verifies the signed checkpoint by what the auditor trusts, and returns it.
  ///   - progress: is told the entries checked so far, and how many there should be.
  /// - Throws: `Problem` with `badInput` for a file that is no bundle, or what `verifyCheckpoint`
  ///   throws. What is wrong with entries is in the report.
  public static func verify(
    _ path: String, verifyCheckpoint: (String) throws -> Checkpoint,
    progress: (_ checked: Int64, _ all: Int64) -> Void = { _, _ in }
  ) throws -> BundleReport {
    let file = try FileReader(path)
    let archive = TarReader { try file.read($0) }
    return try locating(path) {
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
    do { return try body() } catch let error as ReadingError {
      throw Problem(.badInput, "the file cannot be read: \(error)", at: path)
    } catch let problem as Problem where problem.location == nil {
      throw Problem(problem.code, problem.message, at: path, advice: problem.advice)
    }
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

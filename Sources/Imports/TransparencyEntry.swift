import Attestation
import Ledger
import Model
import Reading

/// An entry of a transparency log (Rekor) as a bundle carries it.
struct TransparencyEntry {
  private struct Inclusion {
    let index: Int64
    let size: Int64
    let root: TreeHash
    let hashes: [TreeHash]
    let checkpoint: String
  }

  private let logID: [UInt8]
  private let index: Int64
  private let integrated: Int64?
  private let promise: [UInt8]?
  private let inclusion: Inclusion?
  private let body: [UInt8]

  /// - Throws: `Problem` with `badInput`.
  init(_ value: JSONValue) throws {
    guard let id = value["logId"]?["keyId"]?.string.flatMap(Base64.decode),
      let index = Self.integer(value["logIndex"]),
      let body = value["canonicalizedBody"]?.string.flatMap(Base64.decode)
    else { throw Problem(.badInput, "an entry of the bundle's log is not of its form") }
    logID = id
    self.index = index
    self.body = body
    let time = Self.integer(value["integratedTime"])
    integrated = time == 0 ? nil : time
    promise = value["inclusionPromise"]?["signedEntryTimestamp"]?.string.flatMap(Base64.decode)
    inclusion = try value["inclusionProof"].map(Self.inclusion)
  }

  private static func inclusion(_ value: JSONValue) throws -> Inclusion {
    func hash(_ value: JSONValue?) -> TreeHash? {
      value?.string.flatMap(Base64.decode).flatMap { TreeHash($0) }
    }
    let list = value["hashes"]?.array ?? []
    let hashes = list.compactMap(hash)
    guard let index = integer(value["logIndex"]), let size = integer(value["treeSize"]),
      let root = hash(value["rootHash"]), hashes.count == list.count,
      let checkpoint = value["checkpoint"]?["envelope"]?.string
    else { throw Problem(.badInput, "a proof of the bundle's log is not of its form") }
    return Inclusion(
      index: index, size: size, root: root, hashes: hashes, checkpoint: checkpoint)
  }

  /// Protobuf's JSON writes 64-bit integers as strings.
  private static func integer(_ value: JSONValue?) -> Int64? {
    value?.integer ?? value?.string.flatMap { Int64($0) }
  }

  /// What an entry has shown.
  struct Shown {
    /// When the log took the entry in, by its signed promise.
    let time: Instant?
    /// Whether the entry is in the log, by a proof to a signed checkpoint.
    let isIncluded: Bool
  }

  /// Checks everything that the entry carries: all of it must hold.
  ///
  /// - Returns: `nil` for an entry of a log that is not among those given.
  /// - Throws: `Problem` with `notTrusted` that says what does not hold.
  func verify(_ bundle: SigstoreBundle, logs: [TrustedRoot.Log]) throws -> Shown? {
    guard let log = logs.first(where: { $0.id == logID }) else { return nil }
    try RekorBody.check(body, is: bundle)
    var time: Instant?
    if let promise, let integrated {
      let object: JSONValue = .object([
        "body": .string(Base64.encode(body)), "integratedTime": .integer(integrated),
        "logID": .string(Hexadecimal.encode(logID)), "logIndex": .integer(index),
      ])
      guard log.key.verify(promise, of: try CanonicalJSON.write(object)) else {
        throw Problem(.notTrusted, "the log's promise is not signed by the log")
      }
      guard integrated > 0, integrated < 1 << 36 else {
        throw Problem(.notTrusted, "the log's time is none")
      }
      let instant = Instant(milliseconds: integrated * 1000)
      guard log.counts(at: instant) else {
        throw Problem(.notTrusted, "the log's key does not count at \(instant)")
      }
      time = instant
    }
    guard let inclusion else { return Shown(time: time, isIncluded: false) }
    guard
      ProofVerifier.isIncluded(
        .leaf(body), at: inclusion.index, size: inclusion.size, proof: inclusion.hashes,
        root: inclusion.root)
    else { throw Problem(.notTrusted, "the proof does not lead the entry to the log's root") }
    try RekorCheckpoint.check(
      inclusion.checkpoint, size: inclusion.size, root: inclusion.root, log: log)
    return Shown(time: time, isIncluded: true)
  }
}

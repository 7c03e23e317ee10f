import Blobs
public import Ledger
public import Model
import Reading
public import Timestamps

/// What a check by a policy file alone found, on a machine that never saw the ledger.
public struct OfflineVerification: Sendable, Encodable {
  /// The log whose checkpoint was verified.
  public let origin: String
  /// Number of entries that the checkpoint covers.
  public let size: Int64
  /// Root of those entries, hexadecimal.
  public let root: String
  /// How the policy's quorum was counted.
  public let quorum: [String]
  /// The index of the entry that a receipt proves; `nil` for a bundle.
  public let entry: Int64?
  /// What the check of a bundle found; `nil` for a receipt.
  public let bundle: BundleReport?
  /// What its timestamps show.
  public let timestamps: [BundleTimestamp]

  private static let receiptForm = "c2sp.org/tlog-proof@v1"

  /// Checks a receipt with its leaf, or a bundle, by the policy file that its reader holds.
  ///
  /// - Parameters:
  ///   - leaf: the entry's leaf, which a receipt is about; a bundle carries its own.
  ///   - trustRoot: the digest of the first trust root's envelope, as its reader was told it.
  ///   - timestampRoots: who is trusted to vouch for time-stamping authorities; without them no
  ///     timestamp is checked.
  ///   - progress: is told the entries checked so far, and how many there should be.
  /// - Throws: `Problem` with `badInput`, `notFound` or `notTrusted`. What is wrong with a bundle's
  ///   entries is in the report.
  public static func verify(
    _ path: String, policy: TrustPolicy, leaf: [UInt8]?, trustRoot: Digest?,
    timestampRoots: TimestampRoots? = nil,
    progress: (_ checked: Int64, _ all: Int64) -> Void = { _, _ in }
  ) async throws -> OfflineVerification {
    let beginning = try FileReader(path).read(receiptForm.utf8.count)
    guard beginning.elementsEqual(receiptForm.utf8) else {
      return try await bundle(
        path, policy: policy, trustRoot: trustRoot, timestampRoots: timestampRoots,
        progress: progress)
    }
    guard let leaf else {
      throw Problem(
        .badInput, "a receipt proves that a leaf is in the log, and no leaf was given", at: path,
        advice: "Name its file with --leaf; an export has it as N.leaf.")
    }
    let receipt = try BundleFile.locating(path) {
      try Receipt(BundleFile.text(InputFile.read(path), "the receipt"))
    }
    let verdict = try policy.verify(SignedNote(receipt.checkpoint))
    guard
      ProofVerifier.isIncluded(
        .leaf(leaf), at: receipt.index, size: verdict.checkpoint.size, proof: receipt.proof,
        root: verdict.checkpoint.root)
    else {
      throw Problem(.notTrusted, "the proof does not lead from the leaf to the root", at: path)
    }
    return OfflineVerification(verdict, entry: receipt.index, bundle: nil, timestamps: [])
  }

  private static func bundle(
    _ path: String, policy: TrustPolicy, trustRoot: Digest?, timestampRoots: TimestampRoots?,
    progress: (_ checked: Int64, _ all: Int64) -> Void
  ) async throws -> OfflineVerification {
    var verdict: PolicyVerdict?
    var timestamps: [BundleTimestamp] = []
    let report = try await BundleFile.verify(
      path,
      verifyCheckpoint: { note in
        let found = try policy.verify(SignedNote(note))
        verdict = found
        return found.checkpoint
      },
      takeTimestamp: { kept, text in
        do {
          timestamps.append(try await BundleTimestamp(kept, of: text, roots: timestampRoots))
          return nil
        } catch {
          return error as? Problem ?? Problem(.badInput, "\(error)")
        }
      }, progress: progress)
    guard let verdict else {
      throw Problem(.internalError, "the bundle's checkpoint was not judged", at: path)
    }
    if let trustRoot, report.trustRoot != trustRoot {
      throw Problem(
        .notTrusted,
        "the first trust root is \(report.trustRoot?.description ?? "not there"), not \(trustRoot)",
        at: path)
    }
    return OfflineVerification(verdict, entry: nil, bundle: report, timestamps: timestamps)
  }

  private init(
    _ verdict: PolicyVerdict, entry: Int64?, bundle: BundleReport?, timestamps: [BundleTimestamp]
  ) {
    self.timestamps = timestamps
    origin = verdict.checkpoint.origin
    size = verdict.checkpoint.size
    root = verdict.checkpoint.root.description
    quorum = verdict.explanation
    self.entry = entry
    self.bundle = bundle
  }
}

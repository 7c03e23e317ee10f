import Foundation
import Ledger
import LedgerSQLite

/// Seconds, and the most memory that this process ever held, for verifying a big ledger.
func verification(_ big: BigLedger, _ scope: VerificationScope) async throws -> String {
  let ledger = try big.open()
  let clock = ContinuousClock()
  let begun = clock.now
  let report = try await ledger.verify(VerificationOptions(scope: scope))
  let seconds = begun.duration(to: clock.now) / .seconds(1)
  guard report.isSound else { return "not sound: \(report.faults[0].message)" }
  let usage = Usage.now
  return "\(report.entries) \(seconds) \(usage.processor) \(usage.memory)"
}

/// Seconds for each of so many inclusion proofs at random places: the median, and the mean with the
/// proof's own verification.
func proofs(_ big: BigLedger, _ count: Int) async throws -> String {
  let ledger = try big.open()
  return try await ledger.read { reader in
    let size = try reader.size()
    let root = try reader.proofs.root(size: size)
    let clock = ContinuousClock()
    var times: [Double] = []
    for _ in 0..<count {
      let index = Int64.random(in: 0..<size)
      let begun = clock.now
      let proof = try reader.proofs.inclusion(of: index, in: size)
      times.append(begun.duration(to: clock.now) / .seconds(1))
      let leaf = TreeHash.leaf(try reader.leaf(index) ?? [])
      precondition(
        ProofVerifier.isIncluded(leaf, at: index, size: size, proof: proof, root: root))
    }
    times.sort()
    return
      "\(size) \(times[count / 2]) \(times.reduce(0, +) / Double(count)) \(times[count * 99 / 100])"
  }
}

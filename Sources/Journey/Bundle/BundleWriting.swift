import Blobs
import Foundation
public import Ledger
public import Model
import Reading

/// What a bundle is to hold.
public enum BundleChoice: Sendable {
  /// Everything that speaks of a release.
  case release(Release)
  /// Everything from the first entry of a period to its last.
  case period(from: Instant, to: Instant)
  /// Everything there is.
  case all
}

extension LedgerHome {
  /// Writes one file with all that is needed to check a release or a period elsewhere: entries,
  /// payloads, proofs, the checkpoint with the signatures that it has, and timestamps.
  ///
  /// - Parameter progress: is told the entries written so far, and how many there are.
  /// - Throws: `Problem` with `notFound` when nothing was recorded, `badInput` when there is a file
  ///   already; then no file is there.
  public func bundle(
    _ choice: BundleChoice, to path: String,
    progress: @Sendable (_ written: Int64, _ all: Int64) -> Void = { _, _ in }
  ) async throws -> BundleDescription {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Problem(.badInput, "there is something already", at: path)
    }
    let plan = try await plan(choice)
    try await DurableStream.write(to: path, mode: 0o644) { stream in
      let archive = TarWriter { try stream.append($0) }
      try archive.add(BundleName.description, CanonicalJSON.write(plan.description))
      try archive.add(BundleName.checkpoint, Array(plan.note.utf8))
      if let proof = plan.proof {
        try archive.add(BundleName.rangeProof, Array(proof.description.utf8))
      }
      for one in plan.stamps {
        try Task.checkCancellation()
        try write(
          await stamped(one, to: plan.description.size), size: one.size, to: archive)
      }
      var written: Int64 = 0
      for number in plan.pages {
        try Task.checkCancellation()
        let page = plan.indices(number)
        for (entry, receipt) in try await content(of: page, plan) {
          try write(entry, receipt: receipt, to: archive)
        }
        written += Int64(page.count)
        progress(written, plan.description.entries)
      }
      try archive.finish()
    }
    return plan.description
  }

  private func content(
    of page: [Int64], _ plan: BundlePlan
  ) async throws -> [(StoredEntry, Receipt?)] {
    let size = plan.description.size
    let note = plan.note
    let range = plan.proof?.range
    let receipts = try await ledger.read { reader in
      try page.map { index -> Receipt? in
        guard range?.contains(index) != true else { return nil }
        return Receipt(
          index: index, proof: try reader.proofs.inclusion(of: index, in: size), checkpoint: note)
      }
    }
    return Array(zip(try await ledger.entries(page), receipts))
  }

  private func write(_ entry: StoredEntry, receipt: Receipt?, to archive: TarWriter) throws {
    let index = entry.index
    try archive.add(BundleName.entry(index, .leaf), entry.leaf)
    if case .lost(let digest) = entry.payload {
      throw Problem(
        .ledgerDamaged, "the payload \(digest) of entry \(index) is not there", at: path)
    }
    if case .present(let envelope, let salt) = entry.payload {
      try archive.add(BundleName.entry(index, .salt), Array("\(Hexadecimal.encode(salt))\n".utf8))
      try archive.add(BundleName.entry(index, .envelope), envelope)
    }
    if let receipt {
      try archive.add(BundleName.entry(index, .receipt), Array(receipt.description.utf8))
    }
  }
}

extension LedgerHome {
  private func write(
    _ stamped: StampedCheckpoint, size: Int64, to archive: TarWriter
  ) throws {
    func add(_ part: String, _ bytes: [UInt8]) throws {
      try archive.add(BundleName.stamp(size, part), bytes)
    }
    try add("text", Array(stamped.text.utf8))
    try add("consistency", Array(StampedCheckpoint.text(of: stamped.consistency).utf8))
    for one in stamped.timestamps {
      try add("\(one.authority).tst", one.token)
      if !one.certificates.isEmpty {
        try add("\(one.authority).certificates.pem", Array(one.certificates.utf8))
      }
      if !one.revocationLists.isEmpty {
        try add("\(one.authority).crl.pem", Array(one.revocationLists.utf8))
      }
    }
  }
}

/// The names in a bundle.
enum BundleName {
  static let description = "bundle.json"
  static let checkpoint = "checkpoint"
  static let rangeProof = "range-proof"

  /// The files of an entry, in the order in which they come.
  enum Part: String, CaseIterable {
    case leaf
    case salt
    case envelope = "dsse.json"
    case receipt = "tlog-proof"
  }

  /// The name of a part of a stamped checkpoint.
  static func stamp(_ size: Int64, _ part: String) -> String { "timestamps/\(size).\(part)" }

  /// The size that a name of a stamped checkpoint's text says; `nil` for another name.
  static func stampedSize(_ name: String) -> Int64? {
    guard name.hasPrefix("timestamps/"), name.hasSuffix(".text"),
      let size = Int64(name.dropFirst(11).dropLast(5)), stamp(size, "text") == name
    else { return nil }
    return size
  }

  /// The authority that the name of a token says; `nil` for another name.
  static func authority(_ name: String, size: Int64) -> String? {
    let begin = stamp(size, "")
    guard name.hasPrefix(begin), name.hasSuffix(".tst") else { return nil }
    let authority = String(name.dropFirst(begin.count).dropLast(4))
    return Actor.isIdentifier(authority) ? authority : nil
  }

  static func entry(_ index: Int64, _ part: Part) -> String {
    "entries/\(index).\(part.rawValue)"
  }

  /// What a name says; `nil` for one that is none of an entry's.
  static func entry(_ name: String) -> (index: Int64, part: Part)? {
    let pieces = name.split(separator: "/", omittingEmptySubsequences: false)
    guard pieces.count == 2, pieces[0] == "entries" else { return nil }
    let halves = pieces[1].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2, let index = Int64(halves[0]),
      let part = Part(rawValue: "\(halves[1])"),
      entry(index, part) == name
    else { return nil }
    return (index, part)
  }
}

import Foundation
import Model
import TestKit
import Testing

@testable import Ledger

@Suite("Reading a leaf in place")
struct LeafScanTests {
  private func leaf(_ random: inout Seeded) throws -> Leaf {
    func hex(_ count: Int) -> String {
      String((0..<count).map { _ in "0123456789abcdef".randomElement(using: &random) ?? "0" })
    }
    let subjects = (0..<Int.random(in: 0..<4, using: &random)).compactMap { _ in
      Digest.Algorithm.allCases.randomElement(using: &random).flatMap {
        Digest($0, hex: hex($0.hexLength))
      }
    }
    return try Leaf(
      entryID: (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) },
      kind: [.step, .trustRoot, EvidenceKind(rawValue: "a.b_c-9")].randomElement(using: &random)
        ?? .step,
      envelope: .sha256("x\(Int.random(in: 0..<99, using: &random))".utf8), subjects: subjects,
      actor: "runner-2", role: .pipeline,
      time: Instant(
        milliseconds: .random(in: -62_167_219_200_000..<253_402_300_800_000, using: &random)))
  }

  @Test("what is written is read again; what is accepted is written as it was")
  func oneForm() throws {
    var random = Seeded(seed: 11)
    var accepted = 0
    for _ in 0..<300 {
      let leaf = try leaf(&random)
      #expect(try Leaf(bytes: leaf.bytes) == leaf)
      for _ in 0..<40 {
        let bytes = random.mutated(leaf.bytes)
        guard let read = try? Leaf(bytes: bytes) else { continue }
        accepted += 1
        #expect(read.bytes == bytes)
      }
    }
    // Other digits in a digest are another leaf of the same form.
    #expect(accepted > 100)
  }

  @Test(
    "only the exact form",
    arguments: [
      ("pratique-leaf/v1", "pratique-leaf/v2"), ("kind step", "kind Step"), ("kind step", "kind "),
      ("kind step", "kind -step"), ("envelope sha256:", "envelope sha255:"),
      ("time 1970-01-01T00:00:01.000Z", "time 1970-02-30T00:00:01.000Z"),
      ("time 1970-01-01T00:00:01.000Z", "time 1970-01-01T00:00:60.000Z"),
      ("time 1970-01-01T00:00:01.000Z", "time 1970-01-01T00:00:01Z"),
      ("time 1970-01-01T00:00:01.000Z", "time 1970-01-01T00:00:01.0000Z"),
      ("time 1970-01-01T00:00:01.000Z", "time 1970-01-01t00:00:01.000z"),
      ("actor a", "actor a\nactor a"), ("subject gitCommit:11", "subject gitCommit:1"),
      ("subject sha256:2", "subject sha256:F"), (".000Z\n", ".000Z\n\n"), (".000Z\n", ".000Z"),
      ("entry 00", "entry 0"), ("actor a", "actor á"), ("role pipeline\n", ""),
    ])
  func refused(part: String, other: String) throws {
    let digests = [
      Digest(.gitCommit, hex: String(repeating: "1", count: 40)),
      Digest(.sha256, hex: String(repeating: "2", count: 64)),
    ].compactMap(\.self)
    let leaf = try Leaf(
      entryID: Array(repeating: 0, count: 16), kind: .step, envelope: digests[1],
      subjects: digests, actor: "a", role: .pipeline, time: Instant(milliseconds: 1_000))
    let text = String(decoding: leaf.bytes, as: UTF8.self)
    #expect(text.contains(part))
    let changed = text.replacingOccurrences(of: part, with: other)
    #expect(throws: Problem(.ledgerDamaged, "")) { try Leaf(bytes: Array(changed.utf8)) }
    let lines = text.split(separator: "\n")
    let swapped = lines.map { $0.hasPrefix("subject") ? lines[$0.contains("git") ? 5 : 4] : $0 }
    #expect(throws: Problem(.ledgerDamaged, "")) {
      try Leaf(bytes: Array(swapped.map { $0 + "\n" }.joined().utf8))
    }
    let doubled = lines.map { $0.hasPrefix("subject") ? lines[4] : $0 }
    #expect(throws: Problem(.ledgerDamaged, "")) {
      try Leaf(bytes: Array(doubled.map { $0 + "\n" }.joined().utf8))
    }
  }
}

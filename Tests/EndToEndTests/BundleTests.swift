import Foundation
import Journey
import Ledger
import Model
import Reading
import TestKit
import Testing

@Suite("Bundles and receipts elsewhere")
struct BundleEndToEndTests {
  private let ward: Ward
  private let policy: String

  init() async throws {
    ward = try await Ward()
    try await ward.makeLedger()
    _ = try await ward.pratique().run([
      "run", "--ledger", ward.ledger, "--repository", ward.repository,
    ])
    let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
    policy = ward.file("auditor.policy")
    try ward.write("auditor.policy", "log \(home.ledger.key.description)\nquorum none\n")
  }

  private func pratique(_ arguments: [String]) async throws -> Program.Result {
    try await ward.pratique().run(arguments)
  }

  /// A bundle's files.
  private func files(_ path: String) throws -> [(name: String, content: [UInt8])] {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let rest = Rest(bytes)
    let reader = TarReader { rest.take($0) }
    var files: [(name: String, content: [UInt8])] = []
    while let file = try reader.next() { files.append(file) }
    return files
  }

  private func write(_ files: [(name: String, content: [UInt8])], _ name: String) throws -> String {
    let rest = Rest([])
    let writer = TarWriter { rest.bytes += $0 }
    for (name, content) in files { try writer.add(name, content) }
    try writer.finish()
    try Data(rest.bytes).write(to: URL(filePath: ward.file(name)))
    return ward.file(name)
  }

  @Test("a bundle of everything, a period and a release verify without the ledger")
  func sound() async throws {
    _ = try await ward.recordRelease()
    let bundles: [(String, [String])] = [
      ("all", ["--all"]), ("period", ["--from", "2000-01-01", "--to", "2100-01-01"]),
      ("release", ["--release", "latest"]),
    ]
    for (name, choice) in bundles {
      let file = ward.file("\(name).bundle")
      let written = try await pratique(
        ["ledger", "bundle", "--ledger", ward.ledger] + choice + [file])
      #expect(written.exitCode == 0, "\(written.errorOutput)")
      try FileManager.default.moveItem(atPath: ward.ledger, toPath: ward.file("away"))
      defer { try? FileManager.default.moveItem(atPath: ward.file("away"), toPath: ward.ledger) }
      let verified = try await pratique(["verify", "--offline", file, "--policy", policy])
      #expect(verified.exitCode == 0, "\(verified.errorOutput)")
      #expect(
        verified.output.contains("cannot show that nothing was left out") == (name == "release"))
      let other = try await pratique([
        "verify", "--offline", file, "--policy", policy, "--trust-root",
        "sha256:" + String(repeating: "0", count: 64),
      ])
      #expect(other.exitCode == 77)
    }
    let again = try await pratique([
      "ledger", "bundle", "--ledger", ward.ledger, "--all", ward.file("all.bundle"),
    ])
    #expect(again.exitCode == 65)
  }

  @Test("whatever is taken out, put in, changed or moved in a bundle of a period is found")
  func tampered() async throws {
    let path = ward.file("all.bundle")
    _ = try await pratique(["ledger", "bundle", "--ledger", ward.ledger, "--all", path])
    let good = try files(path)
    let trust = try TrustPolicy(bytes: [UInt8](Data(contentsOf: URL(filePath: policy))))
    func isSound(_ files: [(name: String, content: [UInt8])]) async throws -> Bool {
      let path = try write(files, "tampered.bundle")
      let found = try await OfflineVerification.verify(
        path, policy: trust, leaf: nil, trustRoot: nil)
      return found.bundle?.isSound == true
    }
    #expect(try await isSound(good))
    for place in good.indices {
      let name = good[place].name
      var files = good
      files.remove(at: place)
      #expect((try? await isSound(files)) != true, "\(name) taken out")
      files.insert(good[place], at: (place + 4) % good.count)
      #expect((try? await isSound(files)) != true, "\(name) moved")
      files = good
      files.insert(good[place], at: place)
      #expect((try? await isSound(files)) != true, "\(name) doubled")
      for byte in stride(
        from: place % 7, to: good[place].content.count,
        by: max(37, good[place].content.count / 2))
      {
        files = good
        files[place].content[byte] ^= 0x01
        #expect((try? await isSound(files)) != true, "byte \(byte) of \(name)")
      }
    }
    // An entry with all its files.
    let leaves = good.filter { $0.name.hasSuffix(".leaf") }
    for leaf in leaves {
      let stem = leaf.name.dropLast("leaf".count)
      #expect((try? await isSound(good.filter { !$0.name.hasPrefix(stem) })) != true, "\(stem)")
    }
  }

  @Test("a receipt proves its leaf by the policy alone, and no other")
  func receipt() async throws {
    let proof = try await pratique(["ledger", "prove", "1", "--ledger", ward.ledger])
    try ward.write("1.tlog-proof", proof.output)
    let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
    for index in [Int64(1), 2] {
      let leaf = try await home.ledger.entries([index])[0].leaf
      try ward.write("\(index).leaf", String(decoding: leaf, as: UTF8.self))
    }
    func verify(_ leaf: String, _ policy: String) async throws -> Int32? {
      try await pratique([
        "verify", "--offline", ward.file("1.tlog-proof"), "--leaf", ward.file(leaf), "--policy",
        policy,
      ]).exitCode
    }
    #expect(try await verify("1.leaf", policy) == 0)
    #expect(try await verify("2.leaf", policy) == 77)
    let text = try String(contentsOfFile: policy, encoding: .utf8)
    let witness =
      "witness w witness.example+c0d6d7d6+BFqOrNoIDAxLMtwNcHGSUXiBzF8aGOxK2ZwvRVZDNvTV\n"
    try ward.write("strict.policy", text.replacing("quorum none\n", with: "\(witness)quorum w\n"))
    #expect(try await verify("1.leaf", ward.file("strict.policy")) != 0)
  }
}

/// Bytes that are read or written.
private final class Rest {
  var bytes: [UInt8]
  private var position = 0
  init(_ bytes: [UInt8]) { self.bytes = bytes }
  func take(_ count: Int) -> [UInt8] {
    let taken = bytes[position..<min(bytes.count, position + count)]
    position += taken.count
    return Array(taken)
  }
}

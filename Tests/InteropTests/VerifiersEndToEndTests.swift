import Foundation
import TestKit
import Testing

/// Other people's programs accept what this program exports, and refuse it when it was changed.
@Suite(.enabled(if: Outsider.missing.isEmpty, "not installed: \(Outsider.missing)"))
struct VerifiersEndToEndTests {
  /// One byte of a file changed where `old` stands.
  private func replace(_ old: String, by new: String, in path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let changed = text.replacingOccurrences(of: old, with: new)
    try #require(changed != text)
    try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// Another payload under the signature that was there.
  private func replacePayload(
    in path: String, _ change: (String) throws -> String
  ) throws {
    let url = URL(fileURLWithPath: path)
    var envelope = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    let encoded = try #require(envelope["payload"] as? String)
    let payload = try #require(Data(base64Encoded: encoded))
    let changed = try change(String(decoding: payload, as: UTF8.self))
    try #require(Data(changed.utf8) != payload)
    envelope["payload"] = Data(changed.utf8).base64EncodedString()
    try JSONSerialization.data(withJSONObject: envelope, options: .withoutEscapingSlashes)
      .write(to: url)
  }

  @Test func securesystemslibVerifiesEveryEnvelope() async throws {
    let release = try await ExportedRelease.shared
    let ended = try await Outsider.verify(
      "envelopes.py", [release.export, release.trusted], home: release.home)
    #expect(ended.isSuccess, "\(ended)")
    for kind in ["trust-root", "source-check", "step", "release", "decision", "provenance"] {
      #expect(ended.output.contains("\(kind) "), "\(ended)")
    }
    #expect(ended.output.contains("sec-1-"), "the approval is signed by its person: \(ended)")
  }

  @Test func securesystemslibRefusesAChangedPayload() async throws {
    let release = try await ExportedRelease.shared
    let copy = try release.copy()
    let index = try release.index(of: "decision")
    try replacePayload(in: copy.file("export/\(index).dsse.json")) {
      $0.replacingOccurrences(of: "\"FAILED\"", with: "\"PASSED\"")
    }
    let ended = try await Outsider.verify(
      "envelopes.py", [copy.file("export"), release.trusted], home: release.home)
    #expect(ended.complaint.contains("WRONG: entry \(index) is not signed by any of the keys"))
  }

  @Test func securesystemslibRefusesSignaturesOfUnknownKeys() async throws {
    let release = try await ExportedRelease.shared
    let keys = try TemporaryFolder()
    let pem = try #require(
      try FileManager.default.contentsOfDirectory(atPath: release.trusted)
        .first { $0.hasPrefix("sec-1") })
    try FileManager.default.copyItem(atPath: "\(release.trusted)/\(pem)", toPath: keys.file(pem))
    let ended = try await Outsider.verify(
      "envelopes.py", [release.export, keys.path], home: release.home)
    #expect(ended.complaint.contains("WRONG: entry 0 is not signed by any of the keys"))
  }

  @Test func inTotoReadsEveryStatementStrictly() async throws {
    let release = try await ExportedRelease.shared
    let ended = try await Outsider.verify("statements.py", [release.export], home: release.home)
    #expect(ended.isSuccess, "\(ended)")

    let copy = try release.copy()
    try replacePayload(in: copy.file("export/2.dsse.json")) {
      $0.replacingOccurrences(of: "{\"_type\"", with: "{\"more\":1,\"_type\"")
    }
    let refused = try await Outsider.verify(
      "statements.py", [copy.file("export")], home: release.home)
    #expect(refused.complaint.contains("WRONG: entry 2 is no in-toto statement"), "\(refused)")
  }

  @Test func pymerkleComputesRootAndInclusion() async throws {
    let release = try await ExportedRelease.shared
    let ended = try await Outsider.verify("tree.py", [release.export], home: release.home)
    #expect(ended.isSuccess, "\(ended)")
    #expect(ended.output.contains("receipts lead to the root"))
  }

  @Test func pymerkleRefusesAChangedLeaf() async throws {
    let release = try await ExportedRelease.shared
    let copy = try release.copy()
    try replace("role pipeline", by: "role developer", in: copy.file("export/3.leaf"))
    let ended = try await Outsider.verify("tree.py", [copy.file("export")], home: release.home)
    #expect(ended.complaint.contains("WRONG: the leaves lead to another root"), "\(ended)")
  }

  @Test func pymerkleRefusesTheReceiptOfAnotherLeaf() async throws {
    let release = try await ExportedRelease.shared
    let copy = try release.copy()
    let other = try String(contentsOfFile: copy.file("export/2.tlog-proof"), encoding: .utf8)
      .replacingOccurrences(of: "index 2\n", with: "index 3\n")
    try Data(other.utf8).write(to: URL(fileURLWithPath: copy.file("export/3.tlog-proof")))
    let ended = try await Outsider.verify("tree.py", [copy.file("export")], home: release.home)
    #expect(
      ended.complaint.contains("WRONG: the receipt of entry 3 does not lead from its leaf"),
      "\(ended)")
  }

  @Test func opensslVerifiesTheCheckpoint() async throws {
    let release = try await ExportedRelease.shared
    let key = "\(release.trusted)/log.vkey"
    let ended = try await Outsider.verify(
      "checkpoint.sh", ["\(release.export)/checkpoint", key], home: release.home)
    #expect(ended.isSuccess, "\(ended)")
    #expect(ended.output.hasPrefix("example-hospital.ledger\n"), "\(ended)")

    let copy = try release.copy()
    let size = try #require(ended.output.split(separator: "\n").dropFirst().first)
    try replace("\n\(size)\n", by: "\n1\n", in: copy.file("export/checkpoint"))
    let refused = try await Outsider.verify(
      "checkpoint.sh", [copy.file("export/checkpoint"), key], home: release.home)
    #expect(!refused.isSuccess)
    #expect(
      (refused.output + refused.complaint).contains("Signature Verification Failure"), "\(refused)")
  }

  @Test func opensslVerifiesAnEnvelope() async throws {
    let release = try await ExportedRelease.shared
    // People's acts bear SSH signatures; what the machine signs is bare, as openssl wants it.
    let index = try release.index(of: "decision")
    var signers: [String] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: release.trusted)
    where name.hasSuffix(".pem") {
      let ended = try await Outsider.verify(
        "envelope.sh", ["\(release.export)/\(index).dsse.json", "\(release.trusted)/\(name)"],
        home: release.home)
      if ended.isSuccess { signers.append("\(release.trusted)/\(name)") }
    }
    #expect(signers.count == 1)
    let key = try #require(signers.first)

    let copy = try release.copy()
    try replacePayload(in: copy.file("export/\(index).dsse.json")) {
      $0.replacingOccurrences(of: "\"slsaVersion\"", with: "\"slsaVersioN\"")
    }
    let refused = try await Outsider.verify(
      "envelope.sh", [copy.file("export/\(index).dsse.json"), key], home: release.home)
    #expect(!refused.isSuccess, "\(refused)")
  }

  @Test func theSaltedDigestNamesTheEnvelope() async throws {
    let release = try await ExportedRelease.shared
    let ended = try await Outsider.verify("payloads.sh", [release.export], home: release.home)
    #expect(ended.isSuccess, "\(ended)")

    let copy = try release.copy()
    let salt = try String(contentsOfFile: copy.file("export/4.salt"), encoding: .utf8)
    let other = (salt.first == "0" ? "1" : "0") + salt.dropFirst()
    try Data(other.utf8).write(to: URL(fileURLWithPath: copy.file("export/4.salt")))
    let refused = try await Outsider.verify(
      "payloads.sh", [copy.file("export")], home: release.home)
    #expect(refused.complaint.contains("entry 4: the envelope is not the one"), "\(refused)")
  }

  @Test func aDecisionNamesTheLedgerAndTheEvidenceItRestsOn() async throws {
    let release = try await ExportedRelease.shared
    let ended = try await Outsider.verify("decisions.py", [release.export], home: release.home)
    #expect(ended.isSuccess, "\(ended)")
    let approval = try release.index(of: "approval")
    #expect(ended.output.contains("rests on #\(approval) approval"), "\(ended)")

    let copy = try release.copy()
    try FileManager.default.removeItem(atPath: copy.file("export/\(approval).dsse.json"))
    let refused = try await Outsider.verify(
      "decisions.py", [copy.file("export")], home: release.home)
    #expect(refused.complaint.contains("which was not there"), "\(refused)")
  }

  @Test func gitVerifiesTheCommitAndRefusesAStranger() async throws {
    let release = try await ExportedRelease.shared
    let index = try release.index(of: "source-check")
    let commit = try #require(try release.lines("subject gitCommit:", of: index).first)
    func verify(_ signers: String) async throws -> Ended {
      try await Outsider.run(
        "git",
        [
          "-C", release.repository, "-c", "gpg.ssh.allowedSignersFile=\(signers)", "verify-commit",
          commit,
        ], home: release.home)
    }
    let ended = try await verify("\(release.trusted)/allowed_signers")
    #expect(ended.isSuccess, "\(ended)")

    let folder = try TemporaryFolder()
    let key = try String(contentsOfFile: "\(release.home)/sol.pub", encoding: .utf8)
    try Data("dana@hospital.example namespaces=\"git\" \(key)".utf8)
      .write(to: URL(fileURLWithPath: folder.file("strangers")))
    let refused = try await verify(folder.file("strangers"))
    #expect(!refused.isSuccess, "\(refused)")
  }
}

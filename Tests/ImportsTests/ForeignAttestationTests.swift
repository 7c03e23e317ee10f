import Foundation
import Model
import Reading
import TestKit
import Testing
import Timestamps

@testable import Imports

/// Attestations that other people's code made, good and bad.
@Suite("Foreign attestations", .serialized)
struct ForeignAttestationRealTests {
  static let subject = Subject(name: "portal", digest: .sha256("x".utf8))
  /// Made once: certificates of it end after some minutes.
  private static let made = Task { try await Self.make() }

  private static func make() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let python = ProcessInfo.processInfo.environment["PRATIQUE_VERIFIERS_PYTHON"] ?? "python3"
    let script = Repository.root.appending(path: "Tests/ImportsTests/make-attestations.py").path
    let program = Program(python, directory: folder.path, outputIn: folder.path)
    try await program.check([script, folder.path, subject.digests[0].hex])
    return folder
  }

  private static let forge = """
    signers:
      - id: forge
        applications: [portal]
        predicates: ["https://slsa.dev/provenance/v1"]
        certificate:
          issuer: https://token.actions.example
          identity: https://forge.example/ward/portal/.github/workflows/release.yml@*
          claims: {source-repository-uri: https://forge.example/ward/portal}
          trusted-root: trusted-root.json

    """
  private static let keyed = """
      - id: pipelines
        applications: [portal]
        predicates:
          - https://slsa.dev/provenance/v1
          - https://slsa.dev/provenance/v0.2
          - https://witness.testifysec.com/attestation-collection/v0.1
          - chainloop.dev/attestation/v0.2
        keys: [signer.pem]

    """

  private static func importing(_ text: String = forge + keyed) async throws -> AttestationImport {
    let folder = try await made.value
    let signers = try ForeignSigners(YAMLReader.read(Array(text.utf8))) {
      Array(try Data(contentsOf: URL(fileURLWithPath: folder.file($0))))
    }
    return try AttestationImport(pinned: signers.bytes()) { response, stamped, chain in
      let verified = try await TimestampToken(granted: response).verify(
        stamps: stamped, roots: TimestampRoots(pem: chain.last ?? ""),
        certificates: chain.joined(separator: "\n"))
      return (verified.time, verified.authority)
    }
  }

  private static func verify(
    _ file: String, by text: String = forge + keyed, application: String = "portal",
    subjects: [Subject] = [subject], time: Instant = TimeSource.system.now()
  ) async throws -> [(attestation: ImportedAttestation, subjects: [Subject], bytes: [UInt8])] {
    let folder = try await made.value
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file(file))))
    return try await importing(text).verify(
      bytes,
      expecting: .init(application: application, subjects: subjects, run: "run", time: time))
  }

  @Test("a bundle holds by its certificate, its log and its time, and says what was not verified")
  func bundle() async throws {
    let found = try await Self.verify("good.json")
    let one = try #require(found.first?.attestation)
    #expect(found.count == 1 && found[0].subjects == [Self.subject])
    #expect(one.form == "sigstore-bundle")
    let signer = try #require(one.signers.first)
    #expect(signer.signer == "forge" && signer.sort == .certificate)
    #expect(signer.issuer == "https://token.actions.example")
    #expect(signer.claims["source-repository-ref"] == "refs/tags/v1")
    #expect(one.signedBy != nil && one.timeSource?.contains("promise") == true)
    #expect(one.facts["builder"] == "https://forge.example/runner")
    #expect(one.verified.contains { $0.contains("SCT") } && one.unverified == [])
    #expect(one.attestation == .sha256(found[0].bytes))
    // The second version of the log gives no time of its own: a time-stamping authority does.
    let second = try #require(try await Self.verify("good-v2.json").first?.attestation)
    #expect(second.timeSource?.contains("stamper") == true)
    let accepted = Self.forge + "      transparency-log: accepted\n"
    let lenient = accepted.replacing("\n\n      transparency", with: "\n          transparency")
    let stamped = try #require(
      try await Self.verify("good-stamped.json", by: lenient).first?.attestation)
    #expect(stamped.timeSource?.contains("stamper") == true)
  }

  @Test("envelopes of other systems hold by a pinned key")
  func envelopes() async throws {
    for (file, form) in [
      ("witness.json", "witness"), ("chainloop.json", "chainloop"),
      ("tekton.json", "tekton-chains"),
    ] {
      let one = try #require(try await Self.verify(file).first?.attestation)
      #expect(one.form == form)
      #expect(one.signers.map(\.signer) == ["pipelines"] && one.signers[0].sort == .key)
      #expect(one.signedBy == nil && !one.unverified.isEmpty && !one.facts.isEmpty)
    }
    #expect(try await Self.verify("lines.jsonl").count == 2)
    // Witness names commits by SHA-1.
    let commit = try #require(Digest(.gitCommit, hex: String(repeating: "a", count: 40)))
    let wanted = Subject(name: "commit:portal", digest: commit)
    #expect(try await Self.verify("witness.json", subjects: [wanted]).first?.subjects == [wanted])
  }

  @Test(
    "what does not hold is refused, with the reason",
    arguments: [
      ("bad-subject", "something else"), ("bad-identity", "no foreign signer"),
      ("bad-issuer", "no foreign signer"), ("bad-claim", "source-repository-uri"),
      ("bad-expired", "not within its certificate's validity"),
      ("bad-early", "not within its certificate's validity"),
      ("bad-authority", "does not lead to an authority"),
      ("bad-purpose", "does not lead to an authority"), ("bad-log", "transparency log"),
      ("bad-no-log", "transparency log"), ("bad-unseen", "transparency timestamp"),
      ("bad-no-time", "nothing that is trusted shows when"),
      ("bad-checkpoint", "checkpoint is not signed"), ("bad-payload", "not signed with"),
      ("bad-promise", "promise is not signed"), ("bad-proof", "does not lead the entry"),
      ("bad-entry", "of another signature"), ("bad-two-signatures", "more than the one signature"),
      ("bad-duplicate", "cannot be read"), ("bad-duplicate-inside", "cannot be read"),
      ("bad-version", "version 0.3"), ("bad-predicate", "no foreign signer may attest"),
      ("bad-stranger", "no key of a foreign signer"), ("bad-type", "not an in-toto statement"),
      ("bad-hdf", "nobody has signed"), ("bad-cut", "cannot be read"),
    ])
  func refused(file: String, reason: String) async throws {
    do {
      _ = try await Self.verify("\(file).json")
      Issue.record("\(file) was taken")
    } catch let problem as Problem {
      #expect(problem.message.contains(reason), "\(file): \(problem)")
    }
  }

  /// Whether Sigstore's own client is there; in CI it must be.
  private static let asksSigstore =
    ProcessInfo.processInfo.environment["PRATIQUE_SIGSTORE_PYTHON"] != nil
    || ProcessInfo.processInfo.environment["CI"] == "true"

  @Test(
    "Sigstore's own client takes the same bundle, and refuses the same ones",
    .enabled(if: asksSigstore))
  func sigstore() async throws {
    let folder = try await Self.made.value
    let python = try #require(ProcessInfo.processInfo.environment["PRATIQUE_SIGSTORE_PYTHON"])
    // What it does not look at, or does not know, is left out: claims, subjects and predicates are
    // the caller's there, and names that stand twice are taken.
    let refused = [
      "bad-identity", "bad-expired", "bad-early", "bad-authority", "bad-purpose", "bad-log",
      "bad-no-log", "bad-unseen", "bad-no-time", "bad-checkpoint", "bad-payload", "bad-promise",
      "bad-proof", "bad-entry", "bad-two-signatures", "bad-version", "bad-cut",
    ]
    let script = Repository.root.appending(path: "Tests/ImportsTests/ask-sigstore.py").path
    let identity = "https://forge.example/ward/portal/.github/workflows/release.yml@refs/tags/v1"
    let files = (["good"] + refused).map { folder.file("\($0).json") }
    let program = Program(python, directory: folder.path, outputIn: folder.path)
    let answers = try await program.check(
      [script, folder.file("trusted-root.json"), identity] + files)
    let lines = answers.split(separator: "\n")
    #expect(lines.first == "good taken")
    #expect(lines.count == files.count)
    for (name, line) in zip(refused, lines.dropFirst()) {
      #expect(line.hasPrefix("\(name) refused: "), "\(line)")
    }
  }

  @Test("the file of foreign signers in the documentation is one")
  func documented() async throws {
    let url = Repository.root.appending(path: "docs/imports.md")
    let text = try String(contentsOf: url, encoding: .utf8)
    let parts = text.components(separatedBy: "```yaml\n")
    let yaml = try #require(parts.dropFirst().first?.components(separatedBy: "```").first)
    let folder = try await Self.made.value
    let signers = try ForeignSigners(YAMLReader.read(Array(yaml.utf8))) { name in
      let file = name == "chains.pem" ? "signer.pem" : name
      return Array(try Data(contentsOf: URL(fileURLWithPath: folder.file(file))))
    }
    #expect(signers.signers.map(\.id) == ["forge", "pipelines"])
    // What is pinned is whole: it is read again without any other file.
    #expect(try ForeignSigners(pinned: signers.bytes()) == signers)
  }

  @Test("a signer's word ends, and reaches no further than the file says")
  func limits() async throws {
    let ended = Self.forge.replacing(
      "    predicates", with: "    until: 2020-01-01\n    predicates")
    for (text, application) in [
      (ended, "portal"), (Self.forge, "other"), ("signers:\n" + Self.keyed, "portal"),
      (Self.forge.replacing("release.yml@*", with: "release.yml@refs/heads/*"), "portal"),
    ] {
      await #expect(throws: Problem.self, "\(text)") {
        _ = try await Self.verify("good.json", by: text, application: application)
      }
    }
    for (old, new) in [
      ("release.yml@*", "rel*"), ("release.yml@*", "*/x"), ("source-repository-uri", "source"),
      ("id: forge", "id: For ge"), ("trusted-root.json", "good.json"),
      ("      claims", "      clams"),
      ("applications: [portal]", "applications: []"),
    ] {
      await #expect(throws: (any Error).self, "\(new)") {
        _ = try await Self.importing(Self.forge.replacing(old, with: new))
      }
    }
  }
}

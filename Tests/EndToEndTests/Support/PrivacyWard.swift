import Foundation
import Journey
import Ledger
import Model
import TestKit
import Testing

/// A ward whose runs leave a marker, as a patient's name would stand there: in a log, in a report,
/// in the payload of a test result, and in copies in the run's folder. Ana may erase, ben may hold,
/// and erase.
struct PrivacyWard {
  /// What must be gone.
  static let marker = "Marker-4711-Quillfeather"

  let ward: Ward

  init() async throws {
    ward = try await Ward(pipeline: Self.pipeline)
    try ward.write(
      "trust.yaml",
      WardFiles.trust
        .replacing("keys: [keys/ana.pub]", with: "keys: [keys/ana.pub]\n    may: [erase]")
        .replacing("keys: [keys/ben.pub]", with: "keys: [keys/ben.pub]\n    may: [hold, erase]"))
    try ward.write("marks/note", "patient \(Self.marker) called\n")
    try ward.write(
      "marks/unit.xml",
      "<testsuite name=\"u\" tests=\"1\"><testcase classname=\"c\" name=\"\(Self.marker) \(Self.marker)"
        + " \(Self.marker)\"/></testsuite>")
    try await ward.makeLedger()
  }

  private static let pipeline = """
    version: 1
    application: {name: ward-app, handles-phi: true}
    stages:
      check:
        steps:
          unit:
            run: |
              mkdir -p reports
              cp "$MARKS/unit.xml" reports/unit.xml
              cat "$MARKS/note"
            environment: {pass: [MARKS]}
            reports:
              - {path: reports/unit.xml, format: junit, kind: test-result, suite: unit}

    """

  /// Runs the pipeline; its id.
  @discardableResult
  func run(_ ledger: String? = nil) async throws -> String {
    let result = try await ward.pratique().run(
      ["run", "--ledger", ledger ?? ward.ledger, "--repository", ward.repository])
    #expect(result.exitCode == 0, "\(result.errorOutput)")
    return try #require(Announcements(result.errorOutput).run)
  }

  /// The commit's digest, as the command line takes it.
  func commit() async throws -> String {
    var git = ward.program("git")
    git.directory = ward.repository
    let text = try await git.check(["rev-parse", "HEAD"])
    return "gitCommit:\(text.filter { !$0.isWhitespace })"
  }

  /// Runs a command of `ledger` with somebody's key.
  func ledger(
    _ words: [String], as person: String? = nil, at ledger: String? = nil
  ) async throws -> Program.Result {
    let key = person.map { ["--key", ward.key($0)] } ?? []
    return try await ward.pratique().run(
      ["ledger"] + words + key + ["--ledger", ledger ?? ward.ledger])
  }

  /// The indices of all entries of a kind.
  func indices(_ kind: EvidenceKind) async throws -> [Int64] {
    let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
    let found = try await home.ledger.read { try $0.indices(kind: kind) }
    try home.ledger.close()
    return found
  }

  /// The files of a ledger's folder in whose bytes the marker stands, in the clear, in base64, or
  /// compressed.
  func places(_ ledger: String? = nil) async throws -> [String] {
    let folder = ledger ?? ward.ledger
    var found: [String] = []
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
      let path = "\(folder)/\(name)"
      var bytes = FileManager.default.contents(atPath: path) ?? Data()
      if name.hasSuffix(".gz") {
        let output = ward.file("expanded")
        try await ward.program("sh").check(["-c", "gunzip -c '\(path)' > '\(output)'"])
        bytes = FileManager.default.contents(atPath: output) ?? Data()
      }
      if Self.needles.contains(where: { bytes.range(of: $0) != nil }) { found.append(name) }
    }
    return found
  }

  /// The forms in which the marker may stand: at each place in a group of three, base64 shows it
  /// otherwise.
  private static let needles: [Data] =
    [Data(marker.utf8)]
    + (0..<3).map { offset in
      let padded = Array(repeating: UInt8(0x20), count: offset) + Array(marker.utf8)
      let encoded = Array(Data(padded).base64EncodedString().utf8)
      return Data(encoded[4..<(encoded.count - 4)])
    }
}

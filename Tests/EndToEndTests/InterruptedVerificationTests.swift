import Foundation
import TestKit
import Testing

/// `pratique ledger verify` that is interrupted, and goes on.
@Suite("A verification that is interrupted", .serialized)
struct InterruptedVerificationEndToEndSerial {

  @Test(
    "says where it stands, ends with 130, and --resume finishes; the report says what that shows")
  func interrupted() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    try await ward.fill(2_000)
    let state = ward.file("verify.state")
    let words = ["ledger", "verify", "--ledger", ward.ledger, "--state", state]
    let clock = ContinuousClock()
    let begun = clock.now
    let whole = try await ward.pratique().check(words)
    var usual = begun.duration(to: clock.now)
    #expect(whole.contains("nothing is wrong"))
    #expect(!FileManager.default.fileExists(atPath: state), "it came to its end")
    let missing = try await ward.pratique().run(words + ["--resume"])
    #expect(missing.exitCode == 66)
    var said = ""
    // The machine's pace changes: what comes too late comes earlier the next time, and what comes
    // before anything was checked, later.
    for _ in 0..<40 where !FileManager.default.fileExists(atPath: state) {
      let verifying = try ward.pratique().start(words)
      try await Task.sleep(for: usual * 0.6)
      verifying.kill(SIGINT)
      let ending = try await verifying.ending()
      said = verifying.errorOutput
      if ending == .exited(0) {
        usual = usual * 0.85
      } else {
        #expect(ending == .exited(130))
        usual = usual * 1.15
      }
    }
    #expect(said.contains("interrupted after") && said.contains("--resume"), "\(said)")
    #expect(said.contains(state))
    let resumed = try await ward.pratique().check(words + ["--resume"])
    #expect(resumed.contains("not checked: in this run, the first"))
    #expect(resumed.contains("nothing is wrong with the rest"))
    #expect(resumed.split(separator: "\n").first == whole.split(separator: "\n").first)
    #expect(!FileManager.default.fileExists(atPath: state))
    let hashes = try await ward.pratique().check(words + ["--hashes-only"])
    #expect(hashes.contains("not checked: signatures of evidence"))
  }
}

import Foundation
import Model
import TestKit
import Testing

/// Keys behind PKCS #11 and keys with a passphrase, by the command line.
@Suite("Keys on tokens and under passphrases", .serialized)
struct LockedKeysEndToEndSerial {
  private func token() async throws -> SoftHSM {
    let hsm = try SoftHSM()
    try await hsm.makeToken("ledger")
    try await hsm.makeKey("EC:edwards25519", label: "log", id: "01", token: "ledger")
    try await hsm.makeKey("EC:edwards25519", label: "log-2", id: "02", token: "ledger")
    try await hsm.makeKey("EC:prime256v1", label: "machine", id: "03", token: "ledger")
    return hsm
  }

  @Test("log and machine sign on the token; openssl verifies; without the token nothing is signed")
  func tokens() async throws {
    let hsm = try await token()
    let ward = try await Ward()
    var pratique = ward.pratique()
    pratique.environment["SOFTHSM2_CONF"] = hsm.configuration
    let ledger = ["--ledger", ward.ledger]
    var refusal = Refusal(ward)
    refusal.program = pratique
    let initialise = ["ledger", "init", "--trust", ward.trust] + ledger
    try await refusal.expect(
      .badInput, ["must be Ed25519"],
      initialise + ["--log-key", hsm.uri("machine", token: "ledger")])
    let wrong = hsm.uri("log", token: "ledger").replacingOccurrences(
      of: "file:\(hsm.pinFile)", with: "file:\(ward.file("wrong-pin"))")
    try ward.writeSecret("wrong-pin", "000000")
    try await refusal.expect(.notTrusted, ["wrong-pin", "PIN"], initialise + ["--log-key", wrong])
    #expect(!FileManager.default.fileExists(atPath: ward.ledger))
    try await pratique.check(
      initialise + [
        "--log-key", hsm.uri("log", token: "ledger"), "--machine-key",
        hsm.uri("machine", token: "ledger"),
      ])
    try await pratique.check(["run", "--repository", ward.repository] + ledger)
    try await pratique.check(["ledger", "verify"] + ledger)
    try await checkpointVerifies(ward)
    let doctor = try await pratique.run(["doctor"] + ledger)
    #expect(doctor.output.contains("there     token of keys/log: ledger"), "\(doctor.output)")
    // From one key of the token to another, and then into a file with a passphrase.
    try await pratique.check(
      ["ledger", "rotate-key", "--reason", "x", "--to", hsm.uri("log-2", token: "ledger")]
        + ledger)
    // The token is gone: one clear error, and nothing is recorded.
    try hsm.takeOut()
    let words = ["the token ledger is not there"]
    try await refusal.expect(.notFound, words, ["run", "--repository", ward.repository] + ledger)
    try await refusal.expect(
      .notFound, words, ["ledger", "rotate-key", "--reason", "x"] + ledger)
    let missing = try await pratique.run(["doctor"] + ledger)
    #expect(missing.output.contains("MISSING   token of keys/log"), "\(missing.output)")
    try await pratique.check(["ledger", "verify"] + ledger)
    try hsm.putBack()
    try await pratique.check(["run", "--repository", ward.repository] + ledger)
    // Who can write the file that names the module could load another one.
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o666], ofItemAtPath: "\(ward.ledger)/keys/log.uri")
    try await refusal.expect(
      .notTrusted, ["can be written by others"], ["run", "--repository", ward.repository] + ledger)
  }

  /// The founding log key, as `openssl` sees it.
  private func checkpointVerifies(_ ward: Ward) async throws {
    let export = ward.file("export")
    try await ward.ledger("export", "--to", export)
    let script = Repository.root.appending(path: "scripts/verify/checkpoint.sh").path
    let said = try await ward.program("bash").check(
      [script, "\(export)/checkpoint", "\(export)/log.vkey"])
    #expect(said.hasPrefix("ward.ledger\n"))
  }

  @Test("the ledger's own keys under a passphrase: from a file that a variable names")
  func passphrases() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    try ward.writeSecret("pass", "correct horse battery")
    try ward.writeSecret("short", "horse")
    try ward.writeSecret("wrong", "incorrect horse battery")
    let refusal = Refusal(ward)
    let log = "\(ward.ledger)/keys/log.pem"
    func lock(_ file: String) -> [String] {
      ["key", "passphrase", log, "--new-passphrase-file", ward.file(file)]
    }
    try await refusal.expect(.badInput, ["at least 12 bytes"], lock("short"))
    try await ward.pratique().check(lock("pass"))
    let run = ["run", "--repository", ward.repository, "--ledger", ward.ledger]
    try await refusal.expect(.badInput, [log, "passphrase"], run)
    var program = ward.pratique()
    program.environment["PRATIQUE_PASSPHRASE_FILE"] = ward.file("wrong")
    var locked = refusal
    locked.program = program
    try await locked.expect(.notTrusted, [log, "does not open"], run)
    program.environment["PRATIQUE_PASSPHRASE_FILE"] = ward.file("pass")
    try await program.check(run)
    try await program.check(
      ["ledger", "rotate-key", "--reason", "x", "--passphrase", "--ledger", ward.ledger])
    #expect(try String(contentsOfFile: log, encoding: .utf8).contains("BEGIN ENCRYPTED"))
    try await program.check(run)
    try await ward.pratique().check(
      ["key", "passphrase", log, "--passphrase-file", ward.file("pass"), "--remove"])
    try await ward.pratique().check(run)
  }

  @Test("a person signs with a locked key: from a file, a descriptor, or asked on the terminal")
  func people() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    try ward.writeSecret("pass", "correct horse battery")
    let change = ward.file("change.json")
    try await ward.pratique().check(
      ["trust", "propose", ward.trust, "--to", change, "--ledger", ward.ledger])
    try await ward.pratique().check(
      ["key", "new", ward.key("cleo"), "--passphrase-file", ward.file("pass")])
    let sign = ["trust", "sign", change, "--key", ward.key("cleo")]
    try await Refusal(ward).expect(.badInput, [ward.key("cleo"), "passphrase"], sign)
    try await ward.pratique().check(sign + ["--passphrase-file", ward.file("pass")])
    // A key that ssh and git use is not turned into what they cannot read, unless it is said.
    let convert = [
      "key", "passphrase", ward.key("ben"), "--new-passphrase-file", ward.file("pass"),
    ]
    let before = FileManager.default.contents(atPath: ward.key("ben"))
    try await Refusal(ward).expect(.badInput, ["OpenSSH", "--convert"], convert)
    #expect(FileManager.default.contents(atPath: ward.key("ben")) == before)
    try await ward.pratique().check(convert + ["--convert"])
    try await ward.pratique().check(
      ["trust", "sign", change, "--key", ward.key("ben"), "--passphrase-file", ward.file("pass")])
    let quoted = ([ward.command] + sign).joined(separator: " ")
    try await ward.program("bash").check([
      "-c", "\(quoted) --passphrase-file /dev/fd/3 3<<<'correct horse battery'",
    ])
    // `script` gives the command a terminal, on which nothing of the passphrase may be seen.
    let typed = try await ward.program("bash").check([
      "-c",
      "(sleep 1; echo 'correct horse battery'; sleep 1) | script -qec '\(quoted)' /dev/null",
    ])
    #expect(typed.contains("passphrase of \(ward.key("cleo"))"), "\(typed)")
    #expect(typed.contains("signed"), "\(typed)")
    #expect(!typed.contains("horse"), "\(typed)")
  }
}

import Foundation
import Hummingbird
import HummingbirdTesting
import Ledger
import Model
import NIOCore
import Server
import TestKit
import Testing

/// The commands of a ledger's operator, an auditor and a witness's operator, together.
@Suite("Ledger, witness and auditor", .serialized)
struct LedgerWitnessEndToEndTests {
  let ward: Ward
  let pratique: Program
  let key: String

  init() async throws {
    ward = try await Ward()
    try await ward.makeLedger()
    pratique = ward.pratique()
    // As an outsider gets it.
    let export = ward.file("key-export")
    try await pratique.check(["ledger", "export", "--entries", export, "--ledger", ward.ledger])
    key = try Program.read("\(export)/log.vkey")
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func witness() async throws -> (folder: WitnessFolder, serving: Spawned, port: Int) {
    let path = ward.file("witness")
    try await pratique.check(["witness", "init", "--witness", path, "--name", "w.example/1"])
    try await pratique.check(["witness", "add-log", "--witness", path, key])
    let serving = try pratique.start(["witness", "serve", "--witness", path, "--port", "0"])
    return (try WitnessFolder.open(at: path), serving, try await serving.port())
  }

  @Test("a cosigned ledger is trusted, one that is not says so, and a fork is shouted")
  func together() async throws {
    let (folder, serving, port) = try await witness()
    let line = "witness w \(folder.key)"
    try ward.write("ledger/witnesses", "\(line) http://127.0.0.1:\(port)/\nquorum w\n")
    try ward.write("auditor.policy", "log \(key)\n\(line)\nquorum w\n")
    let auditing = [
      "ledger", "verify", "--ledger", ward.ledger, "--policy", ward.file("auditor.policy"),
    ]
    let before = try await pratique.run(auditing)
    #expect(before.exitCode == 77)
    #expect(before.output.hasPrefix("NOT WITNESSED ENOUGH: the checkpoint of 1 entries has 0 of 1"))

    let cosigned = try await pratique.run(["ledger", "cosign", "--ledger", ward.ledger])
    #expect(cosigned.exitCode == 0, "\(cosigned.errorOutput)")
    #expect(cosigned.output.contains("1 of 1 cosignatures: enough"))
    #expect(try await pratique.check(auditing).hasPrefix("witnessed: 1 of 1"))
    let note = try SignedNote(
      try await pratique.check(["ledger", "show", "--checkpoint", "--ledger", ward.ledger]))
    #expect(try note.verify(with: [folder.key]) == [folder.key])
    let copy = try ward.copyLedger("copy")

    // A run asks by itself; without the witness it ends as well, and says what is missing.
    let running = ["run", "--ledger", ward.ledger, "--repository", ward.repository]
    let run = try await pratique.run(running)
    #expect(run.exitCode == 0, "\(run.errorOutput)")
    #expect(run.errorOutput.contains("cosignatures: enough"))
    serving.kill(SIGTERM)
    #expect(try await serving.ending() == .exited(0))
    let alone = try await pratique.run(running + ["--witness-seconds", "1"])
    #expect(alone.exitCode == 0, "\(alone.errorOutput)")
    #expect(alone.errorOutput.contains("NOT ENOUGH"))
    #expect(try await pratique.run(auditing).exitCode == 77)
    #expect(
      try await pratique.run(["ledger", "cosign", "--ledger", ward.ledger, "--seconds", "1"])
        .exitCode == 75)

    // The copy from before goes on otherwise, under the same key.
    let again = try pratique.start([
      "witness", "serve", "--witness", folder.path, "--port", String(port),
    ])
    _ = try await again.port()
    let forked = try await pratique.run([
      "run", "--ledger", copy, "--repository", ward.repository,
    ])
    #expect(forked.exitCode == 76, "\(forked.errorOutput)")
    #expect(forked.errorOutput.contains("CONTRADICTION: w: "))
    let shouted = try await pratique.run(["ledger", "cosign", "--ledger", copy])
    #expect(shouted.exitCode == 76)
    #expect(shouted.output.hasPrefix("CONTRADICTION: w: "))
    #expect(
      try await pratique.run(["ledger", "cosign", "--ledger", ward.ledger]).exitCode == 0)
  }

  @Test("a real authority stamps a checkpoint over HTTP and through files, and openssl agrees")
  func timestamps() async throws {
    let authority = try await StampingAuthority(ward)
    try await authority.application().test(.live) { client in
      let port = try #require(client.port)
      try ward.write(
        "ledger/timestamping.yaml",
        """
        authorities:
          - name: example
            url: http://127.0.0.1:\(port)/
            roots: \(ward.file("tsa/ca.pem"))
            revocation-lists: [http://127.0.0.1:\(port)/crl]
        """)
      // Lists and stamps count in seconds: the stamp is to come in a later one than the list.
      try await Task.sleep(for: .milliseconds(1100))
      let stamped = try await pratique.run(["ledger", "timestamp", "--ledger", ward.ledger])
      #expect(stamped.exitCode == 0, "\(stamped.errorOutput)")
      #expect(stamped.output.contains("the checkpoint of 1 entries was there at"))
      // A list from before the stamp cannot say whether the certificate was good; the next one can.
      #expect(stamped.output.contains("revocation not known"))
      try await Task.sleep(for: .milliseconds(1100))
      try await authority.issueList()
      let refreshed = try await pratique.run([
        "ledger", "timestamp", "--refresh", "--ledger", ward.ledger,
      ])
      #expect(refreshed.output.contains("not revoked by the kept lists"), "\(refreshed)")
    }
    // The server is gone, and the last checkpoint is another one: the way through files.
    try ward.write(
      "ledger/timestamping.yaml",
      "authorities:\n  - name: files\n    roots: \(ward.file("tsa/ca.pem"))\n"
        + "  - name: example\n    roots: \(ward.file("tsa/ca.pem"))\n")
    let (query, reply) = (ward.file("q.tsq"), ward.file("r.tsr"))
    let files = ["ledger", "timestamp", "--ledger", ward.ledger, "--query", query]
    try await pratique.check(files)
    try authority.reply(to: query, reply)
    let taking = files + ["--reply", reply, "--authority", "files"]
    try await pratique.check(taking)
    // The answer to another question is not taken.
    try await pratique.check(files)
    #expect(try await pratique.run(taking).exitCode == 77)

    let shown = try await pratique.check(["ledger", "timestamp", "--show", "--ledger", ward.ledger])
    #expect(shown.split(separator: "\n").count == 2)
    #expect(
      try await pratique.check(["ledger", "verify", "--ledger", ward.ledger]).contains(
        "nothing is wrong"))
    let export = ward.file("export")
    try await pratique.check(["ledger", "export", "--entries", export, "--ledger", ward.ledger])
    for name in ["example", "files"] {
      let said = try await authority.openssl.check([
        "ts", "-verify", "-data", "\(export)/checkpoint-1.text", "-in",
        "\(export)/checkpoint-1.\(name).tst", "-token_in", "-CAfile", ward.file("tsa/ca.pem"),
      ])
      #expect(said.contains("Verification: OK"))
    }
    try await authority.openssl.check([
      "crl", "-in", "\(export)/checkpoint-1.example.crl.pem", "-CAfile", ward.file("tsa/ca.pem"),
      "-noout",
    ])
    try await bundled(authority)
  }

  /// A bundle carries the stamps of the checkpoint before; the auditor brings the roots.
  private func bundled(_ authority: StampingAuthority) async throws {
    try await pratique.check(["run", "--ledger", ward.ledger, "--repository", ward.repository])
    try ward.write("auditor.policy", "log \(key)\nquorum none\n")
    let bundle = ward.file("stamped.bundle")
    try await pratique.check(["ledger", "bundle", "--ledger", ward.ledger, "--all", bundle])
    let checking = [
      "verify", "--offline", bundle, "--policy", ward.file("auditor.policy"),
    ]
    let unchecked = try await pratique.check(checking)
    #expect(unchecked.components(separatedBy: "NOT SHOWN: not checked").count == 3)
    let trusting = checking + ["--timestamp-roots", ward.file("tsa/ca.pem")]
    let shown = try await pratique.check(trusting)
    #expect(
      shown.components(separatedBy: "the checkpoint of 1 entries was there at").count == 3,
      "\(shown)")
    #expect(shown.contains("not revoked by the kept lists"))
    try await authority.openssl.check([
      "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "other.key", "-out", "other.pem",
      "-subj", "/CN=Other", "-days", "30",
    ])
    let others = try await pratique.run(
      checking + ["--timestamp-roots", ward.file("tsa/other.pem")])
    #expect(others.exitCode == 77 && others.errorOutput.contains("no timestamp in it"))

    // As other people's programs take it apart.
    let apart = ward.file("apart")
    try ward.makeFolder("apart")
    try await ward.program("tar").check(["-xf", bundle, "-C", apart])
    let said = try await authority.openssl.check([
      "ts", "-verify", "-data", "\(apart)/timestamps/1.text", "-in",
      "\(apart)/timestamps/1.example.tst", "-token_in", "-CAfile", ward.file("tsa/ca.pem"),
    ])
    #expect(said.contains("Verification: OK"))

    let script = Repository.root.appending(path: "scripts/verify/bundle.py").path
    let led = try await ward.program("python3").check([script, apart])
    #expect(led.contains("and 1\nstamped checkpoints lead to the root"), "\(led)")

    let good = try Data(contentsOf: URL(fileURLWithPath: bundle))
    for (name, byte) in [("1.text", 15), ("1.consistency", 3), ("1.example.tst", 90)] {
      let header = try #require(good.range(of: Data("timestamps/\(name)\0".utf8)))
      var bad = good
      bad[header.lowerBound + 512 + byte] ^= 1
      try bad.write(to: URL(fileURLWithPath: bundle))
      let found = try await pratique.run(trusting)
      #expect(
        found.exitCode != 0 || found.output.contains("NOT SHOWN"), "\(name): \(found.output)")
      #expect(found.exitCode != 0 || name.hasSuffix("tst"), "\(name): \(found.output)")
    }
  }
}

/// `openssl ts -reply` behind HTTP (RFC 3161, section 3.4).
private struct StampingAuthority {
  let openssl: Program
  private let folder: String

  init(_ ward: Ward) async throws {
    folder = ward.file("tsa")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    openssl = Program("openssl", directory: folder, outputIn: folder)
    try await openssl.check([
      "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
      "-subj", "/CN=Root", "-days", "30", "-addext", "basicConstraints=critical,CA:TRUE",
      "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    ])
    try Program.write(
      "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n",
      "\(folder)/ext")
    try await openssl.check([
      "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr",
      "-subj", "/CN=Stamps",
    ])
    try await openssl.check([
      "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
      "-days", "20", "-extfile", "ext", "-out", "tsa.pem",
    ])
    try Program.write(
      """
      [tsa]
      default_tsa = it
      [it]
      serial = serial
      crypto_device = builtin
      signer_cert = tsa.pem
      certs = tsa.pem
      signer_key = tsa.key
      signer_digest = sha256
      default_policy = 1.2.3.4.1
      digests = sha256
      accuracy = secs:1
      ess_cert_id_alg = sha256
      [ca]
      default_ca = list
      [list]
      database = index
      crlnumber = number
      default_md = sha256
      certificate = ca.pem
      private_key = ca.key
      """, "\(folder)/cnf")
    try Program.write("", "\(folder)/index")
    try Program.write("01\n", "\(folder)/number")
    try await issueList()
  }

  /// Issues a revocation list in which nobody is.
  func issueList() async throws {
    try await openssl.check(["ca", "-config", "cnf", "-gencrl", "-crldays", "30", "-out", "crl"])
  }

  /// Writes the answer to a question.
  func reply(to query: String, _ reply: String) throws {
    let done = Process()
    done.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    done.currentDirectoryURL = URL(fileURLWithPath: folder)
    done.arguments = ["ts", "-reply", "-config", "cnf", "-queryfile", query, "-out", reply]
    try done.run()
    done.waitUntilExit()
  }

  func application() -> some ApplicationProtocol {
    let router = Router()
    router.post("/") { request, _ in
      let body = try await request.body.collect(upTo: 10_000)
      let (query, reply) = ("\(folder)/\(UUID()).tsq", "\(folder)/\(UUID()).tsr")
      try Data(body.readableBytesView).write(to: URL(fileURLWithPath: query))
      try self.reply(to: query, reply)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: reply))
      return Response(
        status: .ok, headers: [.contentType: "application/timestamp-reply"],
        body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
    router.get("/crl") { _, _ in try Program.read("\(folder)/crl") }
    return Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)))
  }
}

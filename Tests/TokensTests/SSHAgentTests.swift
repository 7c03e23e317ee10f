import Attestation
import Foundation
import Model
import TestKit
import Testing
import Tokens

@Suite("Keys that an SSH agent holds")
struct SSHAgentTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var socket: String { folder.file("agent") }

  /// Runs an agent while the body lasts.
  private func agent(_ body: () throws -> Void) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["ssh-agent", "-D", "-a", socket]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
      // It inherits a mask under which it never hears of SIGTERM.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let deadline = Date().addingTimeInterval(20)
    while (try? SSHAgent(socket: socket).identities()) == nil, Date() < deadline { usleep(20_000) }
    try body()
  }

  private func run(_ program: String, _ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["SSH_AUTH_SOCK": socket]) {
      $1
    }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  private func add(_ type: String) throws -> PublicKey {
    let file = folder.file(type)
    #expect(try run("ssh-keygen", "-q", "-t", type, "-N", "", "-f", file) == 0)
    #expect(try run("ssh-add", "-q", file) == 0)
    return try PublicKey(text: String(contentsOfFile: "\(file).pub", encoding: .utf8))
  }

  @Test("they sign acts; which key is said when there are several; a locked agent refuses")
  func signs() throws {
    try agent {
      let agent = try SSHAgent(socket: socket)
      #expect(throws: Problem(.notFound, "")) { try agent.signer(nil) }
      let first = try add("ed25519")
      func check(_ signer: Signer, _ key: PublicKey) throws {
        let signed = try Envelope(signing: [1, 2, 3], by: [signer])
        #expect(signed.verifyingKeys(among: [key]) == [key])
      }
      try check(agent.signer(nil), first)
      let second = try add("ecdsa")
      #expect(throws: Problem(.badInput, "")) { try agent.signer(nil) }
      try check(agent.signer(first), first)
      try check(agent.signer(second), second)
      #expect(throws: Problem(.notFound, "")) {
        try agent.signer(PrivateKey.generate().publicKey)
      }
      let signer = try agent.signer(first)
      #expect(try run("ssh-add", "-q", "-D") == 0)
      #expect(throws: Problem(.notTrusted, "")) { try signer.sign([1]) }
    }
  }

  @Test("where no agent is, that is said")
  func absent() throws {
    #expect(throws: Problem(.notFound, "")) { try SSHAgent(socket: nil) }
    #expect(throws: Problem(.notFound, "")) {
      try SSHAgent(socket: folder.file("none")).identities()
    }
    let long = folder.file(String(repeating: "a", count: 200))
    #expect(throws: Problem(.badInput, "")) { try SSHAgent(socket: long).identities() }
  }
}

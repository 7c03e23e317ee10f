import Attestation
import Foundation
import Hummingbird
import HummingbirdTesting
import Ledger
import Model
import NIOCore
import Reading
import Server
import TestKit
import Testing

@Suite("Witness vectors over HTTP", .enabled(if: Vectors.isWanted))
struct WitnessVectorTests {
  @Test("the vector's request is answered byte for byte as the vector has it")
  func byteForByte() async throws {
    let vector = try JSONReader.read(Vectors.bytes("tlog-text/cosignature.json"))
    func text(_ name: String) throws -> String { try #require(vector[name]?.string) }
    func key(_ name: String) throws -> PrivateKey {
      try PrivateKey(seed: try #require(Hexadecimal.decode(try text(name)[...])))
    }
    let log = try NoteKey(text("logVkey"))
    let folder = try TemporaryFolder()
    let path = folder.file("w")
    var witness = try WitnessFolder.create(at: path, name: NoteKey(text("witnessVkey")).name)
    try FileManager.default.removeItem(atPath: "\(path)/key.pem")
    #expect(
      FileManager.default.createFile(
        atPath: "\(path)/key.pem", contents: Data(try key("witnessSeed").pem.utf8),
        attributes: [.posixPermissions: 0o600]))
    try Program.write(text("witnessVkey") + "\n", "\(path)/witness.vkey")
    witness = try await WitnessFolder.open(at: path).adding(log: log)
    let harness = try await WitnessHarness(
      witness, time: .fixed(Instant(milliseconds: 1_700_000_000_999)))

    // The vector's witness holds two entries already.
    var range = CompactRange()
    for entry in try #require(vector["entries"]?.array).prefix(2) {
      range.append(.leaf(Array(try #require(entry.string).utf8))) { _, _ in }
    }
    let two = try Checkpoint(origin: log.name, size: 2, root: range.root)
      .sign(by: key("logSeed").signer)
    let first = try WitnessRequest(oldSize: 0, proof: [], note: two).description
    let request = try text("addCheckpointRequest")
    let expected = try text("addCheckpointResponse")
    let cosigned = try text("cosignedCheckpoint")
    let application = Application(router: harness.router())
    try await application.test(.router) { client in
      func post(_ body: String) async throws -> String {
        try await client.execute(
          uri: "/add-checkpoint", method: .post, body: ByteBuffer(string: body)
        ) {
          #expect($0.status == .ok)
          return String(buffer: $0.body)
        }
      }
      _ = try await post(first)
      #expect(try await post(request) == expected)
      let held = try await client.execute(
        uri: "/\(WitnessState.identifier(origin: log.name))/checkpoint", method: .get
      ) { String(buffer: $0.body) }
      #expect(held == cosigned)
    }
  }
}

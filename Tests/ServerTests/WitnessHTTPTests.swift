import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import Model
import NIOCore
import Server
import TestKit
import Testing

/// The same conversation with the router alone, and over a socket.
@Suite("Witness over HTTP")
struct WitnessHTTPTests {
  let folder: TemporaryFolder
  let log: LyingLog
  let witness: WitnessFolder

  init() async throws {
    folder = try TemporaryFolder()
    log = try LyingLog(origin: "ledger.example/a", size: 40, forkAt: 10)
    witness = try await WitnessFolder.create(at: folder.file("w"), name: "witness.example/w")
      .adding(log: log.noteKey)
  }

  private func application() async throws -> some ApplicationProtocol {
    let harness = try await WitnessHarness(
      witness, time: .fixed(Instant(milliseconds: 1_700_000_000_000)), bodyMilliseconds: 300)
    return Application(
      router: harness.router(), configuration: .init(address: .hostname("127.0.0.1", port: 0)))
  }

  @Test("cosigns, refuses, and shows what it holds", arguments: [TestingSetup.router, .live])
  func conversation(_ setup: TestingSetup) async throws {
    let identifier = WitnessState.identifier(origin: log.noteKey.name)
    try await application().test(setup) { client in
      func post(_ body: [UInt8]) async throws -> (status: Int, type: String?, text: String) {
        try await client.execute(
          uri: "/add-checkpoint", method: .post, body: ByteBuffer(bytes: body)
        ) { ($0.status.code, $0.headers[.contentType], String(buffer: $0.body)) }
      }
      func get(_ path: String) async throws -> (status: Int, text: String) {
        try await client.execute(uri: path, method: .get) {
          ($0.status.code, String(buffer: $0.body))
        }
      }
      #expect(try await get("/health").status == 200)
      #expect(try await get("/\(identifier)/checkpoint").status == 404)

      let first = try await post(log.request(from: 0, to: 7))
      #expect(first.status == 200)
      let cosigned = try log.note(7).adding(signatureLines: first.text, of: [witness.key])
      let examined = try cosigned.examine(with: [witness.key, log.noteKey])
      #expect(examined.signed.map(\.key) == [log.noteKey, witness.key])
      #expect(examined.signed.last?.timestamp == 1_700_000_000)
      #expect(try await get("/\(identifier)/checkpoint").text == cosigned.description)

      let stale = try await post(log.request(from: 3, to: 12))
      #expect(stale.status == 409 && stale.type == "text/x.tlog.size" && stale.text == "7\n")
      #expect(try await post(log.request(from: 12, to: 9)).status == 400)
      #expect(try await post(Array("old 7".utf8)).status == 400)
      #expect(try await post(log.request(from: 7, to: 12)).status == 200)
      // The other history, whose first ten entries are the same.
      let fork = try await post(log.request(from: 12, to: 20, branch: 1))
      #expect(fork.status == 422 && fork.text.contains("proof"))
      #expect(try await post(log.request(from: 12, to: 12, branch: 1)).status == 422)
      let stranger = try LyingLog(origin: "ledger.example/b", size: 3, forkAt: 3)
      #expect(try await post(stranger.request(from: 0, to: 3)).status == 404)
      let other = try LyingLog(origin: "ledger.example/a", size: 13, forkAt: 13)
      #expect(try await post(other.request(from: 12, to: 13)).status == 403)

      let large = [UInt8](repeating: 0x61, count: WitnessRequest.maximumBytes + 1)
      #expect(try await post(large).status == 413)
      for path in ["/", "/x/checkpoint", "/../state/\(identifier)", "/%2e%2e/checkpoint"] {
        #expect(try await get(path).status == 404, "\(path)")
      }
      #expect(try await get("/add-checkpoint").status == 404)
    }
    #expect(try await witness.held(origin: log.noteKey.name)?.checkpoint.size == 12)
  }

  @Test("a witness that lost its state, or has another's, cosigns nothing and does not start")
  func lostState() async throws {
    let file = "\(witness.path)/state/\(WitnessState.identifier(origin: log.noteKey.name))"
    try await application().test(.router) { client in
      let body = ByteBuffer(bytes: try log.request(from: 0, to: 7))
      #expect(
        try await client.execute(uri: "/add-checkpoint", method: .post, body: body) {
          $0.status
        } == .ok)
      let kept = try Program.read(file)
      for damaged in [nil, kept.replacing("7\n", with: "6\n"), "text\n"] {
        try Program.write(damaged, file)
        let next = ByteBuffer(bytes: try log.request(from: 0, to: 9, branch: 1))
        let answer = try await client.execute(uri: "/add-checkpoint", method: .post, body: next) {
          ($0.status, String(buffer: $0.body))
        }
        #expect(answer.0 == .internalServerError)
        #expect(!answer.1.contains(folder.path), "what is inside stays inside")
        await #expect(throws: Problem(.ledgerDamaged, "")) {
          _ = try await WitnessHarness(witness, time: .system)
        }
      }
      try Program.write(kept, file)
      _ = try await WitnessHarness(witness, time: .system)
    }
  }

  @Test("a body that does not come in time is not waited for")
  func slowBody() async throws {
    try await application().test(.live) { client in
      let port = try #require(client.port)
      // A thread of its own: reading blocks.
      let answer = await withCheckedContinuation { answer in
        Thread.detachNewThread {
          answer.resume(
            returning: Self.send(
              "POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 100\r\n\r\nold", port))
        }
      }
      #expect(answer.hasPrefix("HTTP/1.1 408"), "\(answer)")
    }
  }

  /// Sends bytes, and reads the beginning of what comes back; nothing after five seconds.
  private static func send(_ text: String, _ port: Int) -> String {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected, write(descriptor, text, text.utf8.count) == text.utf8.count else {
      return "not connected"
    }
    var buffer = [UInt8](repeating: 0, count: 1000)
    let count = read(descriptor, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }

  @Test("a log is added once, a cosigner's key is none of a log, and a second key joins the first")
  func adding() async throws {
    await #expect(throws: Problem(.badInput, "")) { try await witness.adding(log: log.noteKey) }
    await #expect(throws: Problem(.badInput, "")) { try await witness.adding(log: witness.key) }
    let second = try LyingLog(origin: log.noteKey.name, size: 1, forkAt: 1)
    let now = try await witness.adding(log: second.noteKey)
    #expect(
      now.logs == [WitnessedLog(origin: log.noteKey.name, keys: [log.noteKey, second.noteKey])])
    #expect(throws: Problem(.badInput, "")) {
      try WitnessFolder.create(at: witness.path, name: "witness.example/w")
    }
    #expect(throws: Problem(.badInput, "")) {
      try WitnessFolder.create(at: folder.file("x"), name: "no name")
    }
  }
}

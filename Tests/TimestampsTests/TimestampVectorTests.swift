import Model
import TestKit
import Testing
import Timestamps

@Suite("Timestamps of other people's making", .enabled(if: Vectors.isWanted))
struct TimestampVectorTests {
  let answer: [UInt8]
  let stamped: [UInt8]
  let roots: TimestampRoots

  init() throws {
    answer = try Vectors.bytes("rfc3161/r.tsr")
    stamped = try Vectors.bytes("rfc3161/data")
    roots = try TimestampRoots(
      pem: String(decoding: Vectors.bytes("rfc3161/ca.pem"), as: UTF8.self))
  }

  @Test("the vector's question and answer fit, verify, and say when")
  func vector() async throws {
    let query = try TimestampQuery(der: Vectors.bytes("rfc3161/q.tsq"))
    #expect(query.imprint == .sha256(stamped))
    #expect(try query.der == Vectors.bytes("rfc3161/q.tsq"))
    let token = try TimestampToken(response: answer, to: query)
    let verified = try await token.verify(stamps: stamped, roots: roots)
    #expect(verified.time == Instant("2026-11-23T04:35:31Z"))
    #expect(verified.accuracyMilliseconds == 1000)
    #expect(verified.authority == "CN=TestTSA")
    #expect(verified.root == "CN=TestCA")
    #expect(verified.policy == "1.2.3.4.1")
    #expect(verified.revocation == .unknown)
    let again = try await TimestampToken(der: token.der).verify(stamps: stamped, roots: roots)
    #expect(again == verified)
  }

  @Test("other bytes, another question, another root: each is refused, and it is said which")
  func refused() async throws {
    let query = try TimestampQuery(der: Vectors.bytes("rfc3161/q.tsq"))
    let token = try TimestampToken(response: answer, to: query)
    await refuses("of other bytes") { _ = try await token.verify(stamps: [1], roots: roots) }
    await refuses("nonce") {
      _ = try TimestampToken(response: answer, to: TimestampQuery(about: stamped))
    }
    await refuses("of other bytes") {
      _ = try TimestampToken(response: answer, to: TimestampQuery(about: [1]))
    }
    // The authority's own certificate vouches for nothing, not even itself.
    let leaf = try TimestampRoots(
      pem: String(decoding: Vectors.bytes("rfc3161/tsa.pem"), as: UTF8.self))
    await refuses("trusted root") { _ = try await token.verify(stamps: stamped, roots: leaf) }
  }

  @Test("cut off anywhere, or with anything after its end, it is refused")
  func truncated() throws {
    let query = try TimestampQuery(der: Vectors.bytes("rfc3161/q.tsq"))
    for length in 0..<answer.count {
      #expect(throws: Problem.self) {
        try TimestampToken(response: Array(answer.prefix(length)), to: query)
      }
    }
    for more in [[0], [0x30, 0x00], Array(repeating: UInt8(0), count: 1000)] as [[UInt8]] {
      #expect(throws: Problem.self) { try TimestampToken(response: answer + more, to: query) }
    }
  }

  @Test("no changed byte gives another time, and none ends the program")
  func fuzzed() async throws {
    let query = try TimestampQuery(der: Vectors.bytes("rfc3161/q.tsq"))
    let real = try await TimestampToken(response: answer, to: query)
      .verify(stamps: stamped, roots: roots)
    var random = Seeded(seed: 3161)
    var accepted = 0
    for round in 0..<8000 {
      var bytes = answer
      if round < answer.count * 2 {
        bytes[round / 2] ^= UInt8(1 << (round % 2 * 4))
      } else {
        bytes = random.mutated(answer)
      }
      do {
        let verified = try await TimestampToken(response: bytes, to: query)
          .verify(stamps: stamped, roots: roots)
        accepted += 1
        // What nobody signed may change: words of the status, the list of hash algorithms.
        #expect(verified == real)
      } catch is Problem {
      }
    }
    #expect(accepted < 1000, "most of an answer is signed")
  }

  private func refuses(_ words: String, _ body: () async throws -> Void) async {
    do {
      try await body()
      Issue.record("nothing was refused where \"\(words)\" was expected")
    } catch let problem as Problem {
      #expect(problem.code == .notTrusted)
      #expect(problem.message.contains(words), "\(problem)")
    } catch {
      Issue.record("\(error)")
    }
  }
}

import Attestation
import Foundation
import Ledger
import LedgerPostgreSQL
import Model
import TestKit
import Testing

extension PostgreSQLSerial {
  @Suite("The connection is cut")
  struct Cuts {
    /// Two entries whose ids are known, through a proxy; the second connection passes.
    private func append(
      _ sample: SampleServer, _ proxy: CuttingProxy, answerWithin seconds: Int = 20,
      isPrimed: Bool = false
    ) async throws -> (indices: [Int64], ids: [[UInt8]], bursts: [Int]) {
      let ledger = try sample.open(
        socketFolder: proxy.socketFolder,
        patience: .init(forServer: .seconds(40), forAnswer: .seconds(seconds)))
      if isPrimed {
        // One who knows the ledger's end sends the whole transaction at once.
        proxy.arm(false)
        _ = try await ledger.append(
          [sample.draft(.step, ["n": "0"])], logSigner: sample.logKey.signer)
        proxy.arm(true)
      }
      let ids = [RandomBytes.make(16), RandomBytes.make(16)]
      let drafts = try ids.map { try sample.draft(.step, ["n": "1"], entryID: $0) }
      let indices = try await ledger.append(drafts, logSigner: sample.logKey.signer)
      // Before the connection is ended, which is one burst more.
      let bursts = proxy.bursts
      try ledger.close()
      return (indices, ids, bursts)
    }

    @Test(
      "at any byte, also in the middle of the commit: nothing is doubled, nothing is lost",
      arguments: [false, true])
    func anywhere(isPrimed: Bool) async throws {
      let sample = try await SampleServer()
      let whole = try CuttingProxy(sample.server)
      let requested = try #require(
        try await append(sample, whole, isPrimed: isPrimed).bursts.last)
      let answered = whole.passed.answered
      whole.close()
      #expect(requested > 1_000 && answered > 200)
      let seed = UInt64.random(in: 0...999_999)
      print("cut connections: seed \(seed)")
      var random = Seeded(seed: seed)
      // Where it is done and the answer is lost, where it is not quite asked for, and anywhere.
      var cuts: [CuttingProxy.Cut] = [
        .afterRequest(requested), .afterRequest(requested - 1), .afterRequest(requested - 6),
        .afterRequest(requested - 60), .afterRequest(requested - 120), .afterAnswer(answered - 60),
      ]
      for _ in 0..<15 {
        cuts.append(.commitAnswer)
        // Most of what is asked stands in the second half, with the commit.
        cuts.append(.afterRequest(.random(in: requested / 3...requested, using: &random)))
        cuts.append(.afterAnswer(.random(in: 1..<answered, using: &random)))
      }
      var cutsMade = 0
      var committedBefore = 0
      for cut in cuts {
        let proxy = try CuttingProxy(sample.server, cut: cut)
        let before = try await sample.ledger.read { try $0.size() }
        let (indices, ids, _) = try await append(sample, proxy, isPrimed: isPrimed)
        let first = before + (isPrimed ? 1 : 0)
        #expect(indices == [first, first + 1], "\(cut)")
        let (after, places, note) = try await sample.ledger.read { reader in
          (
            try reader.size(), try ids.map { try reader.index(entryID: $0) },
            try reader.checkpoint()
          )
        }
        #expect(after == first + 2, "\(cut)")
        #expect(places == indices, "\(cut)")
        #expect(try Checkpoint(note: #require(note), key: sample.ledger.key).size == after)
        if proxy.wasCut { cutsMade += 1 }
        // Whoever finds the entries there has nothing to insert, which takes more than that.
        if proxy.wasCut, proxy.requestedLater < 3_500 { committedBefore += 1 }
        proxy.close()
      }
      // An answer's length goes by the tree's edge, so that some cuts come too late.
      #expect(cutsMade > 30)
      print("cut connections: \(cutsMade), \(committedBefore) behind the commit")
      #expect(committedBefore >= 15, "no commit was cut off from its answer")
      let report = try await sample.ledger.verify()
      #expect(report.isSound, "\(report.faults)")
    }

    @Test("a connection that falls silent is given up, and what it held is free again")
    func silent() async throws {
      let sample = try await SampleServer()
      let whole = try CuttingProxy(sample.server)
      let bursts = try await append(sample, whole).bursts
      whole.close()
      // Before the commit is sent: the server waits for it with the lock in hand. Behind it: the
      // answer never comes.
      for cut in bursts.suffix(2) {
        let proxy = try CuttingProxy(
          sample.server, cut: .afterRequest(cut), manner: .fallSilent)
        let before = try await sample.ledger.read { try $0.size() }
        #expect(try await append(sample, proxy, answerWithin: 3).indices == [before, before + 1])
        #expect(proxy.wasCut)
        #expect(try await sample.ledger.read { try $0.size() } == before + 2)
        proxy.close()
      }
      #expect(try await sample.ledger.verify().isSound)
    }

    @Test("a server that stays away: the error says whether it is known that nothing was recorded")
    func away() async throws {
      let server = try await PostgreSQLServer()
      let sample = try await SampleServer(server: server)
      let ledger = try sample.open(patience: .init(forServer: .milliseconds(300)))
      try await server.stop()
      let problem = await #expect(throws: Problem.self) {
        try await ledger.append([sample.draft(.step, ["n": "1"])], logSigner: sample.logKey.signer)
      }
      #expect(problem?.code == .inputOutput)
      #expect(problem?.message.contains("not known") == false)
      await #expect(throws: Problem(.inputOutput, "")) { try await ledger.read { try $0.size() } }
      try await server.start()
      #expect(
        try await ledger.append([sample.draft(.step, ["n": "1"])], logSigner: sample.logKey.signer)
          == [1])
      #expect(try await ledger.read { try $0.size() } == 2)

      let whole = try CuttingProxy(server)
      let requested = try #require(try await append(sample, whole).bursts.last)
      whole.close()
      let proxy = try CuttingProxy(server, cut: .afterRequest(requested - 200), isLast: true)
      let impatient = try sample.open(
        socketFolder: proxy.socketFolder, patience: .init(forServer: .milliseconds(300)))
      let draft = try sample.draft(.step, ["n": "2"])
      let second = try sample.draft(.step, ["n": "2"])
      let unknown = await #expect(throws: Problem.self) {
        try await impatient.append([draft, second], logSigner: sample.logKey.signer)
      }
      #expect(
        unknown?.message.contains("not known") == true,
        "\(unknown as Any) \(requested) \(proxy.bursts) \(proxy.wasCut)")
      proxy.close()
      // Sent again, it is there once, whichever way it went.
      #expect(try await sample.append([draft, second]) == [4, 5])
      #expect(try await sample.ledger.verify().entries == 6)
    }
  }
}

import Model
import Testing

@testable import Journey

@Suite("An append whose outcome nobody knows")
struct SettlementTests {
  private let settlement = Settlement(pauses: [.zero, .zero])

  @Test(
    "is sent again when the store was busy or broke off",
    arguments: [Problem.Code.busy, .inputOutput])
  func again(code: Problem.Code) async throws {
    var tries = 0
    let indices = try await settlement.append {
      tries += 1
      if tries < 3 { throw Problem(code, "the connection broke") }
      return [7]
    }
    #expect(indices == [7])
    #expect(tries == 3)
  }

  @Test("is given up after the last try, and at once for what cannot change")
  func givenUp() async throws {
    var tries = 0
    await #expect(throws: Problem(.inputOutput, "")) {
      try await settlement.append {
        tries += 1
        throw Problem(.inputOutput, "the disk is full")
      }
    }
    #expect(tries == 3)
    await #expect(throws: Problem(.ledgerDamaged, "")) {
      try await settlement.append {
        tries += 1
        throw Problem(.ledgerDamaged, "the ledger is damaged")
      }
    }
    #expect(tries == 4)
    let hasty = Settlement(pauses: [.zero], patience: .zero)
    await #expect(throws: Problem(.busy, "")) {
      try await hasty.append {
        tries += 1
        throw Problem(.busy, "waited for long")
      }
    }
    #expect(tries == 5)
  }
}

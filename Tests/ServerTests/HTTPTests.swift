import Model
import Server
import Testing

@Suite("HTTP client")
struct HTTPTests {
  @Test("a URL that cannot be asked, and a port that nobody listens on, are told apart")
  func unreachable() async throws {
    await #expect(throws: Problem(.badInput, "")) {
      _ = try await HTTPExchange.live().send(.get("no url at all"))
    }
    await #expect(throws: Problem(.inputOutput, "")) {
      _ = try await HTTPExchange.live().send(.get("http://127.0.0.1:1/"))
    }
  }
}

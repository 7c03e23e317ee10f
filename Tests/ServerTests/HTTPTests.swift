import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Model
import NIOCore
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
    await #expect(throws: Problem(.inputOutput, "")) {
      _ = try await HTTPExchange.live(trustRoots: "/nowhere").send(.get("https://127.0.0.1:1/"))
    }
  }

  @Test("answers come whole with their status; redirects, floods and silence are not followed")
  func answers() async throws {
    let router = Router()
    router.post("echo") { request, _ in
      let body = try await request.body.collect(upTo: 100)
      return Response(
        status: .conflict, headers: [.contentType: "Text/X.tlog.size; charset=utf-8"],
        body: .init(byteBuffer: body))
    }
    router.get("redirect") { _, _ in Response.redirect(to: "/large") }
    router.get("large") { _, _ in String(repeating: "a", count: 5000) }
    router.get("slow") { _, _ in
      try await Task.sleep(for: .seconds(3))
      return "late"
    }
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)))
    try await application.test(.live) { client in
      let base = "http://127.0.0.1:\(try #require(client.port))"
      let exchange = HTTPExchange.live()
      let echo = try await exchange.send(.post("\(base)/echo", body: [1, 2, 3]))
      #expect(
        echo
          == HTTPExchange.Response(
            status: 409, contentType: "text/x.tlog.size", body: [1, 2, 3]))
      let redirect = try await exchange.send(.get("\(base)/redirect"))
      #expect((300..<400).contains(redirect.status))
      await #expect(throws: Problem(.inputOutput, "")) {
        _ = try await exchange.send(.get("\(base)/large", answerLimit: 4999))
      }
      let begin = ContinuousClock.now
      await #expect(throws: Problem(.inputOutput, "")) {
        _ = try await exchange.send(.get("\(base)/slow", timeoutMilliseconds: 200))
      }
      #expect(ContinuousClock.now - begin < .seconds(3))
    }
  }
}

import AsyncHTTPClient
public import Model
import NIOCore
import NIOHTTP1
import NIOSSL

extension HTTPExchange {
  /// Makes requests over the network: HTTP/1.1, TLS 1.2 or newer, no redirects.
  ///
  /// - Parameter trustRoots: path of a PEM file with the authorities that an `https` server must be
  ///   vouched for by; the system's when `nil`.
  public static func live(trustRoots: String? = nil) -> HTTPExchange {
    HTTPExchange { request in
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.minimumTLSVersion = .tlsv12
      if let trustRoots { tls.trustRoots = .file(trustRoots) }
      var configuration = HTTPClient.Configuration(
        tlsConfiguration: tls, redirectConfiguration: .disallow,
        timeout: .init(connect: .milliseconds(min(request.timeoutMilliseconds, 10_000))))
      configuration.httpVersion = .http1Only
      configuration.connectionPool.retryConnectionEstablishment = false
      // A client a request: there are few, and nothing is left open between them.
      let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
      let outcome: Result<Response, any Error>
      do {
        outcome = .success(try await send(request, with: client))
      } catch {
        outcome = .failure(problem(error, request))
      }
      try? await client.shutdown().get()
      return try outcome.get()
    }
  }

  private static func send(
    _ request: Request, with client: HTTPClient
  ) async throws -> Response {
    var asked = HTTPClientRequest(url: request.url)
    asked.method = HTTPMethod(rawValue: request.method.rawValue)
    asked.headers.add(name: "user-agent", value: "pratique")
    if let contentType = request.contentType {
      asked.headers.add(name: "content-type", value: contentType)
    }
    if request.method == .post { asked.body = .bytes(request.body) }
    let answer = try await client.execute(
      asked, timeout: .milliseconds(request.timeoutMilliseconds))
    let body = try await answer.body.collect(upTo: request.answerLimit)
    let contentType = answer.headers.first(name: "content-type").map { value in
      String(value.prefix { $0 != ";" && $0 != " " }).lowercased()
    }
    return Response(
      status: Int(answer.status.code), contentType: contentType, body: Array(body.readableBytesView)
    )
  }

  private static func problem(_ error: any Error, _ request: Request) -> Problem {
    let seconds = "\(Double(request.timeoutMilliseconds) / 1000) s"
    switch error {
    case is NIOTooManyBytesError:
      return Problem(
        .inputOutput, "the answer is larger than \(request.answerLimit) bytes", at: request.url)
    case let error as HTTPClientError
    where [.deadlineExceeded, .connectTimeout, .readTimeout, .getConnectionFromPoolTimeout]
      .contains(error):
      return Problem(.inputOutput, "there was no answer within \(seconds)", at: request.url)
    case let error as HTTPClientError
    where [.invalidURL, .emptyHost, .emptyScheme].contains(error):
      return Problem(.badInput, "this is no URL that can be asked", at: request.url)
    case is CancellationError: return Problem(.cancelled, "the request was given up")
    default:
      return Problem(
        .inputOutput, "the server cannot be asked: \(String(describing: error))", at: request.url)
    }
  }
}

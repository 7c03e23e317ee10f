/// How one HTTP request is made: to a witness, to a time-stamping authority. A value that is handed
/// down, so that the rooms which ask know no transport, and tests can hand down another.
public struct HTTPExchange: Sendable {
  /// A request.
  public struct Request: Hashable, Sendable {
    /// The verbs that are used.
    public enum Method: String, Sendable {
      /// Reads.
      case get = "GET"
      /// Sends a body.
      case post = "POST"
    }

    /// The verb.
    public var method: Method
    /// An absolute `http` or `https` URL.
    public var url: String
    /// Media type of the body; `nil` without one.
    public var contentType: String?
    /// What is sent.
    public var body: [UInt8]
    /// After so many milliseconds the exchange is given up.
    public var timeoutMilliseconds: Int64
    /// An answer's body beyond so many bytes is an error.
    public var answerLimit: Int

    /// A request that sends a body.
    public static func post(
      _ url: String, contentType: String? = nil, body: [UInt8], timeoutMilliseconds: Int64 = 10_000,
      answerLimit: Int = 1 << 20
    ) -> Request {
      Request(
        method: .post, url: url, contentType: contentType, body: body,
        timeoutMilliseconds: timeoutMilliseconds, answerLimit: answerLimit)
    }

    /// A request that reads.
    public static func get(
      _ url: String, timeoutMilliseconds: Int64 = 10_000, answerLimit: Int = 1 << 20
    ) -> Request {
      Request(
        method: .get, url: url, contentType: nil, body: [],
        timeoutMilliseconds: timeoutMilliseconds, answerLimit: answerLimit)
    }
  }

  /// An answer, whatever its status.
  public struct Response: Hashable, Sendable {
    /// Status code, such as 200.
    public let status: Int
    /// Media type, without parameters, in lower case.
    public let contentType: String?
    /// The body.
    public let body: [UInt8]

    /// States an answer.
    public init(status: Int, contentType: String? = nil, body: [UInt8] = []) {
      self.status = status
      self.contentType = contentType
      self.body = body
    }
  }

  /// Makes a request and reads the answer whole. Redirects are not followed.
  ///
  /// Throws `Problem` with `inputOutput` when there is no answer within the time or within the
  /// limit, and `badInput` for a URL that cannot be asked; a status is in the answer, not thrown.
  public let send: @Sendable (Request) async throws -> Response

  /// Takes the function that makes requests.
  public init(send: @escaping @Sendable (Request) async throws -> Response) { self.send = send }
}

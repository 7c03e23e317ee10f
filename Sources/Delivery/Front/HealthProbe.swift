import Model

/// Asks an application on the loopback address whether it is ready.
enum HealthProbe {
  /// One GET: any 2xx status within the time is healthy.
  static func ask(port: Int, path: String, timeoutMilliseconds: Int64) async -> Health {
    let question =
      "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nUser-Agent: pratique\r\n"
      + "Accept: */*\r\nConnection: close\r\n\r\n"
    do {
      let answer = try await LoopbackSocket.ask(
        .port(port), Array(question.utf8), timeoutMilliseconds: timeoutMilliseconds,
        limit: 1 << 20, isComplete: isComplete)
      guard let status = status(of: answer) else {
        return .unhealthy("\(path) on port \(port) answered with something that is not HTTP")
      }
      return (200...299).contains(status)
        ? .healthy : .unhealthy("\(path) on port \(port) answered with status \(status)")
    } catch let problem as Problem {
      return .unhealthy("\(path) on port \(port): \(problem.message)")
    } catch {
      return .unhealthy("\(path) on port \(port): \(error)")
    }
  }

  /// Whether an answer that states its length is whole; one that does not ends with its connection.
  ///
  /// Not every server closes when it is asked to, and one that is cut off complains in its log.
  static func isComplete(_ answer: [UInt8]) -> Bool {
    let text = String(decoding: answer, as: UTF8.self)
    guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
    let head = text[..<end.lowerBound].lowercased()
    guard
      let field = head.split(separator: "\r\n").first(where: { $0.hasPrefix("content-length:") }),
      let length = Int(field.dropFirst("content-length:".count).drop { $0 == " " })
    else { return false }
    return text[end.upperBound...].utf8.count >= length
  }

  /// The status of an HTTP answer; `nil` when it is none.
  static func status(of answer: [UInt8]) -> Int? {
    let line = answer.prefix(64)
    guard line.starts(with: Array("HTTP/1.".utf8)), line.count >= 12, answer[8] == 0x20,
      let digits = String(validating: answer[9..<12], as: UTF8.self), let status = Int(digits),
      (100...599).contains(status)
    else { return nil }
    return status
  }
}

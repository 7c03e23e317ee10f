import Foundation
import Glibc
import Synchronization

/// A client under way: half of its threads keep their connection, the others make one a request.
final class LoadGenerator: Sendable {
  /// What the client saw; a request is in exactly one of the three.
  struct Tally: Sendable {
    /// Answers with a status below 500, by the version that gave them.
    var answers: [String: Int] = [:]
    /// Answers with a 5xx status that the application made.
    var serverErrors = 0
    /// No answer, a broken one, or an error that the load balancer made.
    var lost = 0
    /// The first few losses, for messages.
    var losses: [String] = []

    var served: Int { answers.values.reduce(0, +) + serverErrors }
  }

  private let port: Int
  private let tally = Mutex(Tally())
  private let isRunning = Atomic<Bool>(true)
  private let group = DispatchGroup()

  init(port: Int, threads: Int = 6) {
    self.port = port
    for number in 0..<threads {
      group.enter()
      let thread = Thread { [self] in
        work(keeps: number.isMultiple(of: 2))
        group.leave()
      }
      thread.start()
    }
  }

  var now: Tally { tally.withLock { $0 } }

  /// Ends the load once each request that was begun is answered.
  func stop() async -> Tally {
    isRunning.store(false, ordering: .relaxed)
    await withCheckedContinuation { continuation in
      group.notify(queue: .global()) { continuation.resume() }
    }
    return now
  }

  private func work(keeps: Bool) {
    var connection: CInt = -1
    while isRunning.load(ordering: .relaxed) {
      if connection < 0 { connection = connect() }
      do {
        note(try ask(connection))
      } catch {
        tally.withLock {
          $0.lost += 1
          if $0.losses.count < 5 { $0.losses.append("\(error)") }
        }
        close(connection)
        connection = -1
      }
      if !keeps, connection >= 0 {
        close(connection)
        connection = -1
      }
      usleep(3000)
    }
    if connection >= 0 { close(connection) }
  }

  private struct Failure: Error { let words: String }

  private func note(_ answer: (status: Int, body: String)) {
    tally.withLock {
      let version = answer.body.split(separator: " ").first.map(String.init) ?? ""
      let isOwn = version.hasPrefix("v")
      switch (answer.status, isOwn) {
      case (..<500, true): $0.answers[version, default: 0] += 1
      case (500..., true): $0.serverErrors += 1
      default:
        $0.lost += 1
        if $0.losses.count < 5 { $0.losses.append("\(answer)") }
      }
    }
  }

  private func connect() -> CInt {
    let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var time = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = in_port_t(port).bigEndian
    place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if result == 0 { return socket }
    close(socket)
    return -1
  }

  private func ask(_ connection: CInt) throws -> (status: Int, body: String) {
    guard connection >= 0 else { throw Failure(words: "not connected") }
    let question = Array("GET / HTTP/1.1\r\nHost: test\r\n\r\n".utf8)
    guard send(connection, question, question.count, CInt(MSG_NOSIGNAL)) == question.count else {
      throw Failure(words: "not sent: \(errno)")
    }
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else {
        throw Failure(words: "closed after \(text.utf8.count) bytes: \(errno)")
      }
      text += String(decoding: buffer.prefix(count), as: UTF8.self)
      guard let end = text.range(of: "\r\n\r\n") else { continue }
      let head = text[..<end.lowerBound].lowercased()
      guard let status = Int(head.dropFirst(9).prefix(3)) else { throw Failure(words: "no status") }
      let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
      // haproxy's own errors close the connection and may state no length.
      guard let length else { return (status, "") }
      let body = text[end.upperBound...]
      if body.utf8.count >= length { return (status, String(body)) }
    }
  }
}

import Foundation
import Glibc
import Model

/// One question and its answer over a socket of this machine, within a time.
enum LoopbackSocket {
  /// Where to connect to.
  enum Address: Sendable {
    /// A port on 127.0.0.1.
    case port(Int)
    /// A socket by its name in a folder. The folder's path may be longer than the 107 bytes that
    /// an address holds.
    case unix(folder: String, name: String)
  }

  /// Sends the bytes and reads until the answer is complete, or the other side closes.
  ///
  /// - Throws: `Problem` with `inputOutput` when nobody listens, the time is over, or the answer is
  ///   longer than `limit`.
  static func ask(
    _ address: Address, _ question: [UInt8], timeoutMilliseconds: Int64, limit: Int = 4 << 20,
    isComplete: @escaping @Sendable ([UInt8]) -> Bool = { _ in false }
  ) async throws -> [UInt8] {
    // Blocking calls do not belong on the threads that tasks share.
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          with: Result {
            try exchange(
              address, question, deadline: now() + timeoutMilliseconds, limit: limit, isComplete)
          })
      }
    }
  }

  private static func exchange(
    _ address: Address, _ question: [UInt8], deadline: Int64, limit: Int,
    _ isComplete: ([UInt8]) -> Bool
  ) throws -> [UInt8] {
    let socket = try connect(address, deadline: deadline)
    defer { close(socket) }
    var rest = question[...]
    while !rest.isEmpty {
      try wait(socket, POLLOUT, deadline)
      let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, noSignal) }
      if count < 0 {
        if errno == EAGAIN || errno == EINTR { continue }
        throw problem("the question could not be sent")
      }
      rest = rest.dropFirst(count)
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      try wait(socket, POLLIN, deadline)
      let count = recv(socket, &buffer, buffer.count, 0)
      if count == 0 { return answer }
      if count < 0 {
        if errno == EAGAIN || errno == EINTR { continue }
        throw problem("the answer could not be read")
      }
      answer.append(contentsOf: buffer.prefix(count))
      guard answer.count <= limit else {
        throw Problem(.inputOutput, "the answer is longer than \(limit) bytes")
      }
      if isComplete(answer) { return answer }
    }
  }

  private static let noSignal = CInt(MSG_NOSIGNAL)
  private static let streamType = CInt(
    SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)

  private static func connect(_ address: Address, deadline: Int64) throws -> CInt {
    switch address {
    case .port(let port):
      var place = sockaddr_in()
      place.sin_family = sa_family_t(AF_INET)
      place.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
      place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      return try connect(AF_INET, &place, deadline)
    case .unix(let folder, let name):
      // The address holds 107 bytes; a folder that is open has a short name.
      let handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard handle >= 0 else { throw problem("the folder could not be opened", at: folder) }
      defer { close(handle) }
      var place = sockaddr_un()
      place.sun_family = sa_family_t(AF_UNIX)
      let path = Array("/proc/self/fd/\(handle)/\(name)".utf8)
      let size = MemoryLayout.size(ofValue: place.sun_path)
      guard path.count < size else {
        throw Problem(.badInput, "the name of the socket is too long", at: name)
      }
      withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: path) }
      return try connect(AF_UNIX, &place, deadline)
    }
  }

  private static func connect<Place>(
    _ family: CInt, _ place: inout Place, _ deadline: Int64
  ) throws -> CInt {
    let handle = socket(family, streamType, 0)
    guard handle >= 0 else { throw problem("no socket could be made") }
    do {
      let size = socklen_t(MemoryLayout<Place>.size)
      let result = withUnsafePointer(to: &place) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(handle, $0, size) }
      }
      if result != 0 {
        guard errno == EINPROGRESS else { throw problem("nobody answers") }
        try wait(handle, POLLOUT, deadline)
        var code: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        getsockopt(handle, SOL_SOCKET, SO_ERROR, &code, &length)
        guard code == 0 else {
          errno = code
          throw problem("nobody answers")
        }
      }
      return handle
    } catch {
      close(handle)
      throw error
    }
  }

  private static func wait(_ handle: CInt, _ event: CInt, _ deadline: Int64) throws {
    while true {
      let left = deadline - now()
      guard left > 0 else { throw Problem(.inputOutput, "no answer came in time") }
      var entry = pollfd(fd: handle, events: Int16(event), revents: 0)
      let count = poll(&entry, 1, CInt(clamping: left))
      if count > 0 { return }
      if count < 0 && errno != EINTR { throw problem("waiting failed") }
    }
  }

  /// Milliseconds of a clock that nobody sets.
  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  private static func problem(_ message: String, at location: String? = nil) -> Problem {
    Problem(.inputOutput, "\(message): \(String(cString: strerror(errno)))", at: location)
  }
}

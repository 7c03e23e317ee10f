import Foundation
import Model

/// A connection to a local socket.
struct UnixSocket {
  private let descriptor: Int32
  private let path: String

  /// Connects.
  ///
  /// - Parameter seconds: how long one read or write may take.
  /// - Throws: `Problem` with `notFound` or `inputOutput`.
  init(path: String, seconds: Int) throws {
    self.path = path
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard bytes.count < room, !bytes.contains(0) else {
      throw Problem(.badInput, "the socket's path is longer than a socket's path can be", at: path)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else {
      throw Problem(.inputOutput, "no socket can be opened", at: path)
    }
    var limit = timeval(tv_sec: seconds, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(
        descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0 else {
      let isAbsent = errno == ENOENT || errno == ECONNREFUSED
      close()
      throw Problem(
        isAbsent ? .notFound : .inputOutput, "nobody answers at the socket", at: path)
    }
  }

  func close() { _ = Foundation.close(descriptor) }

  /// Writes all bytes.
  func write(_ bytes: [UInt8]) throws {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Problem(.inputOutput, "the socket takes no more", at: path) }
      done += count
    }
  }

  /// Reads so many bytes.
  func read(_ count: Int) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = buffer[done...].withUnsafeMutableBytes {
        recv(descriptor, $0.baseAddress, $0.count, 0)
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else {
        throw Problem(.inputOutput, "the socket was closed, or did not answer in time", at: path)
      }
      done += got
    }
    return buffer
  }
}

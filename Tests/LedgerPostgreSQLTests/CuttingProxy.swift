import Foundation
import Glibc
import Synchronization
import TestKit

/// Stands between a client and the server, and cuts the second connection after so many bytes: the
/// first is the look at the ledger when it is opened, the second the one that appends.
final class CuttingProxy: Sendable {
  /// When to cut, counted from the second connection's beginning.
  enum Cut {
    /// When the client has sent so many bytes, which are still passed on.
    case afterRequest(Int)
    /// When the server has answered so many bytes, which are still passed on.
    case afterAnswer(Int)
    /// When the server says that it has committed, which is not passed on.
    case commitAnswer
  }

  /// How to cut.
  enum Manner {
    /// Both sides see the connection end.
    case close
    /// Nobody sees anything: no byte passes any more.
    case fallSilent
  }

  private struct State {
    var requested = 0
    var bursts: [Int] = []
    var answered = 0
    var requestedLater = 0
    var connections = 0
    var wasCut = false
    var isArmed = true
  }

  private let folder: TemporaryFolder
  private let server: String
  private let listening: Int32
  private let cut: Cut?
  private let manner: Manner
  private let isLast: Bool
  private let state = Mutex(State())

  /// Where it listens.
  var socketFolder: String { folder.path }
  /// Bytes of the second connection, from the client and from the server.
  var passed: (requested: Int, answered: Int) {
    state.withLock { ($0.requested, $0.answered) }
  }
  /// Bytes that the client had sent at the end of each burst.
  var bursts: [Int] { state.withLock(\.bursts) }
  /// Bytes that the client has sent on the connections after that.
  var requestedLater: Int { state.withLock(\.requestedLater) }
  /// Whether it has cut.
  var wasCut: Bool { state.withLock(\.wasCut) }

  /// - Parameter isLast: whether no connection comes through any more after the cut.
  init(
    _ server: PostgreSQLServer, cut: Cut? = nil, manner: Manner = .close, isLast: Bool = false
  ) throws {
    self.isLast = isLast
    folder = try TemporaryFolder()
    self.server = "\(server.socketFolder)/.s.PGSQL.5432"
    self.cut = cut
    self.manner = manner
    listening = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    try Self.withAddress("\(folder.path)/.s.PGSQL.5432") { address, length in
      guard bind(listening, address, length) == 0, listen(listening, 16) == 0 else {
        throw POSIXError(.EADDRNOTAVAIL)
      }
    }
    let descriptor = listening
    Thread.detachNewThread { [weak self] in
      while true {
        let client = accept(descriptor, nil, nil)
        guard client >= 0, let self else {
          if client >= 0 { Glibc.close(client) }
          return
        }
        self.serve(client)
      }
    }
  }

  /// Counts from now on, or no more: what passes until then passes.
  func arm(_ isArmed: Bool) {
    state.withLock { state in
      state.isArmed = isArmed
      (state.requested, state.answered, state.bursts) = (0, 0, [])
    }
  }

  /// Ends it.
  func close() {
    shutdown(listening, Int32(SHUT_RDWR))
    Glibc.close(listening)
  }

  private func serve(_ client: Int32) {
    let upstream = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let isReached = try? Self.withAddress(server) { connect(upstream, $0, $1) == 0 }
    guard isReached == true, !(isLast && wasCut) else {
      Glibc.close(client)
      Glibc.close(upstream)
      return
    }
    let isCounted = state.withLock { state in
      state.connections += 1
      return state.connections == 2
    }
    for (from, to, isRequest) in [(client, upstream, true), (upstream, client, false)] {
      Thread.detachNewThread { self.pass(from, to, isRequest: isRequest, isCounted: isCounted) }
    }
  }

  private func pass(_ from: Int32, _ to: Int32, isRequest: Bool, isCounted: Bool) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(from, &buffer, buffer.count)
      guard count > 0 else { break }
      if !isCounted, isRequest {
        state.withLock { if $0.connections > 2 { $0.requestedLater += count } }
      }
      let allowed = isCounted ? admit(buffer.prefix(count), isRequest: isRequest) : count
      var written = 0
      while written < allowed {
        let sent = buffer.withUnsafeBytes {
          send(
            to, $0.baseAddress?.advanced(by: written), allowed - written,
            Int32(MSG_NOSIGNAL))
        }
        guard sent > 0 else { break }
        written += sent
      }
      guard isCounted, wasCut else { continue }
      if manner == .fallSilent { return }
      break
    }
    shutdown(from, Int32(SHUT_RDWR))
    shutdown(to, Int32(SHUT_RDWR))
  }

  /// How many of the bytes may pass.
  private func admit(_ bytes: ArraySlice<UInt8>, isRequest: Bool) -> Int {
    let count = bytes.count
    return state.withLock { state in
      guard !state.wasCut else { return 0 }
      guard state.isArmed else { return count }
      let limit: Int
      switch (cut, isRequest) {
      case (.afterRequest(let bytes), true): limit = bytes - state.requested
      case (.afterAnswer(let bytes), false): limit = bytes - state.answered
      case (.commitAnswer, false):
        limit = Data(bytes).range(of: Data("COMMIT\0".utf8)) == nil ? .max : 0
      default: limit = .max
      }
      let allowed = min(count, max(0, limit))
      if limit <= count { state.wasCut = true }
      if isRequest {
        state.requested += allowed
        state.bursts.append(state.requested)
      } else {
        state.answered += allowed
      }
      return allowed
    }
  }

  private static func withAddress<Value>(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Value
  ) throws -> Value {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw POSIXError(.ENAMETOOLONG)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return try withUnsafePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        try body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}

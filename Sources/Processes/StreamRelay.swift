import Foundation
import Glibc

/// Passes on what a program writes, until both streams end, or the program has ended and those that
/// it left behind say nothing more.
struct StreamRelay {
  let child: pid_t
  /// The pipes that are still open, and where each goes.
  var streams: [(pipe: Pipe, to: CInt)]

  /// So much is still passed on after the program has ended, from pipes that others hold open.
  private static let drainLimit = 1 << 20

  init(child: pid_t, streams: [(Pipe, to: CInt)]) {
    self.child = child
    self.streams = streams.map { ($0.0, $0.to) }
  }

  mutating func run(_ seen: ([UInt8]) -> Void) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var hasEnded = false
    var drained = 0
    while !streams.isEmpty {
      var waiting = streams.map { pollfd(fd: $0.pipe.reading, events: Int16(POLLIN), revents: 0) }
      let count = poll(&waiting, nfds_t(waiting.count), hasEnded ? 0 : 50)
      if count < 0, errno != EINTR { return }
      // Asked before reading: what is in the pipe by now is all that the program itself wrote.
      let endedBefore = hasEnded
      hasEnded = hasEnded || Self.hasEnded(child)
      guard count > 0 else {
        if endedBefore { return }
        continue
      }
      for place in waiting.indices.reversed() where waiting[place].revents != 0 {
        let (pipe, target) = streams[place]
        let size = read(pipe.reading, &buffer, buffer.count)
        if size < 0, errno == EINTR { continue }
        guard size > 0 else {
          pipe.closeReading()
          streams.remove(at: place)
          continue
        }
        let bytes = Array(buffer[..<size])
        if !Self.write(bytes, to: target) {
          // Nobody reads any more: the program shall find out as it would without us.
          pipe.closeReading()
          streams.remove(at: place)
        }
        seen(bytes)
        if endedBefore { drained += size }
      }
      if drained > Self.drainLimit { return }
    }
  }

  /// Whether a process has ended; it is not reaped by that.
  private static func hasEnded(_ child: pid_t) -> Bool {
    var information = siginfo_t()
    guard waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT | WNOHANG) == 0 else {
      return errno != EINTR
    }
    return information.si_signo == SIGCHLD
  }

  private static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        let count = Glibc.write(descriptor, part.baseAddress, part.count)
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          var query = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&query, 1, -1)
        } else if errno != EINTR {
          return false
        }
      }
      return true
    }
  }
}

import CLibPQ
import Foundation
import Model

extension Session {
  /// Waits until an answer can be taken without blocking, and sends meanwhile what is still to be
  /// sent: a server whose answers nobody takes would stop taking statements.
  ///
  /// - Throws: `ServerError.lost` when the connection ended or the time is over.
  func wait(until deadline: ContinuousClock.Instant) throws {
    while true {
      let unsent = libpq.flush(connection)
      guard unsent >= 0 else { throw lost() }
      if libpq.isBusy(connection) == 0 { return }
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else {
        throw ServerError.lost("it has not answered for \(patience.components.seconds) seconds")
      }
      let descriptor = libpq.socket(connection)
      guard descriptor >= 0 else { throw lost() }
      let events = Int16(unsent > 0 ? POLLIN | POLLOUT : POLLIN)
      var polled = pollfd(fd: descriptor, events: events, revents: 0)
      let milliseconds = Int32(clamping: left.components.seconds * 1_000 + 1_000)
      let ready = poll(&polled, 1, min(milliseconds, 60_000))
      if ready < 0, errno != EINTR { throw lost() }
      // What the server said before the connection ended is taken first.
      if ready > 0, libpq.consumeInput(connection) != 1, libpq.isBusy(connection) != 0 {
        throw lost()
      }
    }
  }

  private func lost() -> ServerError { .lost(Self.text(libpq.errorMessage(connection))) }
}

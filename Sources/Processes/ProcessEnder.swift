import Glibc
import Synchronization

/// Ends one process group: asks first, waits, then forces. Signals go out only while the leader
/// is not reaped, so that they never reach a stranger who was given the same number.
final class ProcessEnder: Sendable {
  /// Why a process is ended before its time.
  enum Reason: Hashable, Sendable { case timedOut, cancelled, refused }

  private enum State {
    case spawning
    case running(pid_t)
    case ended
  }

  private struct Record {
    var state = State.spawning
    var reason: Reason?
  }

  private let record = Mutex(Record())
  private let graceMilliseconds: Int64

  init(graceMilliseconds: Int64) { self.graceMilliseconds = graceMilliseconds }

  /// Why the process was ended; `nil` when it ended by itself.
  var reason: Reason? { record.withLock { $0.reason } }

  /// Says that the process is there.
  func started(_ leader: pid_t) {
    let isDoomed = record.withLock {
      $0.state = .running(leader)
      return $0.reason != nil
    }
    if isDoomed { force() }
  }

  /// Asks the group to end, and forces it after the grace period. The first reason stands.
  func end(_ reason: Reason) {
    let isFirst = record.withLock { record in
      guard record.reason == nil else { return false }
      if case .ended = record.state { return false }
      record.reason = reason
      return true
    }
    guard isFirst else { return }
    if reason == .refused || graceMilliseconds <= 0 {
      force()
      return
    }
    signal(SIGTERM)
    // A stopped process takes its signal only when it goes on.
    signal(SIGCONT)
    Task {
      try? await Task.sleep(for: .milliseconds(graceMilliseconds))
      force()
    }
  }

  /// Says that the leader has ended and waits to be reaped: the last moment for signals.
  func leaderEnded(endsGroup: Bool) {
    record.withLock { record in
      guard case .running(let leader) = record.state else { return }
      if endsGroup || record.reason != nil { kill(-leader, SIGKILL) }
      record.state = .ended
    }
  }

  private func force() { signal(SIGKILL) }

  private func signal(_ number: CInt) {
    record.withLock { record in
      if case .running(let leader) = record.state { kill(-leader, number) }
    }
  }
}

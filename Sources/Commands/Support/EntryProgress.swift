import Foundation
import Synchronization

/// Says how far long work is: on a terminal one line that changes, elsewhere a plain line now and
/// then. Work that is soon done says nothing.
final class EntryProgress: Sendable {
  private struct Said: Sendable {
    var last: ContinuousClock.Instant
    var isOnLine = false
  }

  private let terminal: Terminal
  private let doing: String
  private let isTerminal: Bool
  private let begun = ContinuousClock.now
  private let said: Mutex<Said>

  /// Takes what is being done, such as "checked".
  init(_ doing: String, terminal: Terminal) {
    self.terminal = terminal
    self.doing = doing
    isTerminal = isatty(STDERR_FILENO) == 1
    said = Mutex(Said(last: begun))
  }

  /// Takes how much is done, and of how much.
  func tell(_ done: Int64, of all: Int64) {
    let now = ContinuousClock.now
    said.withLock { said in
      guard said.last.duration(to: now) > .milliseconds(isTerminal ? 250 : 10_000) else { return }
      said.last = now
      let line = "\(doing) \(done) of \(all) entries, \(rest(done, all, now))"
      if isTerminal {
        said.isOnLine = true
        terminal.write("\r\u{1b}[K\(line)")
      } else {
        terminal.note(line)
      }
    }
  }

  /// Leaves the line, so that what follows begins a new one.
  func end() {
    said.withLock { said in
      if said.isOnLine { terminal.write("\r\u{1b}[K") }
      said.isOnLine = false
    }
  }

  private func rest(_ done: Int64, _ all: Int64, _ now: ContinuousClock.Instant) -> String {
    let seconds = begun.duration(to: now) / .seconds(1)
    let left = Int(seconds / Double(max(done, 1)) * Double(all - done))
    return left < 120 ? "about \(left) s left" : "about \(left / 60) min left"
  }
}

import Dispatch
import Foundation
import Synchronization

/// Takes the signals that ask this process to end, and hands them to the one program that it runs.
///
/// What a terminal sends to all of its foreground group reaches that program by itself, and is not
/// sent twice.
public final class SignalForwarding: Sendable {
  private struct State {
    var child: pid_t?
    var hasEnded = false
    var waiting: [CInt] = []
    var sources: [any DispatchSourceSignal] = []
  }

  private let state = Mutex(State())
  /// Those that were not ignored before: the program shall see them as it would without us.
  let restored: [CInt]

  /// From here on the signals do not end this process, as long as this value is there.
  public init() {
    let numbers = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2]
    restored = numbers.filter { number in
      let before = signal(number, SIG_IGN)
      let wasIgnored = unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
      return !wasIgnored
    }
    for number in restored {
      state.withLock { state in
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { [weak self] in self?.take(number) }
        source.resume()
        state.sources.append(source)
      }
    }
  }

  deinit {
    state.withLock { state in
      for source in state.sources { source.cancel() }
      for number in restored { signal(number, SIG_DFL) }
    }
  }

  /// The program is there: what came before is handed on now.
  func started(_ child: pid_t) {
    state.withLock { state in
      state.child = child
      for number in state.waiting { kill(child, number) }
      state.waiting = []
    }
  }

  /// The program has ended and waits to be reaped: the last moment for signals. Later ones are
  /// passed over, since what it did is being recorded.
  func ended() {
    state.withLock {
      $0.child = nil
      $0.hasEnded = true
    }
  }

  private func take(_ number: CInt) {
    state.withLock { state in
      if let child = state.child {
        if (number == SIGINT || number == SIGQUIT), Self.terminalSpeaksToAll { return }
        kill(child, number)
      } else if !state.hasEnded {
        state.waiting.append(number)
      }
    }
  }

  /// Whether this process is in the foreground group of a terminal, to all of which it sends.
  private static var terminalSpeaksToAll: Bool {
    let terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)
    guard terminal >= 0 else { return false }
    defer { close(terminal) }
    return tcgetpgrp(terminal) == getpgrp()
  }
}

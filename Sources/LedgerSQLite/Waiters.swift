import Synchronization

/// How many writes are on the store's own thread, or wait for it.
final class Waiters: Sendable {
  private let count = Atomic<Int>(0)

  /// Whether a write would not stand behind another one.
  var isNobody: Bool { count.load(ordering: .relaxed) == 0 }

  /// One more.
  func come() { count.add(1, ordering: .relaxed) }

  /// One less.
  func go() { count.subtract(1, ordering: .relaxed) }
}

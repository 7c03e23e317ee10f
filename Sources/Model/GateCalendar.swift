/// Freezes and change windows of an environment as instants in UTC: what a policy says in local time,
/// expanded before a gate is asked, so that the gate knows no time zones.
public struct GateCalendar: Hashable, Sendable, Codable {
  /// From an instant on until before another.
  public struct Span: Hashable, Sendable, Codable {
    /// The first instant.
    public let from: Instant
    /// The first instant after it.
    public let to: Instant

    /// From one instant on until before another.
    public init(from: Instant, to: Instant) {
      self.from = from
      self.to = to
    }

    /// Whether an instant lies in it.
    public func contains(_ instant: Instant) -> Bool { from <= instant && instant < to }
  }

  /// The time that was expanded; windows outside of it are not known.
  public let covered: Span
  /// When nothing is released: one for each freeze of the policy, in its order.
  public let freezes: [Span]
  /// When releases may enter, by ascending start, for each window of the policy, in its order.
  public let windows: [[Span]]

  /// States what was expanded.
  public init(covered: Span, freezes: [Span], windows: [[Span]]) {
    self.covered = covered
    self.freezes = freezes
    self.windows = windows
  }
}

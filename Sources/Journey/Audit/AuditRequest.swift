public import Model

/// What an auditor asks: what changed, who approved it, what was tested.
public struct AuditRequest: Sendable, Encodable {
  /// The application.
  public let application: String
  /// From this time on, by the clock of whoever recorded.
  public let from: Instant
  /// Before this time.
  public let to: Instant
  /// Only changes of this environment.
  public let environment: String?
  /// Only changes about which a gate asked this control.
  public let control: String?
  /// Only changes in which this person or machine acted, by pseudonym.
  public let actor: String?

  /// States a question.
  ///
  /// - Throws: `Problem` with `badInput` when the period ends before it begins.
  public init(
    application: String, from: Instant, to: Instant, environment: String? = nil,
    control: String? = nil, actor: String? = nil
  ) throws {
    guard from < to else {
      throw Problem(.badInput, "the period from \(from) to \(to) is empty")
    }
    self.application = application
    self.from = from
    self.to = to
    self.environment = environment
    self.control = control
    self.actor = actor
  }

  /// The beginning of a period: a time (RFC 3339), or a date, which begins at 00:00 UTC.
  ///
  /// - Throws: `Problem` with `badInput`.
  public static func beginning(_ text: String) throws -> Instant {
    if let instant = Instant(text) ?? Instant("\(text)T00:00:00Z") { return instant }
    throw Problem(
      .badInput, "\"\(text)\" is no date and no time",
      advice: "Write 2026-11-23, or 2026-11-23T11:30:00Z.")
  }

  /// The end of a period: a time, or a date, of which the whole day (UTC) belongs to the period.
  ///
  /// - Throws: `Problem` with `badInput`.
  public static func end(_ text: String) throws -> Instant {
    if let instant = Instant(text) { return instant }
    return try beginning(text).advanced(byMilliseconds: 86_400_000)
  }
}

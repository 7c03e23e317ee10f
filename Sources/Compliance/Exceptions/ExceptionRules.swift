public import Model

/// What a policy lets people do beside the way through an environment's gate; what it does not say,
/// nobody may.
public struct ExceptionRules: Hashable, Sendable, Codable {
  /// Who may state an exception, for how long, and for what never.
  public struct Permission: Hashable, Sendable, Codable {
    /// Roles whose word counts.
    public let roles: [Role]
    /// How many days it may last at most.
    public let maximumDays: Int
    /// Ids of controls, or beginnings of ids that end with `*`, for which nobody's word counts.
    public let never: [String]

    /// The days that may be said.
    static let days = 1...3_650

    /// Whether nobody may except a control.
    public func isForbidden(_ control: String) -> Bool {
      never.contains { pattern in
        pattern.hasSuffix("*")
          ? control.utf8.starts(with: pattern.utf8.dropLast()) : pattern.isSame(as: control)
      }
    }
  }

  /// Who may open the gate in an emergency, and who reviews it.
  public struct BreakGlassRule: Hashable, Sendable, Codable {
    /// Roles of which one person may open the gate; empty where only agreed emergencies may.
    public let roles: [Role]
    /// For how many hours at most.
    public let hours: Int
    /// Within how many days it must be reviewed.
    public let reviewDays: Int
    /// Roles that may review it.
    public let reviewers: [Role]

    /// The hours that may be said.
    static let hours = 1...168
    /// The days that may be said.
    static let days = 1...90
  }

  /// A class of emergencies that was agreed beforehand.
  public struct Emergency: Hashable, Sendable, Codable {
    /// Its name.
    public let name: String
    /// Who must sign before the gate opens, each person counted once.
    public let signers: [TrustRoot.Requirement]
    /// Who else must sign within hours, or the gate is shut again and the review is due.
    public let second: [TrustRoot.Requirement]
    /// Within how many hours; `nil` where nobody else need sign.
    public let secondWithinHours: Int?
  }

  /// A time in which nothing is released, in local time.
  public struct Freeze: Hashable, Sendable, Codable {
    /// From when on.
    public let from: LocalMoment
    /// Until before when.
    public let to: LocalMoment
    /// The time zone's name in the IANA database.
    public let zone: String
    /// Why, for those who wait.
    public let reason: String
  }

  /// When releases may enter, week by week, in local time.
  public struct Window: Hashable, Sendable, Codable {
    /// The days on which it begins.
    public let days: [Weekday]
    /// Minutes after midnight at which it begins.
    public let from: Int
    /// Minutes after midnight before which it ends; not after `from` for one that goes past midnight.
    public let to: Int
    /// The time zone's name in the IANA database.
    public let zone: String
  }

  /// Who may waive a control.
  public let waivers: Permission?
  /// Who may say of a vulnerability that there is nothing to mend; `never` names vulnerabilities.
  public var vex: Permission?
  /// Who may say that a control does not apply.
  public let outOfScope: Permission?
  /// Who may let the gate only report; the days count from the first observation on.
  public let observeOnly: Permission?
  /// Who may open the gate in an emergency.
  public let breakGlass: BreakGlassRule?
  /// Emergencies that were agreed beforehand.
  public let emergencies: [Emergency]
  /// Times in which nothing is released.
  public let freezes: [Freeze]
  /// Times in which releases may enter; at any time where there is none.
  public let windows: [Window]
  /// What is asked less of a release that was acquired; `nil` for nothing.
  public var acquired: AcquiredRule?

  /// Nothing is allowed, and nothing is shut.
  public static let none = ExceptionRules(
    waivers: nil, outOfScope: nil, observeOnly: nil, breakGlass: nil, emergencies: [], freezes: [],
    windows: [])

  /// Whether the gate must know the calendar.
  public var needsCalendar: Bool { !freezes.isEmpty || !windows.isEmpty }

  /// Whether nothing is said.
  var isEmpty: Bool {
    waivers == nil && vex == nil && outOfScope == nil && observeOnly == nil && breakGlass == nil
      && emergencies.isEmpty && !needsCalendar && acquired == nil
  }
}

/// A day of the week.
public enum Weekday: String, Sendable, Codable, CaseIterable {
  case monday, tuesday, wednesday, thursday, friday, saturday, sunday
}

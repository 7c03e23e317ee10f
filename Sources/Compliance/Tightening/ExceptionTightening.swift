import Model

/// Whether an environment's exceptions are at most those of another: fewer roles, shorter times, the
/// same freezes or more.
struct ExceptionTightening {
  let least: ExceptionRules
  let own: ExceptionRules

  /// Everything that is loosened, a sentence each.
  var faults: [String] {
    permission("waivers", least.waivers, own.waivers) + permission("vex", least.vex, own.vex)
      + permission("out-of-scope", least.outOfScope, own.outOfScope)
      + permission("observe-only", least.observeOnly, own.observeOnly) + breakGlass + emergencies
      + freezes + windows + acquired
  }

  private var acquired: [String] {
    (own.acquired?.notApplicable ?? [])
      .filter { !(least.acquired?.notApplicable.contains($0) ?? false) }
      .map { "\"acquired\" does without \"\($0)\"" }
  }

  private func permission(
    _ key: String, _ least: ExceptionRules.Permission?, _ own: ExceptionRules.Permission?
  ) -> [String] {
    guard let own else { return [] }
    guard let least else { return ["it allows \"\(key)\", which the organisation's does not"] }
    var faults = roles(key, least.roles, own.roles)
    if own.maximumDays > least.maximumDays {
      faults.append("\"\(key)\" lasts \(own.maximumDays) days, not \(least.maximumDays)")
    }
    return faults
      + least.never.filter { !own.never.contains($0) }.map {
        "\"\(key)\" does not leave out \"\($0)\""
      }
  }

  private func roles(_ key: String, _ least: [Role], _ own: [Role]) -> [String] {
    own.filter { !least.contains($0) }.map { "\"\(key)\" lets the role \"\($0.rawValue)\" do it" }
  }

  private var breakGlass: [String] {
    guard let rule = own.breakGlass else { return [] }
    guard let least = least.breakGlass else {
      return ["it allows \"break-glass\", which the organisation's does not"]
    }
    var faults =
      roles("break-glass", least.roles, rule.roles)
      + roles("break-glass reviewers", least.reviewers, rule.reviewers)
    if rule.hours > least.hours {
      faults.append("\"break-glass\" lasts \(rule.hours) hours, not \(least.hours)")
    }
    if rule.reviewDays > least.reviewDays {
      faults.append(
        "\"break-glass\" is reviewed in \(rule.reviewDays) days, not \(least.reviewDays)")
    }
    return faults
  }

  private var emergencies: [String] {
    own.emergencies.flatMap { emergency -> [String] in
      let name = "the emergency \"\(emergency.name)\""
      guard let same = least.emergencies.first(where: { $0.name.isSame(as: emergency.name) }) else {
        return ["it has \(name), which the organisation's has not"]
      }
      var faults: [String] = []
      if !Self.covers(emergency.signers, same.signers)
        || !Self.covers(emergency.second, same.second)
      {
        faults.append("\(name) asks for fewer people")
      }
      if let hours = same.secondWithinHours,
        emergency.secondWithinHours.map({ $0 > hours }) ?? true
      {
        faults.append("\(name) gives the second person longer than \(hours) hours")
      }
      return faults
    }
  }

  private static func covers(
    _ own: [TrustRoot.Requirement], _ least: [TrustRoot.Requirement]
  ) -> Bool {
    least.allSatisfy { rule in own.contains { $0.role == rule.role && $0.count >= rule.count } }
  }

  private var freezes: [String] {
    least.freezes.compactMap { freeze in
      let isKept = own.freezes.contains {
        $0.zone.isSame(as: freeze.zone) && $0.from <= freeze.from && freeze.to <= $0.to
      }
      return isKept ? nil : "it does not keep the freeze from \(freeze.from) to \(freeze.to)"
    }
  }

  /// Without windows releases may enter at any time.
  private var windows: [String] {
    guard !least.windows.isEmpty else { return [] }
    guard !own.windows.isEmpty else { return ["it lets releases in outside of the windows"] }
    return own.windows.compactMap { window in
      least.windows.contains { Self.lies(window, within: $0) }
        ? nil : "a window of its own lies outside of the organisation's windows"
    }
  }

  private static func lies(
    _ window: ExceptionRules.Window, within other: ExceptionRules.Window
  ) -> Bool {
    guard window.zone.isSame(as: other.zone), Set(window.days).isSubset(of: other.days) else {
      return false
    }
    if window.from == other.from, window.to == other.to { return true }
    return window.from < window.to && other.from < other.to && other.from <= window.from
      && window.to <= other.to
  }
}

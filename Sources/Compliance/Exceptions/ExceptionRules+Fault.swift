import Model

extension ExceptionRules {
  /// What speaks against these rules, in words that begin with the key; `nil` for nothing. A pinned
  /// policy is held to it too.
  var fault: String? {
    permissionFault(waivers, "waivers") ?? permissionFault(outOfScope, "out-of-scope")
      ?? permissionFault(observeOnly, "observe-only") ?? permissionFault(vex, "vex")
      ?? breakGlassFault ?? emergencyFault
      ?? freezeFault ?? windowFault ?? acquiredFault
  }

  private func permissionFault(_ permission: Permission?, _ key: String) -> String? {
    guard let permission else { return nil }
    guard Permission.days.contains(permission.maximumDays) else {
      return
        "\"\(key)\" lasts from \(Permission.days.lowerBound) to \(Permission.days.upperBound) days"
    }
    return rolesFault(permission.roles, "\"\(key)\" needs \"roles\": whose word counts")
      ?? permission.never.first { key != "vex" && !Self.isPattern($0) }.map {
        "\"\(key)\" names \"\($0)\", which is no id of a control and no beginning of one with *"
      }
  }

  private var breakGlassFault: String? {
    guard let breakGlass else {
      return emergencies.isEmpty
        ? nil : "\"emergency\" needs \"break-glass\", which says who reviews it"
    }
    guard BreakGlassRule.hours.contains(breakGlass.hours),
      BreakGlassRule.days.contains(breakGlass.reviewDays)
    else { return "\"break-glass\" lasts for hours or is reviewed in days that cannot be" }
    if breakGlass.roles.isEmpty, emergencies.isEmpty {
      return "\"break-glass\" needs \"roles\": who may open the gate"
    }
    return
      (breakGlass.roles.isEmpty
      ? nil : rolesFault(breakGlass.roles, "\"break-glass\" names no role"))
      ?? rolesFault(
        breakGlass.reviewers,
        "\"break-glass\" needs \"reviewers\": without a review it would be a"
          + " way around the gate")
  }

  private var emergencyFault: String? {
    var names: Set<String> = []
    for emergency in emergencies {
      guard Actor.isIdentifier(emergency.name), names.insert(emergency.name).inserted else {
        return "\"emergency\" has the class \"\(emergency.name)\" twice, or it is no identifier"
      }
      guard !emergency.signers.isEmpty else {
        return "\"emergency\" class \"\(emergency.name)\" needs \"signers\""
      }
      guard emergency.second.isEmpty == (emergency.secondWithinHours == nil) else {
        return "\"emergency\" class \"\(emergency.name)\" needs \"second\" and"
          + " \"second-within-hours\", or neither"
      }
      for list in [emergency.signers, emergency.second] {
        let roles = list.map(\.role)
        guard Set(roles).count == roles.count, list.allSatisfy({ Policy.counts.contains($0.count) })
        else { return "\"emergency\" class \"\(emergency.name)\" says a role twice; use \"count\"" }
      }
    }
    return nil
  }

  private var freezeFault: String? {
    guard freezes.count <= 200 else { return "\"freezes\" has more than 200" }
    return freezes.first { $0.to <= $0.from }.map {
      "\"freezes\": the one from \($0.from) ends before it begins"
    }
      ?? freezes.first { !Self.isZone($0.zone) }.map {
        "\"freezes\": \"\($0.zone)\" is no time zone"
      }
  }

  private var windowFault: String? {
    guard windows.count <= 100 else { return "\"windows\" has more than 100" }
    for window in windows {
      guard !window.days.isEmpty, Set(window.days).count == window.days.count else {
        return "\"windows\" needs \"days\", each once"
      }
      guard (0..<1_440).contains(window.from), (1...1_440).contains(window.to),
        window.from != window.to
      else { return "\"windows\": a window ends when it begins" }
      guard Self.isZone(window.zone) else {
        return "\"windows\": \"\(window.zone)\" is no time zone"
      }
    }
    return nil
  }

  private func rolesFault(_ roles: [Role], _ words: String) -> String? {
    guard !roles.isEmpty else { return words }
    return Set(roles).count == roles.count && roles.allSatisfy { Actor.isIdentifier($0.rawValue) }
      ? nil : "\(words) — each once, as identifiers"
  }

  private static func isPattern(_ text: String) -> Bool {
    text == "*" || Actor.isIdentifier(text.hasSuffix("*") ? text.dropLast() : text[...])
  }

  /// Whether a text has the form of a time zone's name; that there is such a zone is found out where
  /// it is expanded.
  private static func isZone(_ text: String) -> Bool {
    text.utf8.count <= 64 && text.utf8.first != 0x2f && !text.isEmpty && !text.contains("..")
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
          || [0x2f, 0x5f, 0x2d, 0x2b].contains($0)
      }
  }
}

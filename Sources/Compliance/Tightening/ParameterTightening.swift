import Model
import Reading

/// Whether a policy sets the catalogs' parameters as another does: whether a greater number asks more
/// or less, no program can tell, but for the age that evidence may have.
struct ParameterTightening {
  let least: PolicyBundle
  let own: PolicyBundle

  /// Everything that is loosened, a sentence each.
  var faults: [String] {
    least.parameters.compactMap { parameter in
      let name = parameter.name
      let same = own.parameters.first { $0.name.isSame(as: name) }
      guard let same, same != parameter else { return nil }
      if case .integer(let days) = parameter.value, case .integer(let team) = same.value,
        isAgeAlone(name)
      {
        return team <= days ? nil : "it sets \"\(name)\" to \(team) days, not \(days)"
      }
      return "it sets \"\(name)\" to another value, which only the organisation's may"
    }
  }

  /// Whether the checks ask a parameter as nothing but the age of evidence.
  private func isAgeAlone(_ name: String) -> Bool {
    let checks = least.catalogs.flatMap(\.controls).flatMap(\.checks)
    let ages = checks.count { check in
      guard case .parameter(let asked)? = check.maximumAge else { return false }
      return asked.isSame(as: name)
    }
    // Every place where the name stands in the checks as they are written, expressions included.
    let mentions = checks.reduce(0) { count, check in
      let bytes = (try? CanonicalJSON.write(check)) ?? []
      return count + String(decoding: bytes, as: UTF8.self).ranges(of: name).count
    }
    return ages > 0 && mentions == ages
  }
}

/// Finds what type parameters stand for.
struct Unifier {
  private var known: [String: CELType] = [:]
  private var made = 0

  /// A type variable that nothing else uses.
  mutating func variable() -> CELType {
    made += 1
    return .parameter("@\(made)")
  }

  /// Whether values of one type may stand where the other is wanted; learns parameters if so.
  mutating func isAssignable(_ from: CELType, _ to: CELType) -> Bool {
    var attempt = self
    guard attempt.assign(from, to, 0) else { return false }
    self = attempt
    return true
  }

  /// The same for lists of types; nothing is learned when one does not fit.
  mutating func areAssignable(_ from: [CELType], _ to: [CELType]) -> Bool {
    guard from.count == to.count else { return false }
    var attempt = self
    for (one, other) in zip(from, to) where !attempt.assign(one, other, 0) { return false }
    self = attempt
    return true
  }

  /// The more general of two types that agree.
  func mostGeneral(_ left: CELType, _ right: CELType) -> CELType {
    isEqualOrLessSpecific(left, right) ? left : right
  }

  /// A type with its parameters replaced; unknown ones become `dyn` when asked.
  func substitute(_ type: CELType, unknownAsDyn: Bool, depth: Int = 0) -> CELType {
    guard depth < 300 else { return .dyn }
    if case .parameter(let name) = type {
      if let found = known[name] {
        return substitute(found, unknownAsDyn: unknownAsDyn, depth: depth + 1)
      }
      return unknownAsDyn ? .dyn : type
    }
    let inside = type.parameters
    guard !inside.isEmpty else { return type }
    return type.with(
      inside.map { substitute($0, unknownAsDyn: unknownAsDyn, depth: depth + 1) })
  }

  /// A declared form with type variables of its own in place of its parameters.
  mutating func instance(of overload: Overload) -> (parameters: [CELType], result: CELType) {
    var fresh: [String: CELType] = [:]
    let parameters = overload.parameters.map { rename($0, &fresh) }
    return (parameters, rename(overload.result, &fresh))
  }

  private mutating func rename(_ type: CELType, _ fresh: inout [String: CELType]) -> CELType {
    if case .parameter(let name) = type {
      if let known = fresh[name] { return known }
      let made = variable()
      fresh[name] = made
      return made
    }
    let inside = type.parameters
    guard !inside.isEmpty else { return type }
    var renamed: [CELType] = []
    for part in inside { renamed.append(rename(part, &fresh)) }
    return type.with(renamed)
  }

  // MARK: Assigning

  private mutating func assign(_ from: CELType, _ to: CELType, _ depth: Int) -> Bool {
    guard depth < 300 else { return false }
    if case .parameter(let name) = to {
      let (isValid, hasKnown) = stand(from, name, depth)
      if isValid { return true }
      if hasKnown { return false }
    }
    if case .parameter(let name) = from { return stand(to, name, depth).isValid }
    if from.isDyn || to.isDyn { return true }
    if from == .null { return acceptsNull(to) }
    if to == .null { return acceptsNull(from) }
    switch (from, to) {
    case (.type, .type): return true
    case (.list(let a), .list(let b)), (.optional(let a), .optional(let b)):
      return assign(a, b, depth + 1)
    case (.map(let a, let x), .map(let b, let y)):
      return assign(a, b, depth + 1) && assign(x, y, depth + 1)
    case (.object, .map(let key, let value)), (.map(let key, let value), .object):
      return assign(.string, key, depth + 1) && assign(.dyn, value, depth + 1)
    case (.opaque(let a, let all), .opaque(let b, let others)):
      guard a == b, all.count == others.count else { return false }
      for (one, other) in zip(all, others) where !assign(one, other, depth + 1) { return false }
      return true
    default: return from == to
    }
  }

  /// Whether a type can be what a parameter stands for, and whether something was known of it.
  private mutating func stand(
    _ type: CELType, _ name: String, _ depth: Int
  ) -> (isValid: Bool, hasKnown: Bool) {
    if type == .parameter(name) { return (true, true) }
    if let old = known[name] {
      if type == old { return (true, true) }
      guard assign(type, old, depth + 1) else { return (false, true) }
      let general = mostGeneral(type, old)
      if !occurs(name, in: general, 0) { known[name] = general }
      return (true, true)
    }
    guard !occurs(name, in: type, 0) else { return (false, false) }
    known[name] = type
    return (true, false)
  }

  private func occurs(_ name: String, in type: CELType, _ depth: Int) -> Bool {
    guard depth < 300 else { return true }
    if case .parameter(let other) = type {
      if other == name { return true }
      return known[other].map { occurs(name, in: $0, depth + 1) } ?? false
    }
    return type.parameters.contains { occurs(name, in: $0, depth + 1) }
  }

  /// Null stands for objects, times and other types that are no plain values.
  private func acceptsNull(_ type: CELType) -> Bool {
    switch type {
    case .null, .object, .optional, .opaque, .timestamp, .duration: true
    default: false
    }
  }

  private func isEqualOrLessSpecific(_ left: CELType, _ right: CELType) -> Bool {
    if left.isDyn { return true }
    if case .parameter = left { return true }
    if right.isDyn { return false }
    if case .parameter = right { return false }
    switch (left, right) {
    case (.type, .type): return true
    case (_, .null) where acceptsNull(left): return true
    case (.list, .list), (.optional, .optional), (.map, .map), (.opaque, .opaque):
      let (a, b) = (left.parameters, right.parameters)
      return a.count == b.count && zip(a, b).allSatisfy { isEqualOrLessSpecific($0, $1) }
    default: return left == right
    }
  }
}

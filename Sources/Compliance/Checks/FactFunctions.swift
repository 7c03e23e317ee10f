import CEL

/// What checks ask of the facts of a person's statement, which are texts by name.
///
/// A fact that is not stated, or that is no number or day where one is asked for, never meets
/// anything: each function is then false, so that a condition without negation fails closed, and
/// one slip of a pen does not end all judging with an error.
enum FactFunctions {
  private typealias Body = @Sendable ([CELValue]) -> Bool

  static let all: [Function] = [
    function("says", [.string, .string]) { arguments in
      guard let stated = fact(arguments, 1), let word = text(arguments, 2) else { return false }
      return stated.isSame(as: word)
    },
    function("atMost", [.string, .int], [.string, .double]) { arguments in
      guard let stated = Self.number(arguments, 1), let limit = bound(arguments, 2) else {
        return false
      }
      return stated <= limit
    },
    function("atLeast", [.string, .int], [.string, .double]) { arguments in
      guard let stated = Self.number(arguments, 1), let limit = bound(arguments, 2) else {
        return false
      }
      return stated >= limit
    },
    function("reaches", [.string, .string]) { arguments in
      guard let stated = Self.number(arguments, 1), let other = Self.number(arguments, 2) else {
        return false
      }
      return stated >= other
    },
    function("isDay", [.string]) { FactMoment(fact($0, 1))?.isDay ?? false },
    function("isTime", [.string]) { FactMoment(fact($0, 1)) != nil },
    function("notBefore", [.string, .string]) { arguments in
      guard let stated = FactMoment(fact(arguments, 1)),
        let other = FactMoment(fact(arguments, 2))
      else { return false }
      return stated.last >= other.first
    },
    function("lasts", [.string, .timestamp]) { arguments in
      guard let stated = FactMoment(fact(arguments, 1)), let time = moment(arguments, 2) else {
        return false
      }
      return stated.last >= time
    },
    function(
      "inTime", [.string, .string, .duration, .timestamp],
      [.string, .string, .duration, .timestamp, .string]
    ) { arguments in
      guard let from = FactMoment(fact(arguments, 1)), arguments.count > 4,
        case .duration(let span) = arguments[3], let time = moment(arguments, 4),
        let delay = delay(arguments, 5)
      else { return false }
      let end = from.last + span.nanoseconds / 1_000_000_000 + delay * 86_400
      guard isStated(arguments, 2) else { return time <= end }
      guard let to = FactMoment(fact(arguments, 2)) else { return false }
      return to.last >= from.first && to.first <= end
    },
    function("inYearAfter", [.string, .string, .int, .timestamp]) { arguments in
      guard let from = FactMoment(fact(arguments, 1)), arguments.count > 4,
        case .int(let days) = arguments[3], (1...366).contains(days),
        let time = moment(arguments, 4),
        let newYear = CELTimestamp("\(from.year + 1)-01-01T00:00:00Z")
      else { return false }
      let end = newYear.seconds + days * 86_400 - 1
      guard isStated(arguments, 2) else { return time <= end }
      guard let to = FactMoment(fact(arguments, 2)) else { return false }
      return to.last >= from.first && to.first <= end
    },
  ]

  /// A function of the facts, such as `evidence.facts.atMost("hours", 72)`.
  private static func function(
    _ name: String, _ forms: [CELType]..., body: @escaping Body
  ) -> Function {
    let overloads = forms.map {
      Overload(isMember: true, parameters: [.map(.string, .string)] + $0, result: .bool)
    }
    return Function(name, overloads) { .bool(body($0)) }
  }

  private static func text(_ arguments: [CELValue], _ place: Int) -> String? {
    arguments.indices.contains(place) ? arguments[place].text : nil
  }

  /// The fact that an argument names.
  private static func fact(_ arguments: [CELValue], _ place: Int) -> String? {
    guard let name = text(arguments, place), let facts = arguments.first else { return nil }
    return facts[name]?.text
  }

  private static func isStated(_ arguments: [CELValue], _ place: Int) -> Bool {
    guard let name = text(arguments, place), let facts = arguments.first else { return false }
    return facts[name] != nil
  }

  /// The fact that an argument names, as a number that is not negative.
  private static func number(_ arguments: [CELValue], _ place: Int) -> Double? {
    fact(arguments, place).flatMap(number)
  }

  /// Digits, and a fraction where there is one: no sign, no exponent, nothing beyond 10¹².
  private static func number(_ text: String) -> Double? {
    let digits: ClosedRange<UInt8> = 0x30...0x39
    let parts = text.utf8.split(separator: 0x2e, omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count),
      parts.allSatisfy({ (1...12).contains($0.count) && $0.allSatisfy { digits.contains($0) } })
    else { return nil }
    return Double(text)
  }

  private static func bound(_ arguments: [CELValue], _ place: Int) -> Double? {
    guard arguments.indices.contains(place) else { return nil }
    switch arguments[place] {
    case .int(let number): return Double(number)
    case .double(let number): return number
    default: return nil
    }
  }

  private static func moment(_ arguments: [CELValue], _ place: Int) -> Int64? {
    guard arguments.indices.contains(place), case .timestamp(let time) = arguments[place] else {
      return nil
    }
    return time.seconds
  }

  /// Days that a fact adds to a time limit: none where it is not stated.
  private static func delay(_ arguments: [CELValue], _ place: Int) -> Int64? {
    guard arguments.indices.contains(place), isStated(arguments, place) else { return 0 }
    guard let days = Self.number(arguments, place), days <= 3650 else { return nil }
    return Int64(days)
  }
}

/// A day or a time that a fact states: `2026-03-01`, or RFC 3339.
private struct FactMoment {
  /// Its first and its last second since 1970: those of the day, where it is one.
  let first: Int64
  let last: Int64
  let year: Int
  let isDay: Bool

  init?(_ text: String?) {
    guard let text else { return nil }
    isDay = text.utf8.count == 10
    guard let time = CELTimestamp(isDay ? text + "T00:00:00Z" : text),
      let year = Int(text.prefix(4)), (1970...9000).contains(year)
    else { return nil }
    self.year = year
    first = time.seconds
    last = time.seconds + (isDay ? 86_399 : 0)
  }
}

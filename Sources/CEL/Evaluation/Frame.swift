/// The values of the variables of one evaluation.
public struct Activation: Sendable, ExpressibleByDictionaryLiteral {
  /// The values by name.
  public var values: [String: CELValue]

  /// An activation of these values.
  public init(_ values: [String: CELValue] = [:]) { self.values = values }

  /// An activation of these values; of equal names the last counts.
  public init(dictionaryLiteral elements: (String, CELValue)...) {
    values = Dictionary(elements) { $1 }
  }
}

/// What one evaluation holds: variables, the macros' names, and what is left of the budget.
struct Frame {
  let activation: Activation
  let timeZones: Environment.TimeZones?
  /// The variables that were asked for, by their number in the program.
  var variables: [CELValue?]
  /// The values of the names that macros bind.
  var slots: [CELValue]
  /// Why a name that `cel.bind` bound has no value, by its place in `slots`.
  var failures: [Int: Fault] = [:]
  /// The units of work that are left.
  var budget: Int
  /// The records of the trace, when there is one.
  var trace: [Traced] = []

  /// Takes units of work off the budget.
  mutating func charge(_ units: Int) throws(Fault) {
    budget -= units
    if budget < 0 { throw Fault.budget }
  }

  /// Takes the size of a text or of bytes off the budget, before something reads them.
  mutating func charge(reading value: CELValue) throws(Fault) {
    switch value {
    case .string(let text): try charge(text.utf8.count / 16)
    case .bytes(let bytes): try charge(bytes.count / 16)
    default: break
    }
  }

  /// Equality, counted.
  mutating func areEqual(_ left: CELValue, _ right: CELValue) throws(Fault) -> Bool {
    let areEqual = try Equality.areEqual(left, right, budget: &budget, depth: 0)
    try charge(0)
    return areEqual
  }
}

/// One record of a trace, before its place is turned into words.
struct Traced {
  let range: Range<Int>
  let value: CELValue?
  let message: String
}

/// A part of a compiled program.
protocol Node: Sendable {
  /// The value of this part.
  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue
}

/// What functions do with their arguments.
typealias Implementation = @Sendable (inout Frame, [CELValue]) throws(Fault) -> CELValue

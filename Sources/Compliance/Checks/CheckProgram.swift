import CEL
import Model

/// A check whose expressions are compiled: once for a decision, however much evidence there is.
struct CheckProgram: Sendable {
  /// A condition, compiled.
  struct Condition: Sendable {
    /// `each` or `together`, and which of it, from 1.
    let name: String
    let program: Program
    let unmet: MessageTemplate?
    let otherwise: ControlState
  }

  /// Which expression cannot be compiled, and why.
  struct Fault: Error {
    /// The check's key.
    let key: String
    /// Which condition of a list.
    var place: Int?
    /// Whether it is the condition's message.
    var isMessage = false
    /// Scalars before the place in the text.
    let offset: Int
    let message: String
  }

  let check: Catalog.Check
  let about: Program?
  let series: Program?
  let silent: Program?
  let each: [Condition]
  let together: [Condition]
  let met: MessageTemplate?
  let togetherMet: MessageTemplate?
  /// Whether what is asked of each piece looks at where it stands, and not only at what it says.
  let readsEntry: Bool
  /// Whether a person's own word answers it, so that its signer is looked at.
  let asksPerson: Bool

  /// Compiles a check.
  ///
  /// - Throws: `Fault` for the first expression that cannot be compiled.
  init(_ check: Catalog.Check, parameters: [Catalog.Parameter]) throws(Fault) {
    let environment = CheckEnvironment(kinds: check.kinds, parameters: parameters)
    self.check = check
    about = try Self.program("about", check.about, .bool, environment.piece)
    series = try Self.program("series", check.series, nil, environment.piece)
    silent = try Self.program("silent", check.silent, .bool, environment.piece)
    each = try Self.conditions("each", check.each, environment.piece)
    together = try Self.conditions("together", check.together, environment.pieces)
    met = try Self.message("met", check.met, environment.piece)
    togetherMet = try Self.message("together-met", check.togetherMet, environment.pieces)
    asksPerson = check.asksPerson
    readsEntry = ([about, series, silent].compactMap(\.self) + each.map(\.program))
      .contains { $0.variables.contains("entry") }
  }

  private static func program(
    _ key: String, _ source: String?, _ type: CELType?, _ environment: Environment
  ) throws(Fault) -> Program? {
    guard let source else { return nil }
    let program: Program
    do throws(CELError) {
      program = try Program(source, in: environment)
    } catch {
      let offset = error.line > 1 ? 0 : error.column - 1
      throw Fault(key: key, offset: offset, message: "\"\(key)\" cannot be compiled: \(error)")
    }
    let fitting = type.map { [$0, .dyn] } ?? [.string, .list(.string), .dyn, .list(.dyn)]
    guard fitting.contains(program.resultType) else {
      throw Fault(
        key: key, offset: 0,
        message: "expected \"\(key)\" as \(fitting[0]), found \(program.resultType)")
    }
    return program
  }

  private static func conditions(
    _ key: String, _ conditions: [Catalog.Condition], _ environment: Environment
  ) throws(Fault) -> [Condition] {
    var compiled: [Condition] = []
    for (place, condition) in conditions.enumerated() {
      do throws(Fault) {
        guard let program = try program(key, condition.that, .bool, environment) else { continue }
        compiled.append(
          Condition(
            name: conditions.count == 1 ? key : "\(key) \(place + 1)", program: program,
            unmet: try message(key, condition.unmet, environment),
            otherwise: condition.otherwise == .stale ? .stale : .notMet))
      } catch {
        var fault = error
        fault.place = place
        throw fault
      }
    }
    return compiled
  }

  private static func message(
    _ key: String, _ text: String?, _ environment: Environment
  ) throws(Fault) -> MessageTemplate? {
    guard let text else { return nil }
    do throws(MessageTemplate.Fault) {
      return try MessageTemplate(text, in: environment)
    } catch {
      throw Fault(
        key: key, isMessage: true, offset: error.offset,
        message: "the message cannot be compiled: \(error.message)")
    }
  }
}

/// An expression that is compiled once and evaluated often.
public struct Program: Sendable {
  /// The source.
  public var source: String { compiled.source }
  /// The type of the result; `dyn` when the expression was not checked.
  public var resultType: CELType { compiled.resultType }
  /// The declared variables that it speaks of. One that was not checked may speak of others.
  public var variables: [String] { compiled.plan.variables }

  /// A class, so that a program is handed on by one reference.
  private final class Compiled: Sendable {
    let source: String
    let resultType: CELType
    let text: SourceText
    let environment: Environment
    let expression: Expression
    let isChecked: Bool
    let plan: Plan

    init(
      _ source: String, _ resultType: CELType, _ text: SourceText, _ environment: Environment,
      _ expression: Expression, isChecked: Bool, _ plan: Plan
    ) {
      self.source = source
      self.resultType = resultType
      self.text = text
      self.environment = environment
      self.expression = expression
      self.isChecked = isChecked
      self.plan = plan
    }
  }

  private let compiled: Compiled

  private struct Plan: Sendable {
    let node: any Node
    let variables: [String]
    let slots: Int
  }

  /// Compiles an expression.
  ///
  /// - Parameters:
  ///   - source: The expression.
  ///   - environment: What it may speak of.
  ///   - isChecked: Whether types are checked. Without it undeclared names and functions are
  ///     errors only when they are reached.
  /// - Throws: `CELError` with line and column.
  public init(
    _ source: String, in environment: Environment, isChecked: Bool = true
  ) throws(CELError) {
    let text = SourceText(source)
    do throws(Fault) {
      let tree = try Parser.parse(text, limits: environment.limits)
      // Planned without types first: it bounds how deep the values nest, and so their types.
      _ = try Program.plan(tree, environment, false, isTracing: false)
      let type = isChecked ? try Checker.check(tree, in: environment) : .dyn
      let plan = try Program.plan(tree, environment, isChecked, isTracing: false)
      compiled = Compiled(source, type, text, environment, tree, isChecked: isChecked, plan)
    } catch {
      throw text.error(error)
    }
  }

  private static func plan(
    _ tree: Expression, _ environment: Environment, _ isChecked: Bool, isTracing: Bool
  ) throws(Fault) -> Plan {
    var planner = Planner(environment: environment, isChecked: isChecked, isTracing: isTracing)
    let node = try planner.plan(tree).node
    return Plan(node: node, variables: planner.variables, slots: planner.slotCount)
  }

  private func frame(_ plan: Plan, _ activation: Activation) -> Frame {
    Frame(
      activation: activation, timeZones: compiled.environment.timeZones,
      variables: Array(repeating: nil, count: plan.variables.count),
      slots: Array(repeating: .null, count: plan.slots), budget: compiled.environment.limits.cost)
  }

  /// The value for these variables.
  ///
  /// - Throws: `CELError`: what failed, or which limit was met.
  public func evaluate(_ activation: Activation = Activation()) throws(CELError) -> CELValue {
    var frame = frame(compiled.plan, activation)
    do throws(Fault) {
      return try Program.run(compiled.plan, &frame)
    } catch {
      throw compiled.text.error(error)
    }
  }

  private static func run(_ plan: Plan, _ frame: inout Frame) throws(Fault) -> CELValue {
    let value = try plan.node.evaluate(&frame)
    // Values that share parts can be far larger than the work that made them.
    try frame.chargeResult(value, depth: 0)
    return value
  }

  /// The value and the cost in units, and the value of every part on the way.
  ///
  /// - Throws: `CELError` when the expression cannot be compiled for tracing; errors of the
  ///   evaluation are in the result.
  public func trace(_ activation: Activation = Activation()) throws(CELError) -> Trace {
    let traced: Plan
    do throws(Fault) {
      traced = try Program.plan(
        compiled.expression, compiled.environment, compiled.isChecked, isTracing: true)
    } catch {
      throw compiled.text.error(error)
    }
    var frame = frame(traced, activation)
    let result: Result<CELValue, CELError>
    do throws(Fault) {
      result = .success(try Program.run(traced, &frame))
    } catch {
      result = .failure(compiled.text.error(error))
    }
    return Trace(
      result: result, cost: compiled.environment.limits.cost - frame.budget,
      records: frame.trace.map { Trace.Record($0, in: compiled.text) })
  }
}

extension Frame {
  /// Counts a result's parts, so that whoever prints it has a bound.
  fileprivate mutating func chargeResult(_ value: CELValue, depth: Int) throws(Fault) {
    switch value {
    case .list(let list):
      guard depth < Equality.maximumDepth else {
        throw Fault(.depth, "the result is nested too deeply")
      }
      try charge(list.count)
      for element in list { try chargeResult(element, depth: depth + 1) }
    case .map(let map):
      guard depth < Equality.maximumDepth else {
        throw Fault(.depth, "the result is nested too deeply")
      }
      try charge(map.count)
      for entry in map.entries { try chargeResult(entry.value, depth: depth + 1) }
    case .optional(.some(let inside)): try chargeResult(inside, depth: depth + 1)
    default: break
    }
  }
}

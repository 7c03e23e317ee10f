import CEL
import Foundation

/// One case of the conformance vectors.
struct VectorCase: Decodable {
  /// A typed value: a type's name and, in a form of its own for each type, the value.
  struct Typed: Decodable {
    let value: CELValue

    private enum Key: String, CodingKey { case t, v, s, n }

    init(from decoder: any Decoder) throws {
      let box = try decoder.container(keyedBy: Key.self)
      func text() throws -> String { try box.decode(String.self, forKey: .v) }
      func parsed<Value>(_ found: Value?) throws -> Value {
        guard let found else { throw CocoaError(.coderInvalidValue) }
        return found
      }
      func time() throws -> (Int64, Int) {
        let inner = try box.nestedContainer(keyedBy: Key.self, forKey: .v)
        let seconds = try parsed(Int64(try inner.decode(String.self, forKey: .s)))
        return (seconds, try inner.decode(Int.self, forKey: .n))
      }
      switch try box.decode(String.self, forKey: .t) {
      case "null": value = .null
      case "bool": value = .bool(try box.decode(Bool.self, forKey: .v))
      case "int": value = .int(try parsed(Int64(try text())))
      case "uint": value = .uint(try parsed(UInt64(try text())))
      case "double": value = .double(try parsed(Double(try text())))
      case "string": value = .string(try text())
      case "bytes": value = .bytes(Array(try parsed(Data(base64Encoded: try text()))))
      case "type": value = .type(try text())
      case "list": value = .list(try box.decode([Typed].self, forKey: .v).map(\.value))
      case "map":
        var map = CELMap()
        for pair in try box.decode([[Typed]].self, forKey: .v) {
          map.insert(pair[0].value, pair[1].value)
        }
        value = .map(map)
      case "duration":
        let (seconds, nanoseconds) = try time()
        value = .duration(
          try parsed(CELDuration(seconds: seconds, nanoseconds: Int64(nanoseconds))))
      case "timestamp":
        let (seconds, nanoseconds) = try time()
        value = .timestamp(try parsed(CELTimestamp(seconds: seconds, nanoseconds: nanoseconds)))
      default: throw CocoaError(.coderInvalidValue)
      }
    }
  }

  /// What shall come out.
  struct Expectation: Decodable {
    let value: Typed?
    let errors: [[String]]?
    let checkOnly: Bool?
  }

  /// A declaration of a variable or a function.
  struct Declaration: Decodable {
    /// A form of a function.
    struct Form: Decodable {
      let params: [String]
      let result: String
      let member: Bool
    }

    let name: String
    let type: String?
    let overloads: [Form]?
  }

  let file: String
  let section: String
  let name: String
  let expr: String
  let container: String?
  let disableCheck: Bool?
  let typeEnv: [Declaration]?
  let bindings: [String: Typed]?
  let expect: Expectation
  let deducedType: String?

  /// The environment that the case declares.
  var environment: Environment {
    var environment = Environment(container: container ?? "")
    for declaration in typeEnv ?? [] {
      if let type = declaration.type {
        environment.variables[declaration.name] = CELType(type) ?? .dyn
      } else {
        let forms = (declaration.overloads ?? []).map { form in
          Overload(
            isMember: form.member, parameters: form.params.map { CELType($0) ?? .dyn },
            result: CELType(form.result) ?? .dyn)
        }
        environment.add(Function(declaration.name, forms))
      }
    }
    environment.timeZones = { zone, seconds in
      TimeZone(identifier: zone)?
        .secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds)))
    }
    return environment
  }

  /// What is wrong, or nil when the case passes.
  func problem() -> String? {
    do throws(CELError) {
      let program = try Program(expr, in: environment, isChecked: disableCheck != true)
      if let deducedType, program.resultType.description != deducedType {
        return "deduced \(program.resultType), expected \(deducedType)"
      }
      if expect.checkOnly == true { return nil }
      let found = try program.evaluate(Activation((bindings ?? [:]).mapValues(\.value)))
      guard let wanted = expect.value?.value else { return "\(found), expected an error" }
      return Same.areSame(found, wanted) ? nil : "\(found), expected \(wanted)"
    } catch {
      return expect.errors == nil ? error.description : nil
    }
  }
}

/// Equality that tells types apart and finds NaN equal.
enum Same {
  static func areSame(_ left: CELValue, _ right: CELValue) -> Bool {
    switch (left, right) {
    case (.double(let a), .double(let b)):
      return a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
    case (.list(let a), .list(let b)):
      return a.count == b.count && zip(a, b).allSatisfy { areSame($0, $1) }
    case (.map(let a), .map(let b)):
      return a.count == b.count
        && a.entries.allSatisfy { entry in
          b.entries.contains { areSame(entry.key, $0.key) && areSame(entry.value, $0.value) }
        }
    default: return left.typeName == right.typeName && left == right
    }
  }
}

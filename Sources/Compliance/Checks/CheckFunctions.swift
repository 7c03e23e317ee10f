import CEL
import Model
import Reading

/// The functions that checks have beside CEL's own: what takes no loops, or could be said in several
/// ways of which only one is right.
enum CheckFunctions {
  /// An argument of a form that the declaration does not allow.
  private struct BadArgument: Error, CustomStringConvertible {
    let description: String
  }

  static let all: [Function] = [
    Function("days", [Overload(parameters: [.int], result: .duration)]) { values in
      guard case .int(let days) = values.first, (0...36_500).contains(days),
        let duration = CELDuration(seconds: days * 86_400, nanoseconds: 0)
      else { throw BadArgument(description: "expected days from 0 to 36500") }
      return .duration(duration)
    },
    Function("sum", [Overload(parameters: [.list(.int)], result: .int)]) { values in
      var sum: Int64 = 0
      for value in try list(values, 0) {
        guard case .int(let number) = value else { throw BadArgument(description: "no integer") }
        let (next, isOver) = sum.addingReportingOverflow(number)
        guard !isOver else { throw BadArgument(description: "the sum is too large") }
        sum = next
      }
      return .int(sum)
    },
    Function(
      "distinct", [Overload(parameters: [.list(.string)], result: .list(.string))]
    ) { values in
      var map = CELMap()
      return .list(try list(values, 0).filter { map.insert($0, .null) })
    },
    Function("severityAtLeast", [Overload(parameters: [.string, .string], result: .bool)]) {
      .bool(counts(try severity($0, 0), atLeast: try severity($0, 1)))
    },
    Function("failures", [Overload(parameters: [.dyn], result: .int)]) { values in
      let totals = values.first?["totals"]
      let counted = try integer(totals, "failed") + integer(totals, "errors")
      guard case .list(let named) = values.first?["failedTests"] else {
        throw BadArgument(description: "expected a test result")
      }
      return .int(max(counted, Int64(named.count)))
    },
    Function("findings", [Overload(parameters: [.dyn, .string], result: .int)]) { values in
      .int(try findings(values).count)
    },
    Function("findingNames", [Overload(parameters: [.dyn, .string], result: .list(.string))]) {
      .list(try findings($0).names.map { .string($0) })
    },
    Function(
      "missingTests",
      [Overload(parameters: [.list(.dyn), .list(.string)], result: .list(.string))]
    ) { values in
      let passed = try list(values, 0).flatMap { result in
        guard case .list(let names) = result["passedTests"] else {
          throw BadArgument(description: "expected test results")
        }
        return names.compactMap(\.text)
      }
      let known = PassedTests(passed)
      return .list(try list(values, 1).filter { !known.contains($0.text ?? "") })
    },
  ]

  private static func list(_ values: [CELValue], _ place: Int) throws -> [CELValue] {
    guard values.indices.contains(place), case .list(let list) = values[place] else {
      throw BadArgument(description: "expected a list")
    }
    return list
  }

  private static func integer(_ value: CELValue?, _ name: String) throws -> Int64 {
    guard case .int(let number) = value?[name] else {
      throw BadArgument(description: "\"\(name)\" is no integer")
    }
    return number
  }

  private static func severity(_ values: [CELValue], _ place: Int) throws -> Severity {
    guard values.indices.contains(place), let text = values[place].text,
      let severity = Severity(rawValue: text)
    else {
      throw BadArgument(description: "expected a severity, from none to critical")
    }
    return severity
  }

  /// Whether a severity is at least another: one that the tool did not say always is.
  private static func counts(_ found: Severity, atLeast least: Severity) -> Bool {
    found == .unknown || found >= least
  }

  /// How many findings count, and their names. Where totals and list contradict each other, the
  /// worse of the two; where a finding's severity and its CVSS score do, the worse of the two.
  private static func findings(_ values: [CELValue]) throws -> (count: Int64, names: [String]) {
    let least = try severity(values, 1)
    guard least > .none, let scan = values.first, case .list(let listed) = scan["findings"] else {
      throw BadArgument(description: "expected a scan and a severity from low to critical")
    }
    let totals = scan["totals"]
    let total = try Severity.allCases.filter { counts($0, atLeast: least) }
      .reduce(0) { try $0 + integer(totals, $1.rawValue) }
    var plain: Int64 = 0
    var raised: Int64 = 0
    var names: [String] = []
    for finding in listed {
      guard let stated = finding["severity"]?.text.flatMap(Severity.init(rawValue:)) else {
        throw BadArgument(description: "a finding has no severity")
      }
      let worst = stated.worsened(byCVSSTenths: finding["cvssTenths"])
      if counts(stated, atLeast: least) { plain += 1 }
      guard counts(worst, atLeast: least) else { continue }
      if !counts(stated, atLeast: least) { raised += 1 }
      let package = finding["package"]?.text.map { " in \($0)" } ?? ""
      names.append("\(finding["rule"]?.text ?? "")\(package) (\(worst.rawValue))")
    }
    return (max(total, plain) + raised, names)
  }
}

extension Severity {
  /// The worse of what the tool says and what its CVSS score says (bands of CVSS 3.1). A severity
  /// that the tool did not say stays unknown, which always counts.
  func worsened(byCVSSTenths score: CELValue?) -> Severity {
    guard self != .unknown, case .int(let tenths) = score else { return self }
    let byScore: Severity =
      switch tenths {
      case 90...: .critical
      case 70...: .high
      case 40...: .medium
      case 1...: .low
      default: .none
      }
    return max(self, byScore)
  }
}

/// Names of tests that passed, in the forms by which catalogs ask for them.
private struct PassedTests {
  /// Each name, and each of its ends that begins after a dot.
  private var known: Set<[UInt8]> = []

  /// A test's full name is the name, or ends with a dot and the name. The name without brackets
  /// stands for all variants of a test, `name[variant]`.
  init(_ names: [String]) {
    for name in names {
      let bytes = Array(name.utf8)
      add(bytes[...])
      if let bracket = bytes.firstIndex(of: 0x5b) { add(bytes[..<bracket]) }
    }
  }

  private mutating func add(_ name: ArraySlice<UInt8>) {
    known.insert(Array(name))
    for (place, byte) in zip(name.indices, name) where byte == 0x2e {
      known.insert(Array(name[(place + 1)...]))
    }
  }

  func contains(_ name: String) -> Bool { known.contains(Array(name.utf8)) }
}

import CEL
import Testing

private func value(_ source: String, _ environment: Environment = Environment()) throws -> CELValue
{
  try Program(source, in: environment).evaluate()
}

private func failure(
  _ source: String, _ environment: Environment = Environment(), isChecked: Bool = true
) -> CELError? {
  do throws(CELError) {
    _ = try Program(source, in: environment, isChecked: isChecked).evaluate()
    return nil
  } catch {
    return error
  }
}

@Suite("errors of expressions") struct ErrorTests {
  @Test func aCaretStandsBelowThePlace() throws {
    let error = try #require(failure("1 +\n  'é' + (2 * )"))
    #expect(error.line == 2 && error.column == 14 && error.kind == .syntax)
    #expect(
      error.description
        == "2:14: expected an expression, found ')'\n |   'é' + (2 * )\n |              ^")
  }

  @Test func anEvaluationErrorHasItsPlace() throws {
    let error = try #require(failure("[1, 2].map(x, x / 0)"))
    #expect(error.kind == .evaluation && error.column == 17)
  }

  @Test func aMisspeltFieldIsAnErrorBeforeAnyEvaluation() throws {
    let environment = Environment(
      variables: ["release": .object("Release")],
      objects: [
        "Release": ["signer": .string, "checks": .list(.object("Check"))],
        "Check": ["passed": .bool],
      ])
    let error = try #require(failure("has(release.sinner)", environment))
    #expect(error.kind == .type)
    #expect(error.message == "undefined field 'sinner' of 'Release'; did you mean 'signer'?")
    let nested = try #require(failure("release.checks.all(c, c.pased)", environment))
    #expect(nested.message.hasSuffix("did you mean 'passed'?") && nested.column == 25)
    #expect(failure("release['sigmer'] == ''", environment)?.kind == .type)
    #expect(failure("releese.signer == ''", environment)?.message.contains("'release'") == true)
    #expect(failure("'a'.startWith('b')")?.message.contains("'startsWith'") == true)
  }

  @Test func aMessageIsRefusedWithAReason() {
    #expect(failure("Release{signer: 'a'}")?.message.contains("messages cannot") == true)
  }

  @Test func declaredObjectsAreMaps() throws {
    let environment = Environment(
      variables: ["release": .object("Release")], objects: ["Release": ["signer": .string]])
    let program = try Program(
      "release.signer == 'ada' && !has(release.signer) == false", in: environment)
    let release = CELValue.map(CELMap([("signer", .string("ada"))]))
    #expect(try program.evaluate(["release": release]) == .bool(true))
    #expect(program.resultType == .bool)
  }
}

@Suite("limits of expressions") struct LimitTests {
  @Test func matchingTakesLinearTime() throws {
    let environment = Environment(variables: ["text": .string])
    let program = try Program("text.matches('^(a+)+$')", in: environment)
    let text = String(repeating: "a", count: 50_000) + "b"
    #expect(try program.evaluate(["text": .string(text)]) == .bool(false))
    #expect(
      failure("'a'.matches('((a{1,1000}){1,1000}){1,1000}')")?.message.contains("large") == true)
  }

  @Test(arguments: [
    "[0,0,0,0,0,0,0,0,0,0].map(a, [0,0,0,0,0,0,0,0,0,0])",
    "cel.bind(l, [0,1,2,3,4,5,6,7,8,9], l.all(a, l.all(b, l.all(c, l.all(d, l.all(e, l.all(f, true)))))))",
  ])
  func costStopsAnExpression(_ source: String) throws {
    var environment = Environment()
    environment.limits.cost = 50
    #expect(failure(source, environment)?.kind == .budget)
  }

  @Test func doublingStops() {
    var source = "x"
    for _ in 0..<60 { source = "cel.bind(x, x + x, \(source))" }
    #expect(failure("cel.bind(x, 'abcdefghij', \(source))")?.kind == .budget)
    // Shared parts: small in memory, endless when walked.
    source = "x"
    for _ in 0..<60 { source = "cel.bind(x, [x, x], \(source))" }
    #expect(failure("cel.bind(x, 1, \(source))")?.kind == .budget)
    #expect(failure("cel.bind(x, 1, \(source)) == cel.bind(x, 1, \(source))")?.kind == .budget)
  }

  @Test func largeTextsCostByTheirSize() throws {
    let environment = Environment(variables: ["text": .string])
    let list = "[text, text, text, text, text, text, text, text]"
    for source in [
      "\(list).map(t, \(list)) == \(list).map(t, \(list))", "\(list).map(t, {t: 1}[t])",
      "\(list).all(t, t in \(list).map(u, u + 'x') || true)", "\(list).map(t, int(t) == 1 || true)",
    ] {
      let program = try Program(source, in: environment)
      let text = CELValue.string(String(repeating: "1", count: 4_000_000))
      do throws(CELError) {
        _ = try program.evaluate(["text": text])
        Issue.record("\(source) was not stopped")
      } catch {
        #expect(error.kind == .budget)
      }
    }
  }

  @Test func theBudgetIsNotAbsorbed() {
    var environment = Environment()
    environment.limits.cost = 100
    let endless = "[1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, [1,2].all(c, true)))"
    #expect(failure("\(endless) || true", environment)?.kind == .budget)
  }

  @Test(arguments: ["(", "[", "{1:", "!", "-", "f(", "a.b(", "1+(", "x?y:", "[[1].map(x,"])
  func deepNestingIsAnError(_ part: String) {
    let source = String(repeating: part, count: 20_000)
    #expect([.depth, .syntax].contains(failure(source, isChecked: false)?.kind))
  }

  @Test func longChainsAreBounded() {
    #expect(failure("1" + String(repeating: " + 1", count: 5_000))?.kind == .depth)
    #expect(failure("true" + String(repeating: " && true", count: 5_000)) == nil)
    #expect(failure("'" + String(repeating: "a", count: 200_000) + "'")?.kind == .depth)
  }
}

@Suite("values of expressions") struct ValueTests {
  @Test func keysAreOneForAllNumbers() throws {
    #expect(try value("{1: 'a', 2u: 'b'}[1u] + {1: 'a', 2u: 'b'}[2.0]") == .string("ab"))
    #expect(failure("{1: 'a', 1u: 'b'}")?.message.contains("repeated") == true)
    #expect(try value("dyn(1.5) in {1: 'a'}") == .bool(false))
    #expect(try value("{18446744073709551615u: 1}[18446744073709551615u]") == .int(1))
  }

  @Test func textsAreScalars() throws {
    #expect(try value("'\\u00e9' == 'e\\u0301'") == .bool(false))
    #expect(try value("{'\\u00e9': 1, 'e\\u0301': 2}.size()") == .int(2))
    #expect(try value("'e\\u0301'.size()") == .int(2))
    #expect(try value("'\\r\\n'.size()") == .int(2))
  }

  @Test(arguments: [
    ("string(1e21)", "1e+21"), ("string(1e20)", "100000000000000000000"), ("string(-0.0)", "-0"),
    ("string(1.5e-7)", "1.5e-7"), ("string(0.000001)", "0.000001"), ("string(1.0)", "1"),
    ("string(5e-324)", "5e-324"), ("'%.2f'.format([0.125])", "0.12"),
    ("'%.0f'.format([0.5])", "0"), ("'%.0f'.format([1.5])", "2"), ("'%.1f'.format([0.05])", "0.1"),
    ("'%.3f'.format([9.9996])", "10.000"), ("'%e'.format([0.0])", "0.000000e+00"),
    ("'%.2e'.format([9.999])", "1.00e+01"), ("'%.0e'.format([1234.5])", "1e+03"),
    ("'%.1f'.format([-0.04])", "-0.0"), ("'%f'.format([1e-10])", "0.000000"),
    ("string(duration('-1.5s'))", "-1.5s"), ("string(duration('1h2m3s4ms'))", "3723.004s"),
    ("string(timestamp('2024-02-29T23:59:60Z'))", ""),
    ("string(timestamp(-62135596800))", "0001-01-01T00:00:00Z"),
    ("string(timestamp('2000-02-29T12:00:00.5+01:30'))", "2000-02-29T10:30:00.5Z"),
  ])
  func textForms(_ source: String, _ text: String) throws {
    #expect((try? value(source)) == (text.isEmpty ? nil : .string(text)))
  }

  @Test(arguments: [
    ("'abc'.matches('^a.c$')", true), ("'a\\nb'.matches('a.b')", false),
    ("'a\\nb'.matches('(?s)a.b')", true), ("'x\\nab'.matches('(?m)^ab$')", true),
    ("'AbC'.matches('(?i)aBc')", true), ("'ab'.matches('^(?i:A)b$')", true),
    ("'aab'.matches('^a{2}b$')", true), ("'aaab'.matches('^a{1,2}b$')", false),
    ("'a{x'.matches('a{x')", true), ("''.matches('^$')", true),
    ("'é'.matches('^\\\\p{Ll}$')", true),
    ("'я'.matches('^\\\\p{Cyrillic}$')", true), ("'5'.matches('^\\\\P{L}$')", true),
    ("'a-b'.matches('^[a-c\\\\-]+$')", true), ("']'.matches('^[]]$')", true),
    ("'foo bar'.matches('\\\\bbar\\\\b')", true), ("'x'.matches('[^[:alpha:]]')", false),
    ("'a.c'.matches('^\\\\Qa.c\\\\E$')", true), ("'aaaa'.matches('^(?:a?){4}a{4}$')", true),
    ("'ab'.matches('(?P<name>a)b')", true), ("'abab'.matches('^(ab|a|b)*?$')", true),
  ])
  func patterns(_ source: String, _ isFound: Bool) throws {
    #expect(try value(source) == .bool(isFound))
  }

  @Test(arguments: [
    "(", "a**", "[a", "a{2,1}", "\\\\8", "(?<n", "x{1001}", "*a", "(?=a)", "\\\\p{No such}",
    "[b-a]",
  ])
  func badPatterns(_ pattern: String) {
    #expect(failure("'a'.matches('\(pattern)')")?.message.contains("pattern") == true)
  }

  @Test func ownFunctionsAndTimeZones() throws {
    var environment = Environment()
    environment.add(
      Function("team.of", [Overload(parameters: [.string], result: .string)]) { values in
        guard case .string(let name) = values[0] else { return .null }
        return .string("\(name)@team")
      })
    #expect(try value("team.of('a')", environment) == .string("a@team"))
    let moment = "timestamp('2024-06-01T00:00:00Z')"
    #expect(failure("\(moment).getHours('Europe/Berlin')")?.kind == .evaluation)
    environment.timeZones = { zone, _ in zone == "Europe/Berlin" ? 7_200 : nil }
    #expect(try value("\(moment).getHours('Europe/Berlin')", environment) == .int(2))
  }
}

@Suite("why-trace") struct TraceTests {
  @Test func everyPartHasItsValue() throws {
    let environment = Environment(variables: ["scans": .list(.map(.string, .dyn))])
    let program = try Program("scans.size() > 0 && scans.all(s, s.clean)", in: environment)
    func scan(_ isClean: Bool) -> CELValue { .map(CELMap([("clean", .bool(isClean))])) }
    let trace = try program.trace(["scans": .list([scan(true), scan(false)])])
    #expect(try trace.result.get() == .bool(false))
    let cleans = trace.records.filter { $0.expression == "s.clean" }
    #expect(cleans.map(\.value) == [.bool(true), .bool(false)])
    #expect(cleans.first?.line == 1 && cleans.first?.column == 34)
    #expect(trace.records.last?.expression == program.source)
    #expect(trace.cost > 0)
    let failed = try program.trace(["scans": .list([.map(CELMap())])])
    #expect(failed.records.contains { $0.value == nil && $0.message == "no such key: 'clean'" })
  }
}

@Suite("grammar") struct GrammarTests {
  @Test(arguments: [
    "rb'a'", "0XFF", "1.", "[,1]", "{,1: 2}", "a b", "if", "a.in", "f(1,)", "'\\q'", "'\\ud800'",
    "b'\\u0041'", "9223372036854775808", "-9223372036854775809", "'a\nb'", "'a", "`a`", "has(1)",
    "[1].map(a.b, 1)", "!-1", "1 = 1", "true ? 1", "{1}", "é",
  ])
  func refused(_ source: String) {
    #expect(failure(source, isChecked: false)?.kind == .syntax)
  }

  @Test(arguments: ["[,] == []", "{,} == {}", "[1,] == [1]", "-0x8000000000000000 < 0", "!!true"])
  func taken(_ source: String) throws {
    #expect(try value(source) == .bool(true))
  }

  @Test func aBoundErrorCountsOnlyWhereItIsUsed() throws {
    #expect(try value("cel.bind(x, 1 / 0, true || x == 1)") == .bool(true))
    #expect(failure("cel.bind(x, 1 / 0, x)")?.message == "division by zero")
    #expect(
      try value("[0, 1].map(d, cel.bind(x, 1 / d, d == 0 ? 7 : x))") == .list([.int(7), .int(1)]))
  }
}

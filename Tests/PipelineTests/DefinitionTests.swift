import Model
import Pipeline
import Reading
import Testing

func read(_ text: String) throws -> PipelineDefinition {
  try PipelineDefinition.read(Array(text.utf8), file: "pratique.yaml", vocabulary: vocabulary)
}

/// A pipeline whose only step has these lines; the first of them stands in line 7, column 9.
func oneStep(_ lines: String, services: String = "") -> String {
  "version: 1\napplication: {name: app}\nstages:\n  s:\n    steps:\n      a:\n"
    + Fixture.indented(lines, 8) + "\n" + services
}

@Suite("The pipeline file")
struct DefinitionTests {
  @Test("a full file is read as it is meant")
  func full() throws {
    let definition = try read(
      """
      version: 1
      application: {name: portal, handles-phi: false}
      services:
        database:
          run: [postgres, -D, data]
          ports: {PGPORT: auto}
          ready: {run: pg_isready, interval: 50ms, timeout: 5s}
        cache:
          executor: {container: {image: redis}}
          ports: {REDIS_PORT: 6379}
      stages:
        test:
          steps:
            unit:
              run: |
                echo one
                echo two
              timeout: 90s
              retries: 2
              when: {branch: [main, "release/*"], changed: src/**}
              environment: {pass: [CI], set: {MODE: "1"}}
              secrets: {TOKEN: {environment: CI_TOKEN}, KEY: {file: secret.txt}}
              directory: app
              inputs: [src/**, "*.toml"]
              outputs: dist/*
              services: [database]
              reports:
                - {path: out.xml, format: junit, kind: test-result, suite: unit}
            lint:
              run: [ruff, check]
              needs: unit
              executor: {container: {image: "ruff:1", network: open}}
            other:
              run: "true"
              executor: {process: {user: nobody}}
        ship:
          steps:
            deploy:
              uses: environment/deploy
              with: {environment: staging}
            tell:
              run: "true"
              when: on-failure
              needs: [deploy, test/unit]
        aside:
          needs: []
          steps:
            scan:
              uses: image/scan
              with: {severity: high, limit: 3, strict: true, ignore: [x]}
      """)
    #expect(definition.application == Application(name: "portal", handlesPHI: false))
    let steps = Dictionary(uniqueKeysWithValues: definition.steps.map { ($0.id, $0) })
    let unit = try #require(steps["test/unit"])
    #expect(unit.work == .shell("echo one\necho two\n"))
    #expect(unit.timeoutMilliseconds == 90_000)
    #expect(unit.retries == 2)
    #expect(unit.condition.branches.map(\.text) == ["main", "release/*"])
    #expect(unit.condition.changed.map(\.text) == ["src/**"])
    #expect(unit.environment.pass == ["CI"])
    #expect(unit.environment.set == ["MODE": "1"])
    #expect(
      unit.environment.secrets == ["TOKEN": .environment("CI_TOKEN"), "KEY": .file("secret.txt")])
    #expect(unit.directory == "app")
    #expect(unit.inputs.map(\.text) == ["src/**", "*.toml"])
    #expect(unit.outputs.map(\.text) == ["dist/*"])
    #expect(unit.reports.first?.kind == .testResult)
    #expect(steps["test/lint"]?.needs == ["test/unit"])
    #expect(steps["test/lint"]?.executor == .container(image: "ruff:1", network: .open))
    #expect(steps["test/other"]?.executor == .process(user: "nobody"))
    // Without `needs` a stage waits for the ends of the one before.
    #expect(steps["ship/deploy"]?.needs == ["test/lint", "test/other"])
    #expect(steps["ship/tell"]?.needs == ["ship/deploy", "test/unit"])
    #expect(steps["ship/tell"]?.condition.mode == .onFailure)
    #expect(steps["aside/scan"]?.needs == [])
    #expect(
      steps["aside/scan"]?.work
        == .action(
          "image/scan",
          [
            "severity": .string("high"), "limit": .integer(3), "strict": .bool(true),
            "ignore": .array([.string("x")]),
          ]))
    #expect(definition.services.first?.readiness?.intervalMilliseconds == 50)
    #expect(definition.services.first?.ports.map(\.variable) == ["PGPORT"])
    #expect(definition.services.first?.ports.first?.number == nil)
    #expect(definition.usesContainers)
  }

  @Test("an application that does not say counts as handling health information")
  func handlesPHI() throws {
    #expect(try read(oneStep("run: x")).application.handlesPHI)
  }

  @Test("the plan orders steps, and is JSON")
  func plan() throws {
    let plan = Plan(
      try read(
        """
        version: 1
        application: {name: app}
        stages:
          s:
            steps:
              d: {run: d, needs: [b, c]}
              b: {run: b, needs: a}
              c: {run: [c, "1"], needs: a, when: always}
              a: {uses: source/commit}
        """))
    #expect(plan.steps.map(\.id) == ["s/a", "s/b", "s/c", "s/d"])
    #expect(plan.steps.map(\.level) == [0, 1, 1, 2])
    #expect(plan.steps.map(\.does) == ["uses source/commit", "b", "c 1", "d"])
    #expect(plan.steps.map(\.executor) == ["built-in", "process", "process", "process"])
    #expect(plan.steps.map(\.condition) == [nil, nil, "always", nil])
    let json = try JSONValue(encoding: plan)
    #expect(json["steps"]?[3]?["needs"] == .array([.string("s/b"), .string("s/c")]))
  }

  @Test("a thousand steps in a row are read and planned")
  func long() throws {
    let steps = (0..<1_000).map { "t\($0): {run: x\($0 > 0 ? ", needs: t\($0 - 1)" : "")}" }
    let plan = Plan(try read(Fixture.stage(steps.joined(separator: "\n"))))
    #expect(plan.steps.last?.level == 999)
  }

  @Test("the template is read, and uses every built-in action")
  func template() throws {
    let definition = try read(
      PipelineTemplate.python(application: "patient-portal", delivers: true))
    let used = definition.steps.compactMap { step -> String? in
      if case .action(let name, _) = step.work { name } else { nil }
    }
    #expect(Set(used) == Set(vocabulary.actions.map(\.name)))
    #expect(
      Plan(definition).steps.map(\.id) == [
        "source/commit", "source/phi", "test/unit", "build/image", "build/scan", "build/phi",
        "build/release",
        "staging/deploy", "production/gate", "production/deploy",
      ])
    let bound = try read(PipelineTemplate.python(application: "patient-portal"))
    #expect(Plan(bound).steps.last?.id == "build/release")
  }
}

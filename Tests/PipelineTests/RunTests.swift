import Foundation
import Model
import Pipeline
import Synchronization
import TestKit
import Testing

@Suite("A run")
struct RunTests {
  private let fixture: Fixture
  init() throws { fixture = try Fixture() }

  @Test("runs steps in order, records each once, and the run around them")
  func ordinary() async throws {
    let result = try await fixture.go(
      Fixture.stage(
        """
        a: {run: "echo made > a.txt; echo said", outputs: a.txt}
        b: {run: [cat, a.txt], needs: a, inputs: a.txt}
        """))
    #expect(result.outcome.word == .succeeded)
    #expect(fixture.recorder.runs.map(\.state) == [.started, .succeeded])
    #expect(fixture.recorder.all.map { $0.map(\.kind) } == [[.run], [.step], [.step], [.run]])
    let a = try #require(fixture.recorder.step("s/a").first)
    #expect(a.outcome == .passed)
    #expect(a.exitCode == 0)
    #expect(a.command == ["sh", "-euc", "echo made > a.txt; echo said"])
    #expect(a.executor == "process")
    #expect(a.isolation == .notIsolated)
    #expect(a.variables == ["HOME", "LANG", "PATH", "TMPDIR"])
    #expect(
      a.outputs == [StepReport.File(path: "a.txt", digest: .sha256(Array("made\n".utf8)), bytes: 5)]
    )
    #expect(a.log?.digest == .sha256(Array("said\n".utf8)))
    let b = try #require(fixture.recorder.step("s/b").first)
    #expect(b.inputs == a.outputs)
    #expect(fixture.log("s.b.1") == "made\n")
    #expect(b.startedAt >= a.finishedAt)
  }

  @Test("independent steps run at the same time")
  func parallel() async throws {
    // Each waits for the other: one after the other they would never end.
    let steps = ["a", "b"].map { name in
      let other = name == "a" ? "b" : "a"
      return
        "\(name): {run: \"touch \(name); while [ ! -e \(other) ]; do sleep 0.01; done\", timeout: 20s}"
    }
    let result = try await fixture.go(Fixture.stage(steps.joined(separator: "\n")))
    #expect(result.outcome.word == .succeeded)
  }

  @Test("the next step begins while evidence is flushed; what needs the step waits for that")
  func flushing() async throws {
    let folder = try TemporaryFolder()
    let recorder = MemoryRecorder { evidence in
      guard let step = evidence.compactMap({ $0.predicate as? StepReport }).first, step.step == "a"
      else { return }
      // Held back until b runs: were b to wait for a's evidence, neither would go on.
      for _ in 0..<2_000 where !FileManager.default.fileExists(atPath: folder.file("b")) {
        try await Task.sleep(for: .milliseconds(10))
      }
      guard FileManager.default.fileExists(atPath: folder.file("b")) else {
        throw MemoryRecorder.Refusal()
      }
      try Data().write(to: URL(filePath: folder.file("a-is-durable")))
    }
    let fixture = try Fixture(recorder: recorder)
    let result = try await fixture.go(
      Fixture.stage(
        """
        a: {run: "true"}
        b: {run: [touch, \(folder.file("b"))]}
        c: {run: [test, -e, \(folder.file("a-is-durable"))], needs: a}
        """)
    ) { $0.concurrency = 1 }
    #expect(result.outcome.word == .succeeded)
  }

  @Test("no more steps run at once than were asked for")
  func limit() async throws {
    let steps = (0..<6).map { "t\($0): {run: \"mkdir lock; sleep 0.02; rmdir lock\"}" }
    let result = try await fixture.go(Fixture.stage(steps.joined(separator: "\n"))) {
      $0.concurrency = 1
    }
    #expect(result.outcome.word == .succeeded)
  }

  @Test("a failure holds back what needs it, and nothing else")
  func failure() async throws {
    let result = try await fixture.go(
      Fixture.stage(
        """
        a: {run: "echo oh no; exit 3"}
        b: {run: "touch b", needs: a}
        c: {run: "touch c", needs: b}
        d: {run: "touch d"}
        e: {run: "touch e", needs: c, when: on-failure}
        f: {run: "touch f", needs: b, when: always}
        g: {run: "touch g", needs: d, when: on-failure}
        """))
    guard case .failed(let problem) = result.outcome else { return #expect(Bool(false)) }
    #expect(problem.code == .stepFailed)
    #expect(problem.description == "s/a: the step ended with exit code 3")
    #expect(
      result.summary.steps.map(\.state) == [
        .failed, .blocked, .blocked, .passed, .passed, .passed, .skipped,
      ])
    #expect(fixture.text("b") == nil)
    #expect(fixture.text("d") != nil && fixture.text("e") != nil && fixture.text("f") != nil)
    #expect(result.summary.steps[0].lastLines == ["oh no"])
    #expect(fixture.recorder.step("s/a").map(\.outcome) == [.failed])
    #expect(fixture.recorder.step("s/g").map(\.outcome) == [.skipped])
    #expect(fixture.recorder.runs.last?.state == .failed)
    #expect(fixture.recorder.runs.last?.reason == "the step ended with exit code 3")
  }

  @Test("a step that always runs does not open the way for what comes after it")
  func always() async throws {
    let result = try await fixture.go(
      """
      version: 1
      application: {name: app}
      stages:
        test: {steps: {unit: {run: exit 1}, lint: {run: "true"}}}
        cleanup: {steps: {tidy: {run: touch tidy, when: always}}}
        production: {steps: {deploy: {run: touch deployed}, alarm: {run: touch alarm, when: on-failure}}}
      """)
    #expect(
      result.summary.steps.map(\.state) == [.failed, .passed, .passed, .blocked, .passed])
    #expect(result.summary.steps[3].reason == "test/unit did not pass")
    #expect(fixture.text("tidy") != nil && fixture.text("alarm") != nil)
    #expect(fixture.text("deployed") == nil)
  }

  @Test("every attempt leaves its evidence")
  func retries() async throws {
    let result = try await fixture.go(
      Fixture.stage("a: {run: \"echo x >> n; [ $(wc -l < n) -ge 3 ]\", retries: 4}"))
    #expect(result.outcome.word == .succeeded)
    let reports = fixture.recorder.step("s/a")
    #expect(reports.map(\.outcome) == [.failed, .failed, .passed])
    #expect(reports.map(\.attempt) == [1, 2, 3])
    #expect(Set(reports.map(\.stepKey)).count == 1)
    #expect(result.summary.steps[0].attempts == 3)
  }

  @Test("a step beyond its time is ended and told so")
  func timeout() async throws {
    let result = try await fixture.go(
      Fixture.stage("a: {run: \"trap '' TERM; sleep 60 & echo x; wait; sleep 60\", timeout: 300ms}")
    )
    #expect(
      result.outcome.problem?.message
        == "the step was ended because it took longer than 0.3 seconds")
    #expect(fixture.recorder.step("s/a").map(\.outcome) == [.timedOut])
    #expect(fixture.state(result, "s/a") == .timedOut)
  }

  @Test("conditions on branch and changes")
  func conditions() async throws {
    let yaml = Fixture.stage(
      """
      a: {run: "true", when: {branch: main}}
      b: {run: "true", when: {changed: "docs/**"}}
      c: {run: "true", when: {branch: "release/*", changed: [src/*]}}
      """)
    let known = try await fixture.go(yaml) {
      $0.facts = RunFacts(branch: "release/2", changedPaths: ["src/x", "y"])
    }
    #expect(known.summary.steps.map(\.state) == [.skipped, .skipped, .passed])
    #expect(
      known.summary.steps.map(\.reason) == [
        "the branch is release/2", "nothing that it looks at changed", nil,
      ])
    // What is not known: no branch is taken for the right one, and no check is left out.
    let unknown = try await fixture.go(yaml)
    #expect(unknown.summary.steps.map(\.state) == [.skipped, .passed, .skipped])
  }

  @Test("a step sees of the environment what the file names, and no key")
  func environment() async throws {
    let yaml = Fixture.stage(
      "a: {run: env, environment: {pass: [SEEN, ABSENT], set: {MODE: x}}}")
    _ = try await fixture.go(yaml) {
      $0.environment = [
        "SEEN": "yes", "HIDDEN": "no", "SSH_AUTH_SOCK": "/agent", "PRATIQUE_KEY": "k",
        "HOME": "/root", "PATH": "/nowhere",
      ]
    }
    let names = fixture.log("s.a.1").split(separator: "\n").map { $0.split(separator: "=")[0] }
    #expect(
      Set(names) == [
        "PATH", "HOME", "TMPDIR", "LANG", "SEEN", "MODE", "PRATIQUE_RUN_COOKIE", "PWD",
      ])
    #expect(fixture.log("s.a.1").contains("HOME=\(fixture.scratch)/home\n"))
  }

  @Test("secrets are masked in log, evidence, reasons and summary, and never recorded")
  func secrets() async throws {
    try fixture.write("secret.txt", "file-secret-value\n")
    let yaml = Fixture.stage(
      """
      a:
        run: |
          echo "$TOKEN"; printf %s "$KEY" | base64; printf 'file-'; sleep 0.05; echo secret-value
          echo planted-token-1 >&2
          exit 2
        secrets: {TOKEN: {environment: CI_TOKEN}, KEY: {file: "\(fixture.workspace)/secret.txt"}}
      b: {run: "echo planted-token-1"}
      """)
    let result = try await fixture.go(yaml) { $0.environment["CI_TOKEN"] = "planted-token-1" }
    #expect(fixture.log("s.a.1").split(separator: "\n").count == 4)
    #expect(fixture.log("s.a.1").hasPrefix("***\n"))
    #expect(fixture.log("s.b.1") == "***\n")
    #expect(fixture.recorder.step("s/a").first?.variables.contains("TOKEN") == true)
    var everything = fixture.log("s.a.1") + fixture.log("s.b.1") + result.summary.text
    for evidence in fixture.recorder.evidence { everything += "\(evidence.predicate)" }
    for event in fixture.events.withLock({ $0 }) { everything += ProgressLine.text(event) }
    for secret in ["planted-token-1", "file-secret-value", "ZmlsZS1zZWNyZXQtdmFsdW"] {
      #expect(!everything.contains(secret))
    }
  }

  @Test("a secret that is not there, or too short to mask, stops the run before anything runs")
  func missingSecret() async throws {
    let yaml = Fixture.stage(
      "b: {run: touch b}\na: {run: x, needs: b, secrets: {T: {environment: NO_SUCH}}}")
    let result = try await fixture.go(yaml)
    #expect(
      result.outcome.problem?.message
        == "the secret \"T\" is not there: the variable \"NO_SUCH\" is not set")
    #expect(result.outcome.problem?.location == "s/a")
    #expect(fixture.text("b") == nil)
    let short = try await fixture.go(yaml) { $0.environment["NO_SUCH"] = "abc" }
    #expect(short.outcome.problem?.message.contains("could not be masked") == true)
  }

  @Test("an output that is missing or a link fails the step")
  func outputs() async throws {
    let result = try await fixture.go(
      Fixture.stage(
        """
        a: {run: "true", outputs: no.txt}
        b: {run: "ln -s /etc/passwd out.txt", outputs: out.txt}
        """))
    #expect(
      result.summary.steps.map(\.reason) == [
        "an output is wrong: no file matches \"no.txt\"",
        "an output is wrong: \"out.txt\" is a symbolic link, which is not followed",
      ])
    #expect(fixture.recorder.steps.map(\.outcome) == [.failed, .failed])
  }

  @Test("an input that is missing fails the step before it runs, and is recorded")
  func missingInput() async throws {
    let result = try await fixture.go(Fixture.stage("a: {run: touch a, inputs: no.txt}"))
    #expect(result.outcome.problem?.description == "s/a: no file matches \"no.txt\"")
    #expect(fixture.text("a") == nil)
    #expect(fixture.recorder.step("s/a").map(\.outcome) == [.failed])
  }

  @Test("a working directory that is a link out of the workspace is refused")
  func directory() async throws {
    try FileManager.default.createSymbolicLink(
      atPath: fixture.workspace + "/out", withDestinationPath: "/")
    let result = try await fixture.go(Fixture.stage("a: {run: pwd, directory: out}"))
    #expect(
      result.outcome.problem?.message
        == "the working directory \"out\" is not a folder of the workspace")
  }

  @Test("as another user a step is isolated, and can write where its outputs go alone")
  func user() async throws {
    try #require(geteuid() == 0, "this test needs root")
    chmod(fixture.root, 0o711)
    let result = try await fixture.go(
      Fixture.stage(
        """
        a:
          run: |
            id -un; echo x > out/x.txt; touch other.txt 2>/dev/null && echo bad
            grep -q 'NoNewPrivs:.1' /proc/self/status && echo "$HOME" | grep -c home-
          executor: {process: {user: nobody}}
          outputs: out/*.txt
        """)
    ) { chmod($0.scratch, 0o711) }
    #expect(result.outcome.word == .succeeded, "\(fixture.log("s.a.1"))")
    #expect(fixture.log("s.a.1") == "nobody\n1\n")
    #expect(fixture.recorder.step("s/a").first?.isolation == .isolated)
  }
}

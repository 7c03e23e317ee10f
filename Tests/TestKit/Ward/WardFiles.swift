/// What the ward's files say.
public enum WardFiles {
  /// Two people and a machine.
  public static let trust = """
    organisation: ward
    people:
      - id: ana
        name: Ana Ward
        emails: [ana@ward.example]
        roles: [developer, security-officer]
        keys: [keys/ana.pub]
      - id: ben
        name: Ben Ward
        emails: [ben@ward.example]
        roles: [clinical-lead]
        keys: [keys/ben.pub]
    machine: {id: runner, on-behalf-of: ana, roles: [pipeline]}
    changes:
      - {role: security-officer}
    policy: policy.yaml

    """

  /// Asks two controls and one approval.
  public static let policy = """
    policy: ward
    version: "1"
    catalogs: [catalog.yaml]
    environments:
      production:
        required: [ward.signed, ward.tested]
        approvals:
          - {role: clinical-lead}

    """

  /// Two controls.
  public static let catalog = """
    catalog: ward
    version: "1"
    framework: The rules of our ward
    controls:
      - id: ward.signed
        citation: Ward 1
        title: A named person signed the commit
        scope: release
        automation: evidence
        producer: the action source/commit
        checks:
          - {id: signed, kind: source-check, each: evidence.isSigned && evidence.commit == release.commit, fix: Sign the commit.}
      - id: ward.tested
        citation: Ward 2
        title: The unit tests passed
        scope: release
        automation: evidence
        producer: the step check/unit
        checks:
          - id: unit
            kind: test-result
            about: evidence.suite == "unit"
            each: evidence.result == "PASSED" && failures(evidence) == 0
            fix: Run them.

    """

  /// The steps of `pipeline` that leave a mark when they come to their end.
  public static let markingSteps = [
    "toolchain", "lint", "unit", "flaky", "package", "noisy", "helper", "last",
  ]

  /// All steps of `pipeline`.
  public static let steps =
    ["source/commit", "source/toolchain"] + ["lint", "unit", "flaky"].map { "check/\($0)" }
    + ["package", "noisy"].map { "build/\($0)" } + ["helper", "last"].map { "finish/\($0)" }

  /// Nine short steps: some run side by side; one fails at first; one leaves a report, one 120
  /// files, whose evidence is too large for the store's own row, one a long log; one starts a
  /// helper that leaves its group and would outlive everything.
  public static let pipeline = """
    version: 1
    application: {name: ward-app, handles-phi: false}
    stages:
      source:
        steps:
          commit: {uses: source/commit}
          toolchain:
    \(work("echo tools", "toolchain"))
      check:
        steps:
          lint:
    \(work("sleep 0.03; echo clean", "lint"))
          unit:
    \(work("mkdir -p reports; sleep 0.03; \(junit) > reports/unit.xml", "unit"))
            reports:
              - {path: reports/unit.xml, format: junit, kind: test-result, suite: unit}
          flaky:
    \(work("test -e tried || { touch tried; exit 3; }", "flaky"))
            retries: 1
      build:
        steps:
          package:
    \(work("mkdir -p dist; for i in $(seq 120); do echo $i > dist/part-$i.txt; done", "package"))
            outputs: ["dist/*.txt"]
          noisy:
    \(work("head -c 40000 /dev/urandom | base64", "noisy"))
      finish:
        steps:
          helper:
    \(work("setsid sleep 600 > /dev/null 2>&1 & sleep 0.03", "helper"))
          last:
            needs: helper
    \(work("sleep 0.02; echo done", "last"))

    """

  /// A report that says nothing of anybody.
  public static let harmlessReport =
    #"<testsuite name="u" tests="1"><testcase classname="c" name="n"/></testsuite>"#

  private static let junit =
    #"echo '<testsuite name="u" tests="1"><testcase classname="c" name="n"/></testsuite>'"#

  private static func work(_ command: String, _ name: String) -> String {
    """
            run: |
              \(command)
              echo ended >> "$MARKS/\(name)"
            environment: {pass: [MARKS]}
    """
  }
}

import Delivery
import Model
import Testing

@Suite("Environment file")
struct EnvironmentFileTests {
  static let good = """
    version: 1
    environments:
      staging:
        target: podman
        manifests: deploy
        port: 18080
      production:
        target: podman
        manifests: deploy
        front: {port: 18090}
        slots: {blue: 18091, green: 18092}
        network: portal
        values:
          LOG_LEVEL: info
        secrets:
          portal-database:
            password: {file: secrets/password}
            user: {variable: PORTAL_USER}
        health: {path: /readyz, interval: 250ms, successes: 2, failures: 3, timeout: 1s, deadline: 2m}
        watch: {period: 10s, server-errors-percent: 2, least-answers: 50}
        drain: {timeout: 20s}
    """

  private func read(_ text: String) throws -> EnvironmentFile {
    try EnvironmentFile.read(Array(text.utf8), path: "/project/environments.yaml")
  }

  @Test("reads every field, with paths relative to the file")
  func reads() throws {
    let file = try read(Self.good)
    let staging = try file.environment(named: "staging")
    #expect(staging.file == .sha256(Self.good.utf8))
    #expect(staging.with(manifests: "/elsewhere").file == staging.file)
    #expect(staging.ports == .single(18080))
    #expect(staging.strategy == "recreate")
    #expect(staging.health == HealthCheck())
    let production = try file.environment(named: "production")
    #expect(production.manifests == "/project/deploy")
    #expect(production.ports == .front(18090, blue: 18091, green: 18092))
    #expect(production.strategy == "blue-green")
    #expect(production.network == "portal")
    #expect(production.values == ["LOG_LEVEL": "info"])
    #expect(
      production.secrets == [
        "portal-database": [
          "password": .file("secrets/password"), "user": .variable("PORTAL_USER"),
        ]
      ])
    #expect(
      production.health
        == HealthCheck(
          path: "/readyz", intervalMilliseconds: 250, successes: 2, failures: 3,
          timeoutMilliseconds: 1000, deadlineMilliseconds: 120_000))
    #expect(
      production.watch
        == WatchPeriod(periodMilliseconds: 10_000, serverErrorsPercent: 2, leastAnswers: 50))
    #expect(production.drainMilliseconds == 20_000)
  }

  @Test("an environment that is named but not defined is refused")
  func undefined() throws {
    let problem = try #require(throws: Problem.self) {
      try read(Self.good).environment(named: "prod")
    }
    #expect(problem.code == .notFound)
    #expect(problem.description.contains("staging, production"))
  }

  @Test(
    "each mistake is told with its place",
    arguments: [
      ("port: 18080", "prot: 18080", ":6:5: \"prot\" is not a key", "did you mean \"port\""),
      (
        "target: podman\n    manifests: deploy\n    port",
        "target: docker\n    manifests: deploy\n    port", ":4:13:", "not a value of \"target\""
      ),
      ("version: 1", "version: 2", ":1:10:", "integer from 1 to 1"),
      ("    port: 18080\n", "", ":3:3:", "either \"port\", or \"front\" and \"slots\""),
      ("port: 18080", "port: 80", ":6:11:", "from 1024 to 65535"),
      ("port: 18080", "port: 18092", ":7:3:", "used by \"staging\" too"),
      ("blue: 18091", "blue: 18090", ":7:3:", "used twice"),
      ("port: 18080", "port: 18080\n    watch: {period: 1s}", ":7:12:", "needs a \"front\""),
      ("{file: secrets/password}", "hunter2", ":17:19:", "must not stand here"),
      ("{file: secrets/password}", "{file: a, variable: B}", ":17:9:", "either \"file\" or"),
      ("PORTAL_USER", "PORTAL USER", ":18:26:", "not a name for an environment variable"),
      ("LOG_LEVEL: info", "LOG_LEVEL: 5", ":14:18:", "put it in quotes"),
      ("interval: 250ms", "interval: 250", ":19:39:", "put it in quotes"),
      ("interval: 250ms", "interval: 250x", ":19:39:", "write it as 500ms, 10s or 2m"),
      ("interval: 250ms", "interval: 5m", ":19:39:", "must lie between"),
      ("path: /readyz", "path: readyz", ":19:20:", "must begin with /"),
      ("network: portal", "network: ../x", ":12:14:", "not a name for a network"),
      ("  staging:", "  Staging:", ":3:3:", "not a name for an environment"),
      (
        "    target: podman\n    manifests: deploy\n    port", "    manifests: deploy\n    port",
        ":4:5:", "needs \"target\""
      ),
    ])
  func refuses(old: String, new: String, place: String, words: String) throws {
    let text = Self.good.replacing(old, with: new, maxReplacements: 1)
    #expect(text != Self.good)
    let problem = try #require(throws: Problem.self) { try read(text) }
    #expect(problem.code == .badInput)
    #expect(problem.description.contains("environments.yaml" + place), "\(problem)")
    #expect(problem.description.contains(words), "\(problem)")
  }
}

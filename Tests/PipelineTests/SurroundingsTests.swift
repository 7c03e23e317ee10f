import Model
import Testing

@testable import Pipeline

/// What CI systems say of themselves, in the shapes of their public documentation.
@Suite("Surroundings")
struct SurroundingsTests {
  static let commit = String(repeating: "ab12", count: 10)
  static let head = Digest(.gitCommit, hex: commit)

  static let recorded: [(Surroundings.Platform, [String: String])] = [
    (
      .githubActions,
      [
        "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "octo-dev",
        "GITHUB_RUN_ID": "1658821493", "GITHUB_RUN_ATTEMPT": "2", "GITHUB_JOB": "unit",
        "GITHUB_WORKFLOW_REF": "octo/portal/.github/workflows/ci.yml@refs/heads/main",
        "GITHUB_REPOSITORY": "octo/portal", "GITHUB_REF": "refs/heads/main", "GITHUB_SHA": commit,
        "GITHUB_EVENT_NAME": "push", "GITHUB_SERVER_URL": "https://github.example",
        "RUNNER_NAME": "runner-1",
      ]
    ),
    (
      .gitlabCI,
      [
        "CI": "true", "GITLAB_CI": "true", "GITLAB_USER_LOGIN": "dev", "CI_PIPELINE_ID": "77",
        "CI_JOB_ID": "1234", "CI_JOB_NAME": "unit", "CI_PROJECT_PATH": "ward/portal",
        "CI_COMMIT_REF_NAME": "main", "CI_COMMIT_SHA": commit, "CI_PIPELINE_SOURCE": "push",
        "CI_JOB_URL": "https://gitlab.example/ward/portal/-/jobs/1234", "CI_RUNNER_ID": "9",
        "CI_REPOSITORY_URL": "https://gitlab-ci-token:t0k3n@gitlab.example/ward/portal.git",
      ]
    ),
    (
      .jenkins,
      [
        "JENKINS_URL": "https://jenkins.example/", "BUILD_NUMBER": "41", "BUILD_ID": "41",
        "JOB_NAME": "portal/main", "BRANCH_NAME": "main", "GIT_COMMIT": commit,
        "GIT_URL": "https://dev:t0k3n@git.example/portal.git?x=1", "NODE_NAME": "agent-3",
        "BUILD_URL": "https://jenkins.example/job/portal/job/main/41/", "BUILD_USER_ID": "dev",
      ]
    ),
    (
      .buildkite,
      [
        "BUILDKITE": "true", "BUILDKITE_BUILD_CREATOR": "dev",
        "BUILDKITE_BUILD_ID": "4735ba57-80d0-46e2-8fa0-b28223a86586",
        "BUILDKITE_RETRY_COUNT": "0", "BUILDKITE_JOB_ID": "e44f9784-e20e-4b93-a21d-f41fd5869db9",
        "BUILDKITE_PIPELINE_SLUG": "portal", "BUILDKITE_REPO": "git@git.example:ward/portal.git",
        "BUILDKITE_BRANCH": "main", "BUILDKITE_COMMIT": commit, "BUILDKITE_SOURCE": "webhook",
        "BUILDKITE_BUILD_URL": "https://buildkite.example/ward/portal/builds/1514",
        "BUILDKITE_AGENT_NAME": "agent-1",
      ]
    ),
    (
      .azurePipelines,
      [
        "TF_BUILD": "True", "BUILD_REQUESTEDFORID": "6d3b2e0c-0000-4000-8000-000000000001",
        "BUILD_BUILDID": "1530", "SYSTEM_JOBATTEMPT": "1", "SYSTEM_JOBNAME": "unit",
        "BUILD_DEFINITIONNAME": "portal-ci", "BUILD_REPOSITORY_NAME": "portal",
        "BUILD_SOURCEBRANCH": "refs/heads/main", "BUILD_SOURCEVERSION": commit,
        "BUILD_REASON": "IndividualCI", "SYSTEM_COLLECTIONURI": "https://dev.azure.example/ward/",
        "SYSTEM_TEAMPROJECT": "portal", "AGENT_NAME": "agent-2",
      ]
    ),
    (
      .circleCI,
      [
        "CI": "true", "CIRCLECI": "true", "CIRCLE_USERNAME": "dev",
        "CIRCLE_WORKFLOW_ID": "b0b0b0b0-0000-4000-8000-000000000002", "CIRCLE_BUILD_NUM": "88",
        "CIRCLE_JOB": "unit", "CIRCLE_REPOSITORY_URL": "git@git.example:ward/portal.git",
        "CIRCLE_BRANCH": "main", "CIRCLE_SHA1": commit, "CIRCLE_NODE_INDEX": "0",
        "CIRCLE_BUILD_URL": "https://circleci.example/gh/ward/portal/88",
      ]
    ),
  ]

  @Test("each CI system is recognised, and what it says is a claim", arguments: recorded)
  func recognised(platform: Surroundings.Platform, environment: [String: String]) {
    let found = Surroundings(environment: environment, head: Self.head)
    #expect(found.platform == platform)
    #expect(found.standing == .claimed)
    #expect(found.contradictions == [])
    let claims = found.claims
    #expect(claims.commit == Self.commit)
    for claim in [claims.actor, claims.run, claims.job, claims.repository, claims.ref, claims.url] {
      #expect(claim?.isEmpty == false, "\(platform)")
    }
    let all = [claims.repository, claims.url].compactMap(\.self).joined()
    #expect(!all.contains("t0k3n") && !all.contains("?"))
  }

  @Test("claims that contradict git, each other or themselves are said")
  func contradictions() {
    var forged = Self.recorded[0].1
    forged["GITHUB_SHA"] = String(repeating: "cd", count: 20)
    #expect(Surroundings(environment: forged, head: Self.head).contradictions.count == 1)
    // Without a repository nobody can tell, and nothing reads as verified either.
    let blind = Surroundings(environment: forged, head: nil)
    #expect(blind.contradictions == [] && blind.standing == .claimed)
    forged["GITHUB_SHA"] = "v1.0"
    let odd = Surroundings(environment: forged, head: Self.head)
    #expect(odd.claims.commit == nil && odd.contradictions.count == 1)
    let two = Self.recorded[0].1.merging(Self.recorded[2].1) { first, _ in first }
    #expect(Surroundings(environment: two, head: Self.head).contradictions.count == 1)
    for bad in ["a\nb", String(repeating: "a", count: 513)] {
      var environment = Self.recorded[1].1
      environment["GITLAB_USER_LOGIN"] = bad
      let found = Surroundings(environment: environment, head: Self.head)
      #expect(found.claims.actor == nil && found.contradictions.count == 1)
    }
    var early = Self.recorded[3].1
    early["BUILDKITE_COMMIT"] = "HEAD"
    let found = Surroundings(environment: early, head: Self.head)
    #expect(found.claims.commit == nil && found.contradictions == [])
  }

  @Test("an environment of no CI system, or of one that only looks like it, claims nothing")
  func none() {
    for environment in [
      [:], ["CI": "true", "GITHUB_SHA": Self.commit], ["GITHUB_ACTIONS": "yes"],
      ["JENKINS_URL": ""],
    ] {
      let found = Surroundings(environment: environment, head: Self.head)
      #expect(found.platform == .none && found.claims == .init() && found.contradictions == [])
    }
  }
}

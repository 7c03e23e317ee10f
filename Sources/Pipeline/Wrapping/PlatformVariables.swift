import Model

/// Which variables a CI system sets, by its public documentation.
struct PlatformVariables: Sendable {
  let platform: Surroundings.Platform
  /// The variable that shows it, and the value that it must have; any but an empty one when `nil`.
  let mark: (name: String, value: String?)
  /// For each claim the variables that may hold it, the first that is set counts.
  let names:
    [(claim: any WritableKeyPath<Surroundings.Claims, String?> & Sendable, names: [String])]

  static let all: [PlatformVariables] = [
    github, gitlab, jenkins, buildkite, azure, circle,
  ]

  private static let github = PlatformVariables(
    platform: .githubActions, mark: ("GITHUB_ACTIONS", "true"),
    names: [
      (\.actor, ["GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR"]), (\.run, ["GITHUB_RUN_ID"]),
      (\.attempt, ["GITHUB_RUN_ATTEMPT"]), (\.job, ["GITHUB_JOB"]),
      (\.workflow, ["GITHUB_WORKFLOW_REF"]), (\.repository, ["GITHUB_REPOSITORY"]),
      (\.ref, ["GITHUB_REF"]), (\.commit, ["GITHUB_SHA"]), (\.event, ["GITHUB_EVENT_NAME"]),
      (\.runner, ["RUNNER_NAME"]),
    ])

  private static let gitlab = PlatformVariables(
    platform: .gitlabCI, mark: ("GITLAB_CI", "true"),
    names: [
      (\.actor, ["GITLAB_USER_LOGIN"]), (\.run, ["CI_PIPELINE_ID"]), (\.attempt, ["CI_JOB_ID"]),
      (\.job, ["CI_JOB_NAME"]), (\.workflow, ["CI_CONFIG_PATH"]),
      (\.repository, ["CI_PROJECT_PATH"]), (\.ref, ["CI_COMMIT_REF_NAME"]),
      (\.commit, ["CI_COMMIT_SHA"]), (\.event, ["CI_PIPELINE_SOURCE"]), (\.url, ["CI_JOB_URL"]),
      (\.runner, ["CI_RUNNER_ID"]),
    ])

  private static let jenkins = PlatformVariables(
    platform: .jenkins, mark: ("JENKINS_URL", nil),
    names: [
      (\.actor, ["BUILD_USER_ID"]), (\.run, ["BUILD_NUMBER", "BUILD_ID"]), (\.job, ["JOB_NAME"]),
      (\.repository, ["GIT_URL"]), (\.ref, ["CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH"]),
      (\.commit, ["GIT_COMMIT"]), (\.url, ["BUILD_URL"]), (\.runner, ["NODE_NAME"]),
    ])

  private static let buildkite = PlatformVariables(
    platform: .buildkite, mark: ("BUILDKITE", "true"),
    names: [
      (\.actor, ["BUILDKITE_BUILD_CREATOR"]), (\.run, ["BUILDKITE_BUILD_ID"]),
      (\.attempt, ["BUILDKITE_RETRY_COUNT"]), (\.job, ["BUILDKITE_JOB_ID"]),
      (\.workflow, ["BUILDKITE_PIPELINE_SLUG"]), (\.repository, ["BUILDKITE_REPO"]),
      (\.ref, ["BUILDKITE_BRANCH"]), (\.commit, ["BUILDKITE_COMMIT"]),
      (\.event, ["BUILDKITE_SOURCE"]), (\.url, ["BUILDKITE_BUILD_URL"]),
      (\.runner, ["BUILDKITE_AGENT_NAME"]),
    ])

  private static let azure = PlatformVariables(
    platform: .azurePipelines, mark: ("TF_BUILD", "True"),
    names: [
      (\.actor, ["BUILD_REQUESTEDFORID"]), (\.run, ["BUILD_BUILDID"]),
      (\.attempt, ["SYSTEM_JOBATTEMPT"]), (\.job, ["SYSTEM_JOBNAME", "AGENT_JOBNAME"]),
      (\.workflow, ["BUILD_DEFINITIONNAME"]), (\.repository, ["BUILD_REPOSITORY_NAME"]),
      (\.ref, ["BUILD_SOURCEBRANCH"]), (\.commit, ["BUILD_SOURCEVERSION"]),
      (\.event, ["BUILD_REASON"]), (\.runner, ["AGENT_NAME"]),
    ])

  private static let circle = PlatformVariables(
    platform: .circleCI, mark: ("CIRCLECI", "true"),
    names: [
      (\.actor, ["CIRCLE_USERNAME"]), (\.run, ["CIRCLE_WORKFLOW_ID"]),
      (\.attempt, ["CIRCLE_BUILD_NUM"]), (\.job, ["CIRCLE_JOB"]),
      (\.repository, ["CIRCLE_REPOSITORY_URL"]), (\.ref, ["CIRCLE_TAG", "CIRCLE_BRANCH"]),
      (\.commit, ["CIRCLE_SHA1"]), (\.url, ["CIRCLE_BUILD_URL"]), (\.runner, ["CIRCLE_NODE_INDEX"]),
    ])
}

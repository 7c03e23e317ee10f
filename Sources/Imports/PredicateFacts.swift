import Reading

/// What is read from predicates that this program knows, for people and for checks.
enum PredicateFacts {
  private static let limit = 512

  static func of(_ statement: ForeignStatement) -> [String: String] {
    let predicate = statement.predicate
    var facts: [String: String] = [:]
    func note(_ name: String, _ path: String...) {
      guard facts[name] == nil else { return }
      var value: JSONValue? = predicate
      for part in path { value = value?[part] }
      if let text = value?.string, !text.isEmpty, text.utf8.count <= limit { facts[name] = text }
    }
    note("builder", "runDetails", "builder", "id")
    note("builder", "builder", "id")
    note("build-type", "buildDefinition", "buildType")
    note("build-type", "buildType")
    note("invocation", "runDetails", "metadata", "invocationId")
    note("invocation", "metadata", "buildInvocationID")
    note("invocation", "metadata", "buildInvocationId")
    note("finished", "runDetails", "metadata", "finishedOn")
    note("finished", "metadata", "buildFinishedOn")
    note("collection", "name")
    note("workflow", "metadata", "name")
    note("project", "metadata", "project")
    note("workflow-run", "metadata", "workflowRunID")
    note("runner", "runnerType")
    if statement.predicateType.contains("/attestation-collection/") {
      let types = (predicate["attestations"]?.array ?? []).compactMap { $0["type"]?.string }
      facts["attestors"] = String(types.joined(separator: " ").prefix(limit))
    }
    return facts
  }
}

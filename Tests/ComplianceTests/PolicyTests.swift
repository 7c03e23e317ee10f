import Compliance
import Model
import Reading
import Testing

@Suite("What a policy may ask")
struct PolicyTests {
  private func expectRefused(
    _ words: String, _ change: (inout Fixture) -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var fixture = Fixture()
    change(&fixture)
    let problem = #expect(throws: Problem.self, sourceLocation: sourceLocation) {
      try fixture.bundle()
    }
    #expect(problem?.code == .badInput, sourceLocation: sourceLocation)
    let text = problem?.description ?? ""
    #expect(text.contains(words), "\(text)", sourceLocation: sourceLocation)
  }

  @Test("a control that no catalog has, with the nearest one")
  func unknownControl() {
    expectRefused("names the control \"singed\", which no catalog has\n  Did you mean \"signed\"?")
    {
      $0.policy = Fixture.policyText.replacing("required: [signed]", with: "required: [singed]")
    }
    expectRefused("names the control \"nowhere\", which no catalog has") {
      $0.policy = Fixture.policyText.replacing("shown: [there", with: "shown: [nowhere")
    }
  }

  @Test("a control named twice")
  func twice() {
    expectRefused("names a control twice") {
      $0.policy = Fixture.policyText.replacing("shown: [there", with: "shown: [signed")
    }
  }

  @Test(
    "a control that evidence alone cannot decide may be shown, never required",
    arguments: ["judged", "person", "nothing", "provider"])
  func undecidable(control: String) {
    expectRefused("which no check can decide") {
      $0.policy = Fixture.policyText.replacing("required: [signed]", with: "required: [\(control)]")
    }
  }

  @Test("an environment that asks nothing, and a policy without one")
  func asksNothing() {
    expectRefused("policy.yaml:12:3: the environment \"lab\" asks nothing") {
      $0.policy = Fixture.policyText.replacing("required: [signed]", with: "shown: [signed]")
    }
    expectRefused("at least one environment") {
      $0.policy = "policy: p\nversion: \"1\"\nenvironments: {}\n"
    }
    expectRefused("at least one environment") { $0.policy = "policy: p\nversion: \"1\"\n" }
  }

  @Test("how long payloads are kept is read; what cannot be is refused at its place")
  func retention() throws {
    func policy(_ text: String) -> String {
      Fixture.policyText.replacing("accept-example", with: "\(text)\naccept-example")
    }
    var fixture = Fixture()
    #expect(try fixture.bundle().policy.retention == nil)
    fixture.policy = policy(
      "retention: {years: 10, kinds: {step: {days: 400}, intent: {years: 1}}}")
    let retention = try #require(try fixture.bundle().policy.retention)
    #expect(retention.days == 3_653 && retention.days(for: .step) == 400)
    #expect(retention.days(for: .intent) == 366 && retention.days(for: .approval) == 3_653)
    #expect(retention.longestDays == 3_653)
    // What is pinned is read back as it was.
    let bundle = try fixture.bundle()
    let pinned = try PolicyBundle(pinned: bundle.bytes(), as: bundle.reference())
    #expect(pinned.policy.retention == retention)
    fixture.policy = policy("retention: {kinds: {step: {days: 400}}}")
    #expect(try fixture.bundle().policy.retention?.days == 2_192)
    expectRefused("policy.yaml:4:21: evidence of kind \"legal-hold\" is kept for ever") {
      $0.policy = policy("retention: {kinds: {legal-hold: {days: 1}}}")
    }
    expectRefused("4:21: \"setp\" is no kind of evidence; did you mean \"step\"?") {
      $0.policy = policy("retention: {kinds: {setp: {days: 1}}}")
    }
    expectRefused("4:12: a time is said in \"years\" or in \"days\", not in both") {
      $0.policy = policy("retention: {years: 1, days: 1}")
    }
  }

  @Test("a role that is asked for twice: one approval would count for both")
  func roleTwice() {
    expectRefused("policy.yaml:11:9: the role \"security-official\" stands twice") {
      $0.policy = Fixture.policyText.replacing("clinical-lead", with: "security-official")
    }
  }

  @Test("a count of approvals out of bounds", arguments: [0, 101, -1])
  func count(count: Int) {
    expectRefused("expected \"count\" as an integer from 1 to 100") {
      $0.policy = Fixture.policyText.replacing(
        "clinical-lead, count: 1", with: "clinical-lead, count: \(count)")
    }
  }

  @Test("an unknown key, with the nearest one")
  func unknownKey() {
    expectRefused("did you mean \"accept-example-feeds\"?") {
      $0.policy = Fixture.policyText.replacing("accept-example-feeds", with: "accept-example-feed")
    }
    expectRefused("did you mean \"approvals\"?") {
      $0.policy = Fixture.policyText.replacing("approvals:", with: "approval:")
    }
  }

  @Test("two catalogs with one control")
  func twoCatalogs() throws {
    let (policy, _) = try Policy.read(Array(Fixture.policyText.utf8), file: "p")
    let catalog = try Catalog.read(Array(Fixture.catalogText.utf8), file: "c")
    let problem = #expect(throws: Problem.self) {
      try PolicyBundle(policy: policy, catalogs: [catalog, catalog])
    }
    #expect(problem?.message.contains("have the control \"signed\"") == true)
  }

  @Test("the catalogs' paths are given out as they are written")
  func paths() throws {
    let (policy, paths) = try Policy.read(Array(Fixture.policyText.utf8), file: "p")
    #expect(paths == ["catalog.yaml"])
    #expect(policy.policy == "fixture" && policy.version == "1" && !policy.acceptsExampleFeeds)
    #expect(policy.environments.map(\.name) == ["production", "lab"])
  }

  @Test("anything in the policy or its catalogs changes the digest")
  func digest() throws {
    let digest = try Fixture().bundle().reference().digest
    for (old, new) in [("count: 1", "count: 2"), ("feeds: false", "feeds: true")] {
      var fixture = Fixture()
      fixture.policy = Fixture.policyText.replacing(old, with: new)
      #expect(try fixture.bundle().reference().digest != digest)
    }
    for (old, new) in [
      ("minimum: 2", "minimum: 3"), ("subject: image", "subject: commit"),
      ("fix: sign it", "fix: sign"),
    ] {
      var fixture = Fixture()
      fixture.catalog = Fixture.catalogText.replacing(
        "kind: inventory\n", with: "kind: inventory\n        subject: image\n")
      let before = try fixture.bundle().reference().digest
      fixture.catalog = fixture.catalog.replacing(old, with: new)
      #expect(try fixture.bundle().reference().digest != before, "\(old)")
    }
  }
}

@Suite("Pinned bundles")
struct PinnedBundleTests {
  /// The fixture's bundle as JSON, changed, and read as if it were pinned.
  private func expectRefused(
    _ words: String, _ change: (String) -> String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let text = String(decoding: try Fixture().bundle().bytes(), as: UTF8.self)
    let bytes = Array(change(text).utf8)
    #expect(bytes != Array(text.utf8), sourceLocation: sourceLocation)
    let reference = PolicyReference(name: "p", version: "1", digest: .sha256(bytes))
    let problem = #expect(throws: Problem.self, sourceLocation: sourceLocation) {
      try PolicyBundle(pinned: bytes, as: reference)
    }
    #expect(problem?.code == .judgingFailed, sourceLocation: sourceLocation)
    let message = problem?.message ?? ""
    #expect(message.contains(words), "\(message)", sourceLocation: sourceLocation)
  }

  @Test("bytes that are not the pinned ones")
  func otherBytes() throws {
    let bundle = try Fixture().bundle()
    let problem = #expect(throws: Problem.self) {
      try PolicyBundle(pinned: bundle.bytes() + [0x20], as: bundle.reference())
    }
    #expect(problem?.message.contains("not those that the trust root pins") == true)
  }

  @Test("a bundle that was pinned is checked as strictly as one that is read")
  func checked() throws {
    try expectRefused("\"count\" is missing") { $0.replacing("\"count\":1,", with: "") }
    try expectRefused("0 approvals of role") {
      $0.replacing("\"count\":1,\"role\":\"clin", with: "\"count\":0,\"role\":\"clin")
    }
    try expectRefused("asks for the role \"security-official\" twice") {
      $0.replacing("\"role\":\"clinical-lead\"", with: "\"role\":\"security-official\"")
    }
    try expectRefused("asks what cannot be asked") {
      $0.replacing("\"maximumAge\":30", with: "\"maximumAge\":9007199254740991")
    }
    try expectRefused("asks what cannot be asked") {
      $0.replacing("\"kinds\":[\"source-check\"]", with: "\"kinds\":[]")
    }
    try expectRefused("asks what cannot be asked") {
      $0.replacing("\"kinds\":[\"source-check\"]", with: "\"kinds\":[\"trust-root\"]")
    }
    try expectRefused("asks what cannot be asked") {
      $0.replacing("\"kinds\":[\"source-check\"]", with: "\"kinds\":[\"no-kind\"]")
    }
    try expectRefused("asks what cannot be asked") {
      $0.replacing("\"subject\":\"organisation\"", with: "\"subject\":\"release\"")
    }
    try expectRefused("asks what cannot be asked") {
      $0.replacing("\"maximumAge\":30", with: "\"maximumAge\":\"minimun\"")
    }
    try expectRefused("the check \"a\" of \"signed\": \"each\" cannot be compiled: 1:10: ") {
      $0.replacing("evidence.isSigned", with: "evidence.isSined")
    }
    try expectRefused("is no identifier") { $0.replacing("\"signed\"", with: "\"Signed\"") }
    try expectRefused("is defined twice") {
      $0.replacing("\"name\":\"lab\"", with: "\"name\":\"production\"")
    }
    try expectRefused("asks nothing") {
      $0.replacing("\"required\":[\"signed\"]", with: "\"required\":[]")
    }
    try expectRefused("which no check can decide") {
      $0.replacing(
        "\"automation\":\"evidence\",\"checks\":[{\"each\":[{\"otherwise\":\"not-met\",\"that\":\"evidence.commit",
        with:
          "\"automation\":\"evidence-and-person\",\"checks\":[{\"each\":[{\"otherwise\":\"not-met\",\"that\":\"evidence.commit"
      )
    }
  }

  @Test("a bundle without an environment")
  func noEnvironment() throws {
    let bundle = try Fixture().bundle()
    guard case .object(var object) = try JSONReader.read(bundle.bytes()),
      case .object(var policy) = object["policy"]
    else { throw Problem(.badInput, "the bundle is no object") }
    policy["environments"] = .array([])
    object["policy"] = .object(policy)
    let bytes = try CanonicalJSON.write(JSONValue.object(object))
    let problem = #expect(throws: Problem.self) {
      try PolicyBundle(
        pinned: bytes, as: PolicyReference(name: "p", version: "1", digest: .sha256(bytes)))
    }
    #expect(problem?.message.contains("defines no environment") == true)
  }
}

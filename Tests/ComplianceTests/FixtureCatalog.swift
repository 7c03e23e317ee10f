extension Fixture {
  /// One control for each thing that is asked, and controls that only a person or nobody can answer.
  static let catalogText = #"""
    catalog: fixture
    version: "1"
    framework: What the tests ask
    parameters:
      minimum: 2
      named: [test_no_token, suite.test_wrong_token]
    controls:
      - id: signed
        citation: F 1
        title: signed commit
        scope: release
        automation: evidence
        producer: p
        text-checked: true
        checks:
          - id: a
            kind: source-check
            each:
              - that: evidence.commit == release.commit
                unmet: 'the check is of another commit, {evidence.commit.substring(0, 12)}'
              - that: evidence.isSigned && has(evidence.signer)
                unmet: '{evidence.reason}'
              - that: evidence.isCommitterMatched
                unmet: its committer is somebody else
            met: the commit is signed by {evidence.signer}
            fix: sign it
      - id: built
        citation: F 2
        title: built from it
        scope: release
        automation: evidence
        producer: p
        text-checked: true
        checks:
          - id: a
            kind: provenance
            each:
              - that: entry.ofImage
                unmet: the provenance is of another image
              - that: >-
                  evidence.buildDefinition.resolvedDependencies.filter(d, d.?digest.?gitCommit.hasValue())
                  .map(d, d.digest.gitCommit) == [release.commit]
                unmet: the provenance does not name the release's commit as its one source
            fix: build it
      - id: tested
        citation: F 3
        title: tests
        scope: release
        automation: evidence
        producer: p
        text-checked: true
        checks:
          - id: a
            kind: test-result
            maximum-age-days: 30
            about: evidence.suite == "security"
            series: evidence.source.tool
            each: evidence.result == "PASSED" && failures(evidence) == 0
            unmet: '{evidence.totals.passed} passed, {failures(evidence)} failed: {evidence.failedTests}'
            together:
              - that: sum(pieces.map(p, p.totals.passed)) >= policy.parameters.minimum
                unmet: '{sum(pieces.map(p, p.totals.passed))} passed, at least {policy.parameters.minimum} are asked for'
              - that: missingTests(pieces, policy.parameters.named) == []
                unmet: 'these did not pass: {missingTests(pieces, policy.parameters.named)}'
            together-met: '{sum(pieces.map(p, p.totals.passed))} passed, none failed'
            fix: test it
      - id: scanned
        citation: F 4
        title: scan
        scope: release
        automation: evidence
        producer: p
        text-checked: true
        checks:
          - id: a
            kind: vulnerability-scan
            about: evidence.scope == "vulnerability"
            series: evidence.source.tool
            each:
              - that: findings(evidence, "high") == 0
                unmet: '{findings(evidence, "high")} findings of severity high or worse, or unknown: {findingNames(evidence, "high")}'
              - that: '!has(evidence.componentsScanned) || evidence.componentsScanned > 0'
                unmet: the scan looked at no component
              - that: has(evidence.source.feed)
                unmet: the scan does not say which feed it rests on
              - that: '!has(evidence.source.feed) || !evidence.source.feed.isExample || policy.acceptsExampleFeeds'
                unmet: the scan rests on the example feed "{evidence.source.feed.name}"
              - that: '!has(evidence.source.feed) || timestamp(evidence.source.feed.updatedAt) <= entry.time'
                unmet: the feed is of {evidence.source.feed.updatedAt}, younger than the scan
              - that: '!has(evidence.source.feed) || timestamp(evidence.source.feed.updatedAt) >= time - days(30)'
                unmet: the feed is of {evidence.source.feed.updatedAt}, older than 30 days
                otherwise: stale
            met: 'no findings, by the feed of {evidence.source.feed.updatedAt.substring(0, 10)}{evidence.source.feed.isExample ? " (an EXAMPLE feed)" : ""}'
            fix: mend it
      - id: secrets
        citation: F 5
        title: secrets
        scope: release
        automation: evidence
        producer: p
        text-checked: true
        checks:
          - id: a
            kind: static-analysis
            about: evidence.scope == "secret"
            series: evidence.source.tool
            each: findings(evidence, "low") <= 1
            met: '{findings(evidence, "low")} findings'
            unmet: '{findings(evidence, "low")} findings of severity low or worse'
            fix: remove them
      - id: listed
        citation: F 6
        title: inventory
        scope: release
        automation: evidence
        producer: p
        text-checked: true
        checks:
          - id: a
            kind: inventory
            each:
              - that: evidence.count >= policy.parameters.minimum
                unmet: 'it names {evidence.count} components, {policy.parameters.minimum} are asked for'
              - that: evidence.withoutVersion == 0
                unmet: '{evidence.withoutVersion} of {evidence.count} components have no version'
            fix: list it
      - id: official
        citation: F 7
        title: official
        scope: organisation
        automation: evidence
        producer: p
        text-checked: true
        checks:
          - id: a
            kind: trust-root
            maximum-age-days: 365
            each: distinct(evidence.people.filter(p, "security-official" in p.roles).map(p, p.id)).size() == 1
            met: '{distinct(evidence.people.filter(p, "security-official" in p.roles).map(p, p.id)).size()} hold the role'
            unmet: '{distinct(evidence.people.filter(p, "security-official" in p.roles).map(p, p.id)).size()} hold the role'
            fix: name one
      - id: pinned
        citation: F 8
        title: pinned
        scope: organisation
        automation: evidence
        producer: p
        text-checked: true
        checks:
          - id: a
            kind: trust-root
            each: evidence.policies.exists(p, p.digest == policy.digest)
            unmet: it does not pin the policy that is asked
            fix: pin it
      - id: steps
        citation: F 9
        title: steps
        scope: release
        automation: evidence
        producer: p
        text-checked: true
        checks:
          - id: a
            kind: step
            maximum-age-days: 30
            about: '!has(evidence.action) || !(evidence.action in ["gate", "environment/deploy"])'
            series: '[evidence.stage, evidence.step]'
            silent: evidence.outcome == "skipped"
            each: evidence.outcome in ["passed"]
            unmet: 'the step {evidence.stage}/{evidence.step} {evidence.outcome == "skipped" ? "was skipped: " + evidence.?reason.orValue("by its condition") : "ended as " + evidence.outcome}'
            together: pieces.exists(p, p.outcome == "passed")
            together-unmet: no step passed
            together-met: 'each of the {pieces.filter(p, p.outcome == "passed").size()} steps on record passed'
            fix: run it
      - id: staged
        citation: F 10
        title: staging
        scope: release
        automation: evidence
        producer: p
        text-checked: true
        checks:
          - id: a
            kind: rollout
            about: evidence.environment == "staging" && evidence.outcome != "taken-down"
            each:
              - that: evidence.application == release.application && evidence.image in release.imageDigests
                unmet: the rollout is of {evidence.application} {evidence.version}, image {evidence.image}
              - that: evidence.outcome == "released"
                unmet: 'it ended as {evidence.outcome}: {evidence.reason}'
            fix: roll it out
      - id: there
        citation: F 11
        title: there
        scope: release
        automation: evidence
        producer: p
        text-checked: false
        checks:
          - id: a
            kind: inventory
            fix: make it
          - id: b
            kind: provenance
            fix: make it
      - id: judged
        citation: F 12
        title: judged
        scope: organisation
        automation: evidence-and-person
        producer: p
        text-checked: true
        checks:
          - id: a
            kind: inventory
            fix: judge it
      - {id: person, citation: F 13, title: person, scope: organisation, automation: person, producer: nobody yet}
      - {id: nothing, citation: F 14, title: nothing, scope: system, automation: evidence, producer: nobody yet}
      - {id: provider, citation: F 15, title: provider, scope: system, automation: inherited, producer: nobody yet}

    """#
}

import Intake

extension KindFixture {
  static let assessments = [
    KindFixture(
      format: .prowler,
      text: """
        [{"AssessmentStartTime":"2026-11-23T10:00:00","Provider":"aws","CheckID":"s3_public",
        "CheckTitle":"t","Status":"FAIL","Severity":"critical","ResourceArn":"arn:aws:s3:::b"},
        {"Provider":"aws","CheckID":"iam","Status":"PASS","Severity":"low"},
        {"Provider":"aws","CheckID":"m","Status":"MANUAL","Severity":"low"}]
        """,
      outline: [
        "prowler; prowler -", "misconfiguration: critical s3_public arn:aws:s3:::b",
        "checks 1 1 0 1",
      ]),
    KindFixture(
      format: .prowler,
      text: """
        [{"metadata":{"event_code":"s3_public","product":{"name":"Prowler","version":"4.0.0"}},
        "severity":"High","status":"New","status_code":"FAIL","finding_info":{"title":"t","uid":"u"},
        "resources":[{"uid":"arn:b"}],"class_uid":2004,"time_dt":"2026-11-23T10:00:00"}]
        """,
      outline: [
        "prowler; prowler 4.0.0", "misconfiguration: high s3_public arn:b", "checks 0 1 0 0",
      ]
    ),
    KindFixture(
      format: .asff,
      text: """
        {"Findings":[{"SchemaVersion":"2018-10-08","Id":"i","ProductArn":"arn:aws:x::product/a/gd",
        "GeneratorId":"g","AwsAccountId":"1","Severity":{"Label":"HIGH"},"Title":"t",
        "Resources":[{"Type":"T","Id":"r"}],"Compliance":{"Status":"FAILED"}},
        {"SchemaVersion":"2018-10-08","Id":"j","ProductArn":"arn:aws:x::product/a/gd",
        "GeneratorId":"h","AwsAccountId":"1","Severity":{"Label":"MEDIUM"},"Title":"u",
        "Vulnerabilities":[{"Id":"CVE-2099-6","VulnerablePackages":[{"Name":"p","Version":"1"}],
        "Cvss":[{"BaseScore":5.5}]}],"Resources":[{"Type":"T","Id":"s"}]}]}
        """,
      outline: [
        "asff; gd -", "misconfiguration: high g r",
        "vulnerability: medium CVE-2099-6 55 p@1 s", "checks 0 1 0 0",
      ]),
    KindFixture(
      format: .xccdf,
      text: """
        <x:Benchmark xmlns:x="http://checklists.nist.gov/xccdf/1.2" id="b"><x:Rule id="r1"
          severity="high"><x:title>No root login</x:title></x:Rule><x:TestResult id="t"
          end-time="2026-11-23T10:00:00"><x:rule-result idref="r1"><x:result>fail</x:result>
        <x:ident system="s">CCE-1</x:ident></x:rule-result><x:rule-result idref="r2">
        <x:result>pass</x:result></x:rule-result><x:rule-result idref="r3"><x:result>error</x:result>
        </x:rule-result><x:rule-result idref="r4"><x:result>notselected</x:result></x:rule-result>
        </x:TestResult></x:Benchmark>
        """,
      outline: [
        "xccdf", "misconfiguration: high r1 CCE-1", "misconfiguration: unknown r3",
        "checks 1 1 1 0",
      ]),
    KindFixture(
      format: .hdf,
      text: """
        {"platform":{"name":"x","release":"1"},"version":"1","statistics":{"controls":{"total":4}},
        "profiles":[{"name":"base","version":"2.0","controls":[{"id":"c1","title":"t","impact":0.7,
        "tags":{},"results":[{"status":"passed"},{"status":"failed"}],"source_location":{
        "ref":"a.rb","line":3}},{"id":"c2","impact":0.5,"results":[{"status":"passed"}]},
        {"id":"c3","impact":0,"results":[{"status":"failed"}]},{"id":"c4","impact":1.0,
        "results":[]}]}]}
        """,
      outline: [
        "hdf; base 2.0", "misconfiguration: high c1 a.rb:3", "misconfiguration: critical c4",
        "checks 1 1 1 1",
      ]),
    KindFixture(
      format: .oscalAssessmentResults,
      text: """
        {"assessment-results":{"uuid":"a","metadata":{"title":"t","last-modified":"x","version":"1",
        "oscal-version":"1.1.2"},"results":[{"uuid":"b","start":"2026-11-23T10:00:00Z","findings":[
        {"uuid":"c","title":"f","target":{"target-id":"ac-6","status":{"state":"not-satisfied"}}},
        {"uuid":"d","target":{"target-id":"ac-7","status":{"state":"satisfied"}}}]}]}}
        """,
      outline: [
        "oscal-assessment-results", "misconfiguration: unknown ac-6", "checks 1 1 0 0",
      ]),
    KindFixture(
      format: .oscalPOAM,
      text: """
        {"plan-of-action-and-milestones":{"uuid":"a","metadata":{"title":"t","last-modified":"x",
        "version":"1","oscal-version":"1.1.2"},"poam-items":[{"uuid":"b","title":"mend it"}]}}
        """, outline: ["oscal-poam", "misconfiguration: unknown b"]),
    KindFixture(
      format: .oscalAssessmentPlan,
      text: """
        {"assessment-plan":{"uuid":"a","metadata":{"title":"t","last-modified":"x","version":"1",
        "oscal-version":"1.1.2"}}}
        """, outline: ["oscal-assessment-plan", "assessment-plan \"t\" 1"]),
    KindFixture(
      format: .oscalComponentDefinition,
      text: """
        {"component-definition":{"uuid":"a","metadata":{"title":"t","last-modified":"x",
        "oscal-version":"1.1.2"}}}
        """, outline: ["oscal-component-definition", "component-definition \"t\" -"]),
  ]
}

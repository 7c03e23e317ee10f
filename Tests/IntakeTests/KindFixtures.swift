import Intake
import Testing

/// One small report of our own writing for each kind, and what must come out of it.
struct KindFixture: Sendable, CustomTestStringConvertible {
  let format: ReportFormat
  let text: String
  let outline: [String]

  var testDescription: String { format.rawValue }

  static var all: [KindFixture] { tests + scanners + linters + assessments + inventories }
}

extension KindFixture {
  static let tests = [
    KindFixture(
      format: .nunit,
      text: """
        <test-run total="3" passed="1" failed="1" skipped="1" result="Failed" engine-version="3.16"
          end-time="2026-11-23 10:00:00Z"><test-suite><test-case fullname="a.b" result="Passed"/>
        <test-case fullname="a.c" result="Failed"><failure/></test-case>
        <test-case fullname="a.d" result="Skipped"/></test-suite></test-run>
        """, outline: ["nunit; nunit 3.16", "tests 1 1 0 1: a.c"]),
    KindFixture(
      format: .trx,
      text: """
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
        <Times finish="2026-11-23T10:00:00.0000000+00:00"/><Results>
        <UnitTestResult testName="a" outcome="Passed"/><UnitTestResult testName="b" outcome="Failed"/>
        <UnitTestResult testName="c" outcome="NotExecuted"/></Results>
        <ResultSummary outcome="Failed"><Counters total="3" executed="2" passed="1" failed="1"/>
        </ResultSummary></TestRun>
        """, outline: ["trx; vstest -", "tests 1 1 0 1: b"]),
    KindFixture(
      format: .cobertura,
      text: """
        <?xml version="1.0"?><!DOCTYPE coverage SYSTEM "coverage-04.dtd">
        <coverage line-rate="0.6666" lines-covered="2" lines-valid="3" branches-covered="1"
          branches-valid="2" timestamp="1700000000"><packages><package name="p"><classes>
        <class filename="a.py"><methods><method name="m"><lines><line number="1" hits="1"/></lines>
        </method></methods><lines><line number="1" hits="4"/>
        <line number="2" hits="1" branch="true" condition-coverage="50% (1/2)"/>
        <line number="3" hits="0"/></lines></class></classes></package></packages></coverage>
        """, outline: ["cobertura", "coverage 2/3 1/2 -, files 1"]),
    KindFixture(
      format: .jacoco,
      text: """
        <!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report name="r">
        <sessioninfo id="s" start="1700000000000" dump="1700000001000"/><package name="p">
        <sourcefile name="A.java"><line nr="1" mi="0" ci="3" mb="0" cb="0"/>
        <line nr="2" mi="2" ci="0" mb="0" cb="0"/><counter type="LINE" missed="1" covered="1"/>
        </sourcefile><counter type="LINE" missed="1" covered="1"/>
        <counter type="METHOD" missed="0" covered="1"/></package>
        <counter type="LINE" missed="1" covered="1"/><counter type="METHOD" missed="0" covered="1"/>
        </report>
        """, outline: ["jacoco; jacoco -", "coverage 1/2 - 1/1, files 1"]),
    KindFixture(
      format: .lcov,
      text: """
        TN:unit
        SF:a.c
        FN:1,main
        FNDA:2,main
        BRDA:2,0,0,1
        BRDA:2,0,1,-
        BRF:2
        BRH:1
        DA:1,2
        DA:2,0
        LF:2
        LH:1
        end_of_record
        """, outline: ["lcov", "coverage 1/2 1/2 1/1, files 1"]),
    KindFixture(
      format: .k6,
      text: """
        {"root_group":{"name":"","groups":{"login":{"name":"login","checks":{"is 200":{
        "name":"is 200","passes":3,"fails":1}}}},"checks":{"up":{"name":"up","passes":4,"fails":0}}},
        "metrics":{"checks":{"passes":7,"fails":1,"value":0.87},
        "http_req_duration":{"avg":1.5,"thresholds":{"p(95)<500":false,"max<9":true}}}}
        """,
      outline: ["k6; k6 -", "tests 2 2 0 0: http_req_duration: max<9, login: is 200"]),
    KindFixture(
      format: .k6,
      text: """
        {"root_group":{"name":"","groups":[],"checks":[{"name":"up","passes":4,"fails":0}]},
        "state":{"testRunDurationMs":1000},"metrics":{"checks":{"type":"rate","values":{"passes":4,
        "fails":0}},"http_req_failed":{"type":"rate","thresholds":{"rate<0.1":{"ok":false}}}}}
        """, outline: ["k6; k6 -", "tests 1 1 0 0: http_req_failed: rate<0.1"]),
    KindFixture(
      format: .sonarQualityGate,
      text: """
        {"projectStatus":{"status":"ERROR","conditions":[{"status":"ERROR","metricKey":"coverage",
        "comparator":"LT","errorThreshold":"85","actualValue":"82.5"},{"status":"OK",
        "metricKey":"bugs","comparator":"GT","errorThreshold":"0","actualValue":"0"}]}}
        """, outline: ["sonar-quality-gate; sonarqube -", "tests 1 1 0 0: coverage LT 85"]),
  ]

  static let linters = [
    KindFixture(
      format: .semgrep,
      text: """
        {"version":"1.50.0","results":[{"check_id":"py.exec","path":"a.py","start":{"line":7},
        "extra":{"message":"exec\\nis bad","severity":"ERROR","lines":"exec(x)","metadata":{
        "cwe":["CWE-78: OS Command"]}}},{"check_id":"py.md5","path":"a.py","start":{"line":9},
        "extra":{"severity":"EXPERIMENT","is_ignored":true,"metadata":{"cwe":"CWE-327"}}}],
        "errors":[{"level":"warn","message":"half parsed","path":"b.py"}],
        "paths":{"scanned":["a.py","b.py"]}}
        """,
      outline: [
        "semgrep; semgrep 1.50.0", "code: high py.exec CWE-78 a.py:7",
        "suppressed: unknown py.md5 CWE-327 a.py:9",
      ]),
    KindFixture(
      format: .bandit,
      text: """
        {"errors":[],"generated_at":"2026-11-23T10:00:00Z","metrics":{"_totals":{},"./a.py":{}},
        "results":[{"test_id":"B602","issue_severity":"HIGH","issue_text":"shell","filename":"a.py",
        "line_number":3,"issue_cwe":{"id":78},"code":"2 x\\n3 call(y)\\n"}]}
        """, outline: ["bandit; bandit -", "code: high B602 CWE-78 a.py:3"]),
    KindFixture(
      format: .gitleaks,
      text: """
        [{"Description":"A key","StartLine":3,"Match":"key=abc","Secret":"abc","File":"a.env",
        "Commit":"c","Date":"2026-01-02T03:04:05Z","RuleID":"generic-api-key",
        "Fingerprint":"c:a.env:generic-api-key:3"}]
        """, outline: ["gitleaks; gitleaks -", "secret: unknown generic-api-key a.env:3"]),
    KindFixture(
      format: .checkov,
      text: """
        [{"check_type":"terraform","results":{"passed_checks":[{"check_id":"CKV_1"}],
        "failed_checks":[{"check_id":"CKV_2","check_name":"n","file_path":"/m.tf","severity":null,
        "file_line_range":[4,9],"resource":"aws_s3_bucket.b"}],"skipped_checks":[{"check_id":"CKV_3",
        "check_result":{"suppress_comment":"known"},"file_path":"/m.tf","severity":"LOW",
        "resource":"r"}],"parsing_errors":[]},"summary":{"passed":1,"failed":1,"skipped":1,
        "parsing_errors":0,"resource_count":2,"checkov_version":"3.2.0"}}]
        """,
      outline: [
        "checkov; checkov 3.2.0", "misconfiguration: unknown CKV_2 /m.tf:4",
        "suppressed: low CKV_3 /m.tf", "checks 1 1 0 1",
      ]),
    KindFixture(
      format: .cfnLint,
      text: """
        [{"Filename":"t.yaml","Level":"Error","Location":{"Start":{"LineNumber":5,"ColumnNumber":1},
        "Path":["Resources","B",0]},"Message":"bad type","Rule":{"Id":"E3012"}}]
        """, outline: ["cfn-lint; cfn-lint -", "misconfiguration: high E3012 t.yaml:5"]),
    KindFixture(
      format: .hadolint,
      text: """
        [{"code":"DL3006","column":1,"file":"Containerfile","level":"warning","line":1,
        "message":"Always tag"}]
        """, outline: ["hadolint; hadolint -", "misconfiguration: medium DL3006 Containerfile:1"]),
    KindFixture(
      format: .sonarIssues,
      text: """
        {"total":2,"p":1,"ps":100,"paging":{"pageIndex":1,"pageSize":100,"total":2},"issues":[
        {"rule":"java:S2077","severity":"BLOCKER","component":"app:src/A.java","line":12,
        "hash":"h","status":"OPEN","message":"SQL","tags":["cwe-89"],
        "creationDate":"2026-01-02T03:04:05+0000"},{"rule":"java:S1","severity":"INFO",
        "component":"app:src/B.java","status":"RESOLVED","resolution":"WONTFIX"}]}
        """,
      outline: [
        "sonar-issues; sonarqube -", "code: critical java:S2077 CWE-89 src/A.java:12",
        "suppressed: low java:S1 src/B.java",
      ]),
    KindFixture(
      format: .terraformPlan,
      text: """
        {"format_version":"1.2","terraform_version":"1.9.0","planned_values":{},"resource_changes":[
        {"address":"a.b","change":{"actions":["delete","create"]}},
        {"address":"a.c","change":{"actions":["no-op"]}}],"timestamp":"2026-11-23T10:00:00Z"}
        """, outline: ["terraform-plan; terraform 1.9.0", "replace a.b", "none a.c"]),
  ]
}

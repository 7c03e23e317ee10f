/// Small reports of our own writing, in the shape that the tools give them.
enum Fixtures {
  static let image = "sha256:" + String(repeating: "1a", count: 32)
  static let manifest = "sha256:" + String(repeating: "2b", count: 32)

  static let junit = """
    <?xml version="1.0" encoding="utf-8"?>
    <testsuites>
      <testsuite name="unit" tests="5" failures="1" errors="1" skipped="1">
        <testcase classname="portal.patients" name="reads one"/>
        <testcase classname="portal.patients" name="refuses strangers">
          <failure message="expected 403">trace</failure>
        </testcase>
        <testcase classname="portal.patients" name="survives a restart">
          <error message="no connection"/>
        </testcase>
        <testcase classname="portal.patients" name="prints"><skipped/></testcase>
        <testcase classname="portal.patients" name="retries">
          <flakyFailure message="once"><stackTrace>x</stackTrace></flakyFailure>
        </testcase>
      </testsuite>
    </testsuites>
    """

  static let trivy = """
    {"SchemaVersion":2,"Trivy":{"Version":"0.76.0"},"ArtifactName":"portal.tar",
    "ArtifactType":"container_image","Metadata":{"OS":{"Family":"debian","Name":"12.5"},
    "ImageID":"\(image)","RepoDigests":["localhost/portal@\(manifest)"]},
    "Results":[
    {"Target":"portal.tar (debian 12.5)","Class":"os-pkgs","Type":"debian",
    "Packages":[{"Name":"openssl","Version":"3.0.11"},{"Name":"zlib","Version":"1.2"}],
    "Vulnerabilities":[
    {"VulnerabilityID":"CVE-2099-0001","PkgName":"openssl","InstalledVersion":"3.0.11",
    "PkgIdentifier":{"PURL":"pkg:deb/debian/openssl@3.0.11"},"FixedVersion":"99.0-1",
    "Title":"planted fault","Severity":"CRITICAL",
    "CVSS":{"nvd":{"V3Score":9.8},"vendor":{"V3Score":7.5}}},
    {"VulnerabilityID":"CVE-2099-0002","PkgName":"zlib","InstalledVersion":"1.2",
    "Severity":"UNKNOWN"}]},
    {"Target":"Containerfile","Class":"config","Type":"dockerfile",
    "MisconfSummary":{"Successes":22,"Failures":1},
    "Misconfigurations":[{"ID":"DS-0001","Title":"':latest' tag used","Message":"Name a tag",
    "Severity":"MEDIUM","Status":"FAIL","CauseMetadata":{"StartLine":1}}]},
    {"Target":"/app/key.txt","Class":"secret","Secrets":[{"RuleID":"a-key","Severity":"HIGH",
    "Title":"A key","StartLine":3,"Match":"key = *****"}]}]}
    """

  static let sarif = """
    {"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Checker","version":"1.2","rules":[
    {"id":"R1","shortDescription":{"text":"first"},"defaultConfiguration":{"level":"note"}},
    {"id":"R2","properties":{"security-severity":"9.1"}}]}},
    "invocations":[{"executionSuccessful":true}],
    "results":[
    {"ruleId":"R1","ruleIndex":0,"message":{"text":"one"},"locations":[{"physicalLocation":
    {"artifactLocation":{"uri":"a.py"},"region":{"startLine":7}}}]},
    {"ruleId":"R2","level":"warning","message":{"text":"two\\nand more"}},
    {"ruleId":"R3","message":{"text":"three"}},
    {"ruleId":"R1","kind":"pass","message":{"text":"four"}},
    {"ruleId":"R1","level":"error","message":{"text":"five"},
    "suppressions":[{"kind":"external","status":"accepted"}]}]}]}
    """

  static let cyclonedx = """
    {"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"tools":{"components":[
    {"type":"application","name":"trivy","version":"0.76.0"}]},"component":{"type":"container",
    "name":"portal","properties":[{"name":"aquasecurity:trivy:ImageID","value":"\(image)"}]}},
    "components":[{"type":"library","bom-ref":"a","name":"openssl","version":"3.0.11",
    "purl":"pkg:deb/debian/openssl@3.0.11","components":[{"type":"file","name":"inner"}]},
    {"type":"library","bom-ref":"b","group":"org","name":"jinja2","version":"2.10"}],
    "compositions":[{"aggregate":"incomplete_first_party_only"}]}
    """
}

extension String {
  var bytes: [UInt8] { Array(utf8) }
}

import Intake

extension KindFixture {
  static let scanners = [
    KindFixture(
      format: .grype,
      text: """
        {"matches":[{"vulnerability":{"id":"GHSA-aaaa-bbbb-cccc","severity":"High","cvss":[{
        "vector":"CVSS:3.1/AV:N","metrics":{"baseScore":7.5}}],"fix":{"versions":["2.0"],
        "state":"fixed"},"description":"d"},"relatedVulnerabilities":[{"id":"CVE-2099-0001"}],
        "artifact":{"name":"jinja2","version":"1.0","purl":"pkg:pypi/jinja2@1.0",
        "locations":[{"path":"/app/r.txt"}]}}],"ignoredMatches":[],"source":{"type":"image",
        "target":{"imageID":"\(Fixtures.image)","manifestDigest":"\(Fixtures.manifest)"}},
        "descriptor":{"name":"grype","version":"0.74.0","timestamp":"2026-11-23T10:00:00Z","db":{
        "built":"2026-11-22T06:00:00Z","checksum":"\(Fixtures.image)","error":null}}}
        """,
      outline: [
        "grype; grype 0.74.0",
        "vulnerability: high GHSA-aaaa-bbbb-cccc CVE-2099-0001 75 pkg:pypi/jinja2@1.0 "
          + "fixed in 2.0 /app/r.txt",
      ]),
    KindFixture(
      format: .snyk,
      text: """
        {"ok":false,"dependencyCount":12,"uniqueCount":1,"packageManager":"npm","vulnerabilities":[
        {"id":"SNYK-JS-1","title":"t","severity":"high","cvssScore":7.4,"packageName":"lodash",
        "version":"4.17.4","fixedIn":["4.17.12"],"identifiers":{"CVE":["CVE-2099-0002"],
        "CWE":["CWE-1321"]},"from":["a","lodash"]},{"id":"SNYK-JS-1","title":"t","severity":"high",
        "packageName":"lodash","version":"4.17.4","from":["b","lodash"]}]}
        """,
      outline: [
        "snyk; snyk -",
        "vulnerability: high SNYK-JS-1 CVE-2099-0002 CWE-1321 74 pkg:npm/lodash@4.17.4 "
          + "fixed in 4.17.12", "components scanned 12",
      ]),
    KindFixture(
      format: .osvScanner,
      text: """
        {"results":[{"source":{"path":"/a/go.mod"},"packages":[{"package":{"name":"x","version":"1",
        "ecosystem":"Go"},"vulnerabilities":[{"id":"GO-1","summary":"s"},{"id":"GHSA-1"}],
        "groups":[{"ids":["GO-1","GHSA-1"],"aliases":["CVE-2099-3"],"max_severity":"9.1"}]}]}]}
        """,
      outline: [
        "osv-scanner; osv-scanner -",
        "vulnerability: critical GO-1 CVE-2099-3 GHSA-1 91 x@1 /a/go.mod",
      ]),
    KindFixture(
      format: .npmAudit,
      text: """
        {"auditReportVersion":2,"vulnerabilities":{"a":{"via":[{"name":"a","title":"t",
        "url":"https://github.com/advisories/GHSA-1","severity":"moderate","cwe":["CWE-400"],
        "cvss":{"score":5.3},"range":"<2"}],"nodes":["node_modules/a"]},"b":{"via":["a"]}},
        "metadata":{"vulnerabilities":{"total":2},"dependencies":{"total":40}}}
        """,
      outline: [
        "npm-audit; npm audit -",
        "vulnerability: medium GHSA-1 CWE-400 53 a@<2 node_modules/a", "components scanned 40",
      ]),
    KindFixture(
      format: .pipAudit,
      text: """
        {"dependencies":[{"name":"jinja2","version":"2.10","vulns":[{"id":"PYSEC-1",
        "fix_versions":["2.11"],"aliases":["CVE-2099-4"],"description":"d"}]},{"name":"x",
        "skip_reason":"not on the index"}],"fixes":[]}
        """,
      outline: [
        "pip-audit; pip-audit -",
        "vulnerability: unknown PYSEC-1 CVE-2099-4 pkg:pypi/jinja2@2.10 fixed in 2.11",
        "components scanned 1",
      ]),
    KindFixture(
      format: .wapiti,
      text: """
        {"classifications": {"Cross Site Scripting": {"desc": "d", "sol": "s", "ref": {"CWE-79: x": "u"}}},
        "vulnerabilities": {"Cross Site Scripting": [{"method": "GET", "path": "/ask", "info": "via name",
        "level": 2, "parameter": "name", "http_request": "GET /", "curl_command": "curl"}], "Backup file": []},
        "anomalies": {"Internal Server Error": [{"method": "GET", "path": "/b", "info": "500",
        "level": 3, "parameter": "n", "http_request": "GET /", "curl_command": "curl"}]},
        "additionals": {}, "infos": {"target": "http://127.0.0.1:9/", "date":
        "Mon, 23 Nov 2026 21:26:13 +0000", "version": "Wapiti 3.0.4", "scope": "folder"}}
        """,
      outline: [
        "wapiti; wapiti 3.0.4", "web: medium Cross Site Scripting CWE-79 /ask",
        "web: high Internal Server Error /b",
      ]),
    KindFixture(
      format: .zap,
      text: """
        {"@version":"2.14.0","@generated":"Mon, 23 Nov 2026 10:00:00","site":[{
        "@name":"http://portal","alerts":[{"pluginid":"10038","alertRef":"10038-1","alert":"CSP",
        "riskcode":"2","confidence":"3","count":"1","cweid":"693","instances":[{
        "uri":"http://portal/a","method":"GET"}]},{"pluginid":"1","name":"n","riskcode":"0",
        "confidence":"0","cweid":"-1","instances":[]}]}]}
        """,
      outline: [
        "zap; zap 2.14.0", "web: medium 10038-1 CWE-693 http://portal/a",
        "suppressed: none 1 http://portal",
      ]),
    KindFixture(
      format: .zap,
      text: """
        <?xml version="1.0"?><OWASPZAPReport version="2.14.0" generated="x"><site name="http://p">
        <alerts><alertitem><pluginid>10038</pluginid><alert>CSP</alert><riskcode>3</riskcode>
        <confidence>2</confidence><instances><instance><uri>http://p/a</uri></instance></instances>
        <count>1</count><cweid>79</cweid></alertitem></alerts></site></OWASPZAPReport>
        """, outline: ["zap; zap 2.14.0", "web: high 10038 CWE-79 http://p/a"]),
    KindFixture(
      format: .nessus,
      text: """
        <NessusClientData_v2><Policy><policyName>p</policyName></Policy><Report name="r">
        <ReportHost name="10.0.0.5"><HostProperties><tag name="HOST_END">Mon Nov 23 2026</tag>
        </HostProperties><ReportItem port="443" protocol="tcp" severity="4" pluginID="99"
          pluginName="Old TLS"><cve>CVE-2099-5</cve><cvss3_base_score>9.8</cvss3_base_score>
        <cvss3_vector>CVSS:3.0/AV:N</cvss3_vector><cwe>326</cwe></ReportItem>
        <ReportItem port="0" severity="0" pluginID="7" pluginName="Banner"/>
        <ReportItem port="0" severity="3" pluginID="21" pluginName="Policy"
          xmlns:cm="x"><cm:compliance-check-name>c</cm:compliance-check-name>
        <cm:compliance-result>FAILED</cm:compliance-result></ReportItem></ReportHost></Report>
        </NessusClientData_v2>
        """,
      outline: [
        "nessus; nessus -", "vulnerability: critical 99 CVE-2099-5 CWE-326 98 10.0.0.5:443",
        "vulnerability: none 7 10.0.0.5", "misconfiguration: high 21 10.0.0.5", "checks 0 1 0 0",
      ]),
  ]
}

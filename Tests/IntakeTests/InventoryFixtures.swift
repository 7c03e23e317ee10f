import Intake

extension KindFixture {
  static let inventories = [
    KindFixture(
      format: .spdx,
      text: """
        {"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"n","creationInfo":{
        "created":"2026-11-23T10:00:00Z","creators":["Tool: syft-0.9.1"]},"packages":[{
        "SPDXID":"SPDXRef-a","name":"zlib","versionInfo":"1.2","externalRefs":[{
        "referenceCategory":"PACKAGE-MANAGER","referenceType":"purl",
        "referenceLocator":"pkg:deb/debian/zlib@1.2"}]}],"relationships":[{
        "spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES",
        "relatedSpdxElement":"SPDXRef-a"}]}
        """, outline: ["spdx; syft 0.9.1", "zlib 1.2 pkg:deb/debian/zlib@1.2"]),
    KindFixture(
      format: .spdxTagValue,
      text: """
        SPDXVersion: SPDX-2.3
        DataLicense: CC0-1.0
        SPDXID: SPDXRef-DOCUMENT
        DocumentName: n
        Creator: Tool: syft-0.9.1
        Created: 2026-11-23T10:00:00Z
        DocumentComment: <text>several
        lines</text>
        # a comment
        PackageName: zlib
        SPDXID: SPDXRef-a
        PackageVersion: 1.2
        ExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/zlib@1.2
        """, outline: ["spdx-tag-value; syft 0.9.1", "zlib 1.2 pkg:deb/debian/zlib@1.2"]),
    KindFixture(
      format: .spdx3,
      text: """
        {"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{
        "type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-11-23T10:00:00Z"},
        {"type":"SpdxDocument","spdxId":"urn:d","creationInfo":"_:c"},{"type":"software_Package",
        "spdxId":"urn:p","name":"zlib","software_packageVersion":"1.2",
        "software_packageUrl":"pkg:deb/debian/zlib@1.2"}]}
        """, outline: ["spdx3", "zlib 1.2 pkg:deb/debian/zlib@1.2"]),
    KindFixture(
      format: .openVEX,
      text: """
        {"@context":"https://openvex.dev/ns/v0.2.0","@id":"urn:v","author":"Ward",
        "timestamp":"2026-11-23T10:00:00Z","version":1,"statements":[{"vulnerability":{
        "name":"CVE-2099-1"},"products":[{"@id":"pkg:oci/portal"}],"status":"not_affected",
        "justification":"component_not_present"},{"vulnerability":{"name":"CVE-2099-2"},
        "products":[{"@id":"pkg:oci/portal"}],"status":"under_investigation"}]}
        """,
      outline: [
        "openvex", "CVE-2099-1 not_affected pkg:oci/portal component_not_present by Ward",
        "CVE-2099-2 under_investigation pkg:oci/portal - by Ward",
      ]),
    KindFixture(
      format: .csaf,
      text: """
        {"document":{"category":"csaf_vex","csaf_version":"2.0","publisher":{"name":"Ward"},
        "title":"t","tracking":{"current_release_date":"2026-11-23T10:00:00Z","status":"final"}},
        "product_tree":{"branches":[{"category":"vendor","name":"v","branches":[{"name":"1","product":
        {"name":"Portal 1","product_id":"P1"}}]}]},"vulnerabilities":[{"cve":"CVE-2099-1",
        "product_status":{"known_not_affected":["P1"]},"flags":[{
        "label":"vulnerable_code_not_present","product_ids":["P1"]}]}]}
        """,
      outline: [
        "csaf", "CVE-2099-1 not_affected Portal 1 vulnerable_code_not_present by Ward",
      ]),
    KindFixture(
      format: .cyclonedxVEX,
      text: """
        {"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"timestamp":"2026-11-23T10:00:00Z",
        "component":{"type":"application","name":"portal","version":"1","bom-ref":"p"}},
        "vulnerabilities":[{"id":"CVE-2099-1","analysis":{"state":"not_affected",
        "justification":"code_not_present"},"affects":[{"ref":"p"}]},{"id":"CVE-2099-2",
        "ratings":[{"severity":"high","score":8.1,"method":"CVSSv31"}],"cwes":[79],
        "affects":[{"ref":"p"}]}]}
        """,
      outline: [
        "cyclonedx-vex", "CVE-2099-1 not_affected portal@1 code_not_present by -",
        "vulnerability: high CVE-2099-2 CWE-79 81 portal@1",
      ]),
    KindFixture(
      format: .inTotoLink,
      text: """
        {"signed":{"_type":"link","name":"build","command":["make"],"materials":{},"products":{
        "a":{"sha256":"ab"}},"byproducts":{"return-value":0},"environment":{}},
        "signatures":[{"keyid":"k1","sig":"00"}]}
        """, outline: ["in-toto-link", "link of the step build: a sha256:ab; keys k1"]),
    KindFixture(
      format: .inTotoAttestation,
      text: """
        {"payloadType":"application/vnd.in-toto+json","payload":"\(statement)",
        "signatures":[{"keyid":"k1","sig":"AA=="}]}
        """,
      outline: [
        "in-toto-attestation", "https://slsa.dev/provenance/v1: a sha256:ab; keys k1",
      ]),
  ]

  /// `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":"ab"}}],
  /// "predicateType":"https://slsa.dev/provenance/v1","predicate":{}}` in base64.
  private static let statement =
    "eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEiLCJzdWJqZWN0IjpbeyJuYW1lIjoiYSIs"
    + "ImRpZ2VzdCI6eyJzaGEyNTYiOiJhYiJ9fV0sInByZWRpY2F0ZVR5cGUiOiJodHRwczovL3Nsc2EuZGV2L3Byb3Zl"
    + "bmFuY2UvdjEiLCJwcmVkaWNhdGUiOnt9fQ=="
}

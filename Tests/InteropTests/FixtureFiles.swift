import Foundation
import TestKit

/// The files of a small organisation with one application.
enum FixtureFiles {
  private static let files = [
    "portal/pratique.yaml": """
    version: 1
    application: {name: portal, handles-phi: true}
    stages:
      source:
        steps:
          commit: {uses: source/commit}
      test:
        steps:
          unit:
            run: "cp unit.xml.in unit.xml; echo tested"
            reports: [{path: unit.xml, format: junit, kind: test-result, suite: unit}]
      build:
        steps:
          image: {uses: image/build}
          release: {uses: release/bind, needs: image}
      production:
        steps:
          gate: {uses: gate, with: {environment: production}}
    """,
    "portal/unit.xml.in": """
    <testsuite name="portal" tests="1"><testcase classname="portal" name="hello"/></testsuite>
    """,
    "portal/Containerfile": "FROM scratch\nCOPY unit.xml.in /hello\n",
    "catalog.yaml": """
    catalog: small
    version: "1"
    framework: example
    controls:
      - id: responsible
        citation: "1"
        title: Somebody is responsible for security
        scope: organisation
        automation: evidence
        producer: the trust root
        checks:
          - id: held
            kind: trust-root
            each: evidence.people.exists_one(p, "security-official" in p.roles)
            fix: name somebody
    """,
    "policy.yaml": """
    policy: small
    version: "1"
    catalogs: [catalog.yaml]
    environments:
      production:
        required: [responsible]
        approvals: [{role: security-official}]
    """,
    "trust.yaml": """
    organisation: example-hospital
    people:
      - {id: dev-1, name: Dana, emails: [dana@hospital.example], roles: [developer],
         keys: [dana.pub]}
      - {id: sec-1, name: Sol, emails: [sol@hospital.example], roles: [security-official],
         keys: [sol.pub]}
    machine: {id: runner, on-behalf-of: dev-1, roles: [pipeline]}
    changes: [{role: security-official}]
    policy: policy.yaml
    """,
    ".gitconfig": """
    [user]
      name = Dana
      email = dana@hospital.example
      signingkey = ~/dana
    [gpg]
      format = ssh
    """,
  ]

  static func write(into folder: TemporaryFolder) throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("portal"), withIntermediateDirectories: true)
    for (name, text) in files {
      try Data("\(text)\n".utf8).write(to: URL(fileURLWithPath: folder.file(name)))
    }
  }

  /// What the people and the operator hand an outsider by another way than the export.
  static func writeTrusted(into folder: TemporaryFolder) throws {
    let manager = FileManager.default
    try manager.createDirectory(
      atPath: folder.file("trusted"), withIntermediateDirectories: true)
    for name in try manager.contentsOfDirectory(atPath: folder.file("export"))
    where name.hasSuffix(".pub.pem") || name == "log.vkey" {
      try manager.copyItem(
        atPath: folder.file("export/\(name)"), toPath: folder.file("trusted/\(name)"))
    }
    let key = try String(contentsOfFile: folder.file("dana.pub"), encoding: .utf8)
    try Data("dana@hospital.example namespaces=\"git\" \(key)".utf8)
      .write(to: URL(fileURLWithPath: folder.file("trusted/allowed_signers")))
  }
}

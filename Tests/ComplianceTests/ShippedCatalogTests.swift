import Foundation
import Model
import TestKit
import Testing

@testable import Compliance

/// The catalogs and the example's policy that lie in the repository.
@Suite("Shipped catalogs and policy")
struct ShippedCatalogTests {
  static let policyPath = "examples/policy/policy.yaml"

  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: Repository.root.appending(path: path)))
  }

  /// The files' names.
  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: Repository.root.appending(path: "catalogs").path
    ).filter { $0.hasSuffix(".yaml") }.sorted()
  }

  static func all() throws -> [Catalog] {
    try names().map { try Catalog.read(bytes("catalogs/\($0)"), file: $0) }
  }

  private func bundle() throws -> PolicyBundle {
    let (policy, paths) = try Policy.read(Self.bytes(Self.policyPath), file: Self.policyPath)
    let folder = Repository.root.appending(path: Self.policyPath).deletingLastPathComponent()
    return try PolicyBundle(
      policy: policy,
      catalogs: paths.map { path in
        let url = folder.appending(path: path).standardizedFileURL
        return try Catalog.read(Array(Data(contentsOf: url)), file: path)
      })
  }

  @Test("every catalog can be read, and claims no more than it may")
  func catalogs() throws {
    for (catalog, name) in zip(try Self.all(), try Self.names()) {
      #expect(name == "\(catalog.catalog).yaml")
      #expect(catalog.about != nil, "\(name)")
      #expect(Set(catalog.controls.map(\.title)).count == catalog.controls.count, "\(name)")
      for control in catalog.controls {
        #expect(control.id.hasPrefix(catalog.catalog.split(separator: "-")[0] + "."))
        let words = "\(control.title) \(control.producer)".lowercased()
        #expect(!words.contains("complian"), "\(control.id)")
        #expect(control.level != nil && control.owner != nil, "\(control.id)")
        #expect(control.producer.count > 20, "\(control.id)")
        #expect(!control.checks.isEmpty && control.isDecidable, "\(control.id)")
      }
    }
  }

  @Test("what is decided by evidence asks no person, and what a person decides asks one")
  func automation() throws {
    for control in try Self.all().flatMap(\.controls) {
      let asking = control.checks.count(where: \.asksPerson)
      switch control.automation {
      case .evidence: #expect(asking == 0, "\(control.id)")
      case .evidenceAndPerson:
        #expect(asking > 0 && asking < control.checks.count, "\(control.id)")
      case .person, .inherited: #expect(asking == control.checks.count, "\(control.id)")
      }
    }
  }

  @Test("only what is proposed is called so, and stands in a catalog of its own")
  func proposed() throws {
    for catalog in try Self.all() {
      #expect(catalog.isProposed == (catalog.catalog == "hipaa-security-nprm-2025"))
      for control in catalog.controls {
        #expect((control.level == .proposed) == catalog.isProposed, "\(control.id)")
        #expect(!catalog.isProposed || !control.isTextChecked, "\(control.id)")
      }
    }
  }

  @Test("the controls of systems that hold patients' records are not met by evidence alone")
  func systems() throws {
    let controls = try Self.all().flatMap(\.controls)
    for id in ["hipaa.164.312.b", "hipaa.164.312.c.1", "hipaa.164.312.a.2.ii"] {
      let control = try #require(controls.first { $0.id == id })
      #expect(control.scope == .system && control.automation != .evidence, "\(id)")
    }
    // Where adequacy is a judgement, nothing but a person's word decides.
    for id in [
      "hipaa.164.308.a.8", "hipaa.164.308.b.1", "hipaa.164.314.a.1", "gdpr.35", "gdpr.44-49",
    ] {
      let control = try #require(controls.first { $0.id == id })
      #expect(control.automation == .person, "\(id)")
    }
    #expect(controls.first { $0.id == "cfr21.11.10.a" }?.automation == .evidenceAndPerson)
  }

  @Test("the example's policy asks all that is in force, and leaves out what is only proposed")
  func policy() throws {
    let bundle = try bundle()
    #expect(
      Set(bundle.catalogs.map(\.catalog))
        // Thresholds and deadlines for vulnerabilities are each organisation's own choice.
        == Set(try Self.all().filter { !$0.isProposed }.map(\.catalog))
        .subtracting(["vulnerabilities"]))
    let production = try #require(bundle.policy.environments.first { $0.name == "production" })
    let asked = bundle.asked(in: production)
    #expect(asked.count == bundle.catalogs.flatMap(\.controls).count)
    let required = asked.filter(\.isRequired).map(\.control)
    for (prefix, least) in [
      ("delivery.", 7), ("hipaa.", 13), ("gdpr.", 3), ("iec.", 5), ("cfr21.", 2),
    ] {
      #expect(required.count { $0.id.hasPrefix(prefix) } >= least, "\(prefix)")
    }
    for control in required { #expect(control.isDecidable, "\(control.id)") }
    // Approvals are waited for, and not refused for want of: docs/controls.md.
    let approval = required.filter { $0.checks.contains { $0.kinds.contains(.approval) } }
    #expect(approval.map(\.id) == [])
    #expect(production.approvals.map(\.role.rawValue) == ["security-official", "clinical-lead"])
    #expect(production.approvals.map(\.count) == [1, 1])
    #expect(bundle.policy.acceptsExampleFeeds)
    let staging = try #require(bundle.policy.environments.first { $0.name == "staging" })
    #expect(Set(staging.required).isSubset(of: production.required) && !staging.required.isEmpty)
  }

  @Test("a pinned bundle reads back as it was written")
  func pinned() throws {
    let bundle = try bundle()
    let read = try PolicyBundle(pinned: bundle.bytes(), as: bundle.reference())
    #expect(read == bundle)
  }

  @Test("every example comes to what it says, and every condition fails in one")
  func examples() throws {
    for name in try Self.names() {
      let test = try CatalogTest.run(Self.bytes("catalogs/\(name)"), file: name)
      for check in test.checks {
        #expect(check.faults == [], "\(name) \(check.control) \(check.check)")
      }
    }
  }
}

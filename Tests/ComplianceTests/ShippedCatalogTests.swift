import Compliance
import Foundation
import Model
import TestKit
import Testing

/// The catalogs and the example's policy that lie in the repository.
@Suite("Shipped catalogs and policy")
struct ShippedCatalogTests {
  static let policyPath = "examples/policy/policy.yaml"

  private func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: Repository.root.appending(path: path)))
  }

  private func bundle() throws -> PolicyBundle {
    let (policy, paths) = try Policy.read(bytes(Self.policyPath), file: Self.policyPath)
    let folder = Repository.root.appending(path: Self.policyPath).deletingLastPathComponent()
    return try PolicyBundle(
      policy: policy,
      catalogs: paths.map { path in
        let url = folder.appending(path: path).standardizedFileURL
        return try Catalog.read(Array(Data(contentsOf: url)), file: path)
      })
  }

  @Test("every catalog can be read")
  func catalogs() throws {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: Repository.root.appending(path: "catalogs").path
    ).filter { $0.hasSuffix(".yaml") }
    #expect(names.count >= 2)
    for name in names {
      let catalog = try Catalog.read(bytes("catalogs/\(name)"), file: name)
      #expect(name == "\(catalog.catalog).yaml")
      for control in catalog.controls {
        #expect(control.id.hasPrefix(catalog.catalog.split(separator: "-")[0] + "."))
        let words = "\(control.title) \(control.producer)".lowercased()
        #expect(!words.contains("complian"), "\(control.id)")
        // Whoever reads that there is no evidence, reads why.
        #expect(!control.checks.isEmpty || control.producer.count > 20, "\(control.id)")
      }
    }
  }

  @Test(
    "the example's policy asks twelve controls of HIPAA and five of delivery, and shows the rest")
  func policy() throws {
    let bundle = try bundle()
    let production = try #require(bundle.policy.environments.first { $0.name == "production" })
    #expect(production.required.count { $0.hasPrefix("hipaa.") } == 12)
    #expect(production.required.count { $0.hasPrefix("delivery.") } == 5)
    #expect(production.shown.count >= 20)
    let all = bundle.catalogs.flatMap(\.controls).map(\.id)
    #expect(Set(production.required + production.shown) == Set(all))
    #expect(production.approvals.map(\.role.rawValue) == ["security-official", "clinical-lead"])
    #expect(production.approvals.map(\.count) == [1, 1])
    #expect(bundle.policy.acceptsExampleFeeds)
    let staging = try #require(bundle.policy.environments.first { $0.name == "staging" })
    #expect(Set(staging.required).isSubset(of: production.required) && !staging.required.isEmpty)
  }

  @Test("what is required can be decided by evidence, and its citation was checked")
  func required() throws {
    let bundle = try bundle()
    let required = Set(bundle.policy.environments.flatMap(\.required))
    for control in bundle.catalogs.flatMap(\.controls) where required.contains(control.id) {
      #expect(control.automation == .evidence && !control.checks.isEmpty, "\(control.id)")
      #expect(control.isTextChecked, "\(control.id)")
    }
    for control in bundle.catalogs.flatMap(\.controls) where !required.contains(control.id) {
      #expect(control.checks.isEmpty, "\(control.id)")
    }
  }

  @Test("an id follows from its citation")
  func ids() throws {
    let hipaa = try #require(try bundle().catalogs.first { $0.catalog == "hipaa-security-rule" })
    for control in hipaa.controls {
      let citation = control.citation.replacing("45 CFR ", with: "")
      let expected = citation.replacing("(", with: ".").replacing(")", with: "").lowercased()
      #expect(control.id == "hipaa.\(expected)")
    }
  }

  @Test("a pinned bundle reads back as it was written")
  func pinned() throws {
    let bundle = try bundle()
    let read = try PolicyBundle(pinned: bundle.bytes(), as: bundle.reference())
    #expect(read == bundle)
  }
}

@Suite("Examples of the shipped catalogs")
struct ShippedExampleTests {
  @Test("every example comes to what it says, and every condition fails in one")
  func examples() throws {
    let folder = Repository.root.appending(path: "catalogs")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }
    for name in names {
      let test = try CatalogTest.run(
        Array(Data(contentsOf: folder.appending(path: name))), file: name)
      for check in test.checks {
        #expect(check.faults == [], "\(name) \(check.control) \(check.check)")
      }
    }
  }
}

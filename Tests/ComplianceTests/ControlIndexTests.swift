import Compliance
import Foundation
import Reading
import TestKit
import Testing

/// The list of all controls that people read, and the sources that it was made from.
@Suite("The index of controls")
struct ControlIndexTests {
  static let path = "docs/control-index.md"

  private func row(_ control: Catalog.Control) -> String {
    "| `\(control.id)` | \(control.citation) | \(control.level?.rawValue ?? "")"
      + " | \(control.scope.rawValue) | \(control.automation.rawValue)"
      + " | \(control.isTextChecked ? "yes" : "no") |"
  }

  @Test("it names every control with its citation, level and who decides it")
  func index() throws {
    let text = String(decoding: try ShippedCatalogTests.bytes(Self.path), as: UTF8.self)
    let listed = text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("| `") }
    let shipped = try ShippedCatalogTests.all().flatMap(\.controls).map(row)
    #expect(Set(listed).subtracting(shipped).sorted() == [])
    #expect(Set(shipped).subtracting(listed).sorted() == [])
    #expect(listed.count == 213 && shipped.count == listed.count)
  }

  @Test("every topic that a check asks is described, and none that no check asks")
  func topics() throws {
    let text = String(decoding: try ShippedCatalogTests.bytes("docs/controls.md"), as: UTF8.self)
    let rows = text.split(separator: "\n").drop { $0 != "## Topics" }.filter { $0.hasPrefix("| `") }
    let described = Set(
      rows.compactMap { $0.split(separator: "`").dropFirst().first }.map(String.init))
    var asked: Set<String> = []
    for check in try ShippedCatalogTests.all().flatMap(\.controls).flatMap(\.checks)
    where check.asksPerson {
      let words = try #require(check.about).split(separator: "\"").map(String.init)
      // Every other part stands between quotes.
      asked.formUnion(stride(from: 1, to: words.count, by: 2).map { words[$0] })
    }
    #expect(asked == described)
  }

  /// A row of the list that the catalogs were made from.
  private struct Source {
    let id: String
    let level: String
    let section: String
    let isTextChecked: Bool
  }

  private static func sources() throws -> [Source]? {
    let file = Vectors.folder.appending(path: "../facts/controls.json").standardizedFileURL
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    let rows = try JSONReader.read(Array(Data(contentsOf: file))).array ?? []
    return rows.map {
      Source(
        id: $0["id"]?.string ?? "", level: $0["level"]?.string ?? "",
        section: $0["section"]?.string ?? "", isTextChecked: $0["text_checked"]?.bool ?? false)
    }
  }

  /// The catalog of each section, where it has one of its own.
  private static let levels = [
    "R": "required", "A": "addressable", "A (NPRM: required)": "addressable", "R(std)": "standard",
    "P": "proposed", "L": "law", "L A,B,C": "standard", "L B,C": "standard", "G": "guidance",
    "G/515C": "guidance", "-": "guidance",
  ]

  /// The ids that a row became, where its citation does not say it.
  private static let renamed = [
    "164.314(b)(1),(b)(2)(i)-(iv)": ["hipaa.164.314.b"],
    "164.316(b)(1)(i)-(ii)": ["hipaa.164.316.b.1.i", "hipaa.164.316.b.1.ii"],
    "GDPR-5(1)(a)-(f)": ["gdpr.5.1"], "GDPR-32(1)(a)-(d)": ["gdpr.32.1"],
    "PCCP-desc": ["fda.pccp.description"], "SDLC-REVIEW": ["delivery.review"],
    "SDLC-PROV": ["delivery.provenance"], "SDLC-SECRETS": ["delivery.secrets"],
    "SDLC-PHI": ["delivery.patient-data"], "SDLC-ENV": ["delivery.separation"],
    "SDLC-LEDGER": ["delivery.ledger"], "SDLC-TIME": ["delivery.clocks"],
  ]

  private static let prefixes = [
    ("GDPR-", "gdpr."), ("11.", "cfr21.11."), ("62304-", "iec.62304."), ("524B", "fda.524b"),
    ("FDA-", "fda.guidance."), ("EUAI-", "eu.ai-act."), ("GMLP-", "fda.gmlp."),
    ("PCCP-", "fda.pccp."), ("164.", "hipaa.164."),
  ]

  private static func ids(_ source: String) -> [String] {
    if let renamed = renamed[source] { return renamed }
    for (prefix, own) in prefixes where source.hasPrefix(prefix) {
      let rest = source.dropFirst(prefix.count).lowercased().replacing(")(", with: ".")
        .replacing(")-(", with: "-").replacing("(", with: ".").replacing(")", with: "")
      return [own + rest]
    }
    return []
  }

  @Test(
    "nothing of the list that it was made from is left out, and no citation is surer than there")
  func complete() throws {
    // The list lies beside the vectors, where they lie.
    guard let sources = try Self.sources() else { return }
    #expect(sources.count == 203)
    let catalogs = try ShippedCatalogTests.all()
    let controls = Dictionary(
      uniqueKeysWithValues: catalogs.flatMap(\.controls).map { ($0.id, $0) })
    // Paragraphs of the proposal are not cited, so its rows are told by their order.
    let proposed = catalogs.first(where: \.isProposed)?.controls ?? []
    let proposals = sources.filter { $0.section == "HIPAA-NPRM" }
    #expect(proposals.count == proposed.count)
    for (source, control) in zip(proposals, proposed) {
      let section = source.id.replacing("NPRM-", with: "").prefix(7)
      #expect(control.citation == "Proposed 45 CFR \(section) (90 FR 898)", "\(source.id)")
    }
    for source in sources where source.section != "HIPAA-NPRM" {
      let ids = Self.ids(source.id)
      #expect(!ids.isEmpty, "\(source.id)")
      for id in ids {
        let control = try #require(controls[id], "\(source.id) should be \(id)")
        #expect(control.level?.rawValue == Self.levels[source.level], "\(source.id)")
        // Our own controls cite nobody else's text.
        if source.section != "SDLC" {
          #expect(control.isTextChecked == source.isTextChecked, "\(source.id)")
        }
      }
    }
  }
}

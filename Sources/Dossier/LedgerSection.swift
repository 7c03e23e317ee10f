import Model

extension ReleaseReport {
  /// What the page cannot show, said before the proofs.
  var limits: HTML {
    Parts.section("limits", "What this report does not show") {
      HTML.element("ul") {
        for limit in Self.alwaysTrue + dossier.limits { HTML.element("li") { limit } }
      }
    }
  }

  private static let alwaysTrue = [
    "That the organisation complies with a law or a standard. It shows that a policy was met, "
      + "which is mapped to citations; whether the mapping and the policy are adequate, a person "
      + "judges.",
    "That what was signed is true. It shows who signed it and that it was not changed since.",
    "Anything that went past this program: changes made by hand, and times when nobody watched.",
    "Against someone who holds the ledger's key: more than up to the last checkpoint that someone "
      + "else holds.",
    "That a commit's content is protected by its id: git's ids are SHA-1. What was built is bound "
      + "by the SHA-256 of the export.",
  ]

  /// Where everything above is recorded, and the proof of it.
  var ledger: HTML {
    Parts.section(
      "ledger", "Ledger and proofs",
      "Each entry's receipt shows that it is in the ledger of this size and root; any program that "
        + "knows C2SP tlog-proof can check it, with the ledger's public key and without this page."
    ) {
      HTML.element("dl", [.init("class", "position")]) {
        HTML.element("dt") { "Ledger" }
        HTML.element("dd") { dossier.ledger.origin }
        HTML.element("dt") { "Entries" }
        HTML.element("dd") { Parts.grouped(dossier.ledger.size) }
        HTML.element("dt") { "Root" }
        HTML.element("dd") { Parts.code(dossier.ledger.root.description) }
      }
      HTML.element("p") {
        "To check it all: "
        Parts.code("pratique verify \(release.version)")
        "; with other people's programs only: docs/verify-without-us.md."
      }
      for entry in dossier.entries { self.entry(entry) }
    }
  }

  private func entry(_ entry: EvidenceReference) -> HTML {
    let receipt = dossier.receipts.first { $0.index == entry.index }
    return .element("article", [.init("class", "entry"), .init("id", "entry-\(entry.index)")]) {
      HTML.element("h3") { "Entry \(entry.index): \(entry.kind.rawValue)" }
      HTML.element("p", [.init("class", "small")]) {
        "Signed by \(person(entry.signer)), "
        Parts.time(entry.time)
        ". Envelope "
        Parts.code(entry.envelope.description)
      }
      if let receipt {
        HTML.element("details") {
          HTML.element("summary") { "Receipt" }
          HTML.element("pre") { receipt.text }
        }
      } else {
        HTML.element("p", [.init("class", "small")]) {
          Parts.badge(.gap, "no receipt in this file")
        }
      }
    }
  }
}

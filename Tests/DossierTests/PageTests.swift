import Dossier
import FoundationXML
import Model
import TestKit
import Testing

import struct Foundation.Data

@Suite("The page about a release")
struct PageTests {
  @Test("The same dossier gives the same bytes")
  func isDeterministic() {
    #expect(Sample.page() == Sample.page())
    #expect(Sample.page().utf8.count > 20_000)
  }

  @Test("Every control, check, piece of evidence and digest is there")
  func isComplete() {
    let page = Sample.page()
    let dossier = Sample.dossier
    for decision in dossier.decisions.map(\.value) {
      for control in decision.controls {
        #expect(page.contains(control.control))
        #expect(page.contains(control.citation))
        for check in control.checks { #expect(page.contains(check.check)) }
      }
      #expect(page.contains(decision.policy.digest.description))
      #expect(page.contains(decision.ledger.root.description))
    }
    #expect(dossier.entries.map(\.index) == Array(2...20).map(Int64.init))
    for entry in dossier.entries {
      #expect(page.contains("id=\"entry-\(entry.index)\""))
      #expect(page.contains(entry.envelope.description))
    }
    for receipt in dossier.receipts { #expect(page.contains("index \(receipt.index)\n")) }
    for digest in [
      Sample.commit, Sample.digest("export"), Sample.digest("config"), Sample.digest("manifest"),
      Sample.digest("feed"), Sample.digest("before"),
    ] {
      #expect(page.contains(digest?.description ?? "missing"))
    }
    for words in [
      "met policy hospital-release version 3, which is mapped to the citations below",
      "EXAMPLE FEED", "57,434", "rolled back", "Ada Ångström (p-ada)", "not isolated",
      "passed only after it had failed", "Whether the restore drill",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(!page.lowercased().contains("compliant"))
  }

  @Test("Failures, skips and exceptions come first, each once, the worst first")
  func attention() throws {
    let page = Sample.page()
    let first = try #require(page.range(of: "<h2 id=\"first-title\">")).upperBound
    let next = try #require(page.range(of: "<h2 id=\"chain-title\">")).lowerBound
    let section = page[first..<next]
    let expected = [
      "Earlier evidence for the check", "The unit tests ended with FAILED",
      "The step test/unit was failed", "was rolled back", "3 requests were lost",
      "An earlier decision on production was &quot;waiting&quot;",
      "The step test/load was skipped", "did not count", "EXAMPLE FEED", "did not say how bad",
      "attempt 2", "was not isolated", "passed only after",
    ]
    var place = section.startIndex
    for words in expected {
      let found = try #require(section[place...].range(of: words), "\(words), in this order")
      place = found.upperBound
    }
    #expect(section.ranges(of: "<li>").count == expected.count)
    #expect(try #require(page.range(of: "<h2 id=\"controls-title\">")).lowerBound > next)
  }

  @Test("A release without a blemish says so; one without evidence does not pass for one")
  func clean() {
    var dossier = Sample.dossier
    let fresh = ReleaseDossier(
      organisation: "x", madeAt: Sample.time(1), release: dossier.release, ledger: dossier.ledger)
    let page = Sample.page(fresh)
    #expect(page.contains("No gate was asked about this release."))
    #expect(page.contains("No test report is recorded."))
    #expect(page.contains("No scan is recorded."))
    #expect(page.contains("Nothing was observed when this report was made."))
    #expect(page.contains("no receipt in this file"))
    #expect(!page.contains("met policy"))
    dossier.running = [
      RunningImage(
        environment: "production", imageConfig: Sample.digest("stranger"),
        observedAt: Sample.time(1))
    ]
    #expect(Sample.page(dossier).contains("was seen to run another image"))
  }

  @Test("The latest decision by index counts, whatever the order in which they are given")
  func latestDecision() {
    var dossier = Sample.dossier
    dossier.decisions.reverse()
    #expect(Sample.page(dossier).contains("<strong>production: allowed</strong>"))
    dossier.decisions = [
      Recorded(Sample.decision("production", .allowed), Sample.entry(.decision, 13)),
      Recorded(Sample.decision("production", .refused), Sample.entry(.decision, 14)),
    ]
    let page = Sample.page(dossier)
    #expect(page.contains("<strong>production: refused</strong>"))
    #expect(page.contains("does not meet policy"))
    #expect(!page.contains("<strong>production: allowed</strong>"))
  }

  @Test("What went in by a break-glass is not said to have met a policy, and that stands first")
  func breakGlass() {
    var dossier = Sample.dossier
    let bypass = Bypass(
      kind: .breakGlass, control: nil, sentence: "BREAK-GLASS for outage-7", until: nil,
      evidence: nil)
    dossier.decisions = [
      Recorded(
        Sample.decision("production", .allowed, bypasses: [bypass]), Sample.entry(.decision, 13))
    ]
    let page = Sample.page(dossier)
    #expect(page.contains("went in without meeting policy"))
    #expect(!page.contains("met policy hospital-release"))
    #expect(page.contains("<strong>break-glass</strong>: BREAK-GLASS for outage-7"))
  }

  @Test("The page needs nothing from elsewhere and runs nothing")
  func isSelfContained() {
    let page = Sample.page()
    for sign in ["<script", "src=", "url(", "@import", "http://", "https://", "<link", "onload"] {
      #expect(!page.contains(sign), "\(sign)")
    }
    #expect(page.contains("default-src &#39;none&#39;"))
  }

  @Test("Every link leads to a place on the page, and no id stands twice")
  func links() {
    let page = Sample.page()
    let ids = page.ranges(of: " id=\"").map { page[$0.upperBound...].prefix { $0 != "\"" } }
    #expect(Set(ids).count == ids.count)
    let links = page.ranges(of: "href=\"#").map { page[$0.upperBound...].prefix { $0 != "\"" } }
    #expect(links.count > 30)
    for link in links { #expect(ids.contains(link), "\(link)") }
  }

  @Test("The markup is well-formed")
  func isWellFormed() {
    // Void elements are the one difference from XML here.
    let page = Sample.page().replacing("<!DOCTYPE html>\n", with: "")
      .replacing(#/<meta [^>]*>/#) { "\($0.output.dropLast())/>" }
    #expect(XMLParser(data: Data(page.utf8)).parse())
  }

  @Test("Nothing that a report says can become markup or hide")
  func escapes() {
    let hostile = "</li><script>alert('x')</script>\"' onload=\"&\u{202e}\u{0}\u{200b}"
    var dossier = Sample.dossier
    dossier.organisation = hostile
    dossier.notes = [hostile]
    dossier.limits = [hostile]
    let finding = Finding(
      rule: hostile, severity: .high, title: hostile, package: hostile, fixedVersion: hostile,
      file: hostile)
    let source = ReportSource(
      tool: hostile, toolVersion: hostile, format: hostile, report: Sample.digest(""), feed: nil)
    dossier.scans = [
      Recorded(
        ScanResult(
          application: hostile, run: hostile, time: Sample.time(8), scope: hostile,
          findings: [finding], componentsScanned: 1, source: source),
        Sample.entry(.vulnerabilityScan, 8, by: hostile))
    ]
    dossier.tests = [
      Recorded(
        TestResult(
          application: hostile, run: hostile, time: Sample.time(7), suite: hostile,
          totals: TestTotals(passed: 0, failed: 1, errors: 0, skipped: 0),
          passedTests: [], failedTests: [hostile], source: source),
        Sample.entry(EvidenceKind(rawValue: hostile), 7))
    ]
    dossier.steps = [Sample.step(5, hostile, hostile, .failed)]
    dossier.receipts = [EntryReceipt(index: 7, text: hostile)]
    dossier.running = [
      RunningImage(
        environment: hostile, imageConfig: Sample.digest("config"), observedAt: Sample.time(1))
    ]
    dossier.decisions = [
      Recorded(Sample.decision(hostile, .refused), Sample.entry(.decision, 14))
    ]
    let page = ReleaseReport(dossier) { _ in hostile }.html()
    #expect(!page.contains("<script"))
    #expect(!page.contains("onload=\""))
    #expect(page.ranges(of: "&lt;script&gt;").count > 20)
    #expect(page.contains("[U+202E][U+0][U+200B]"))
    for scalar in ["\u{202e}", "\u{0}", "\u{200b}"] as [Unicode.Scalar] {
      #expect(!page.unicodeScalars.contains(scalar))
    }
    let well = page.replacing("<!DOCTYPE html>\n", with: "")
      .replacing(#/<meta [^>]*>/#) { "\($0.output.dropLast())/>" }
    #expect(XMLParser(data: Data(well.utf8)).parse())
  }
}

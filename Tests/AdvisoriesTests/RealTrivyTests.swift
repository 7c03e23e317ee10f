import Foundation
import Model
import Reading
import TestKit
import Testing

@testable import Advisories

/// The same answers as Trivy on the same image and the same advisories.
@Suite("Matches beside Trivy's")
struct RealTrivyTests {
  private struct Row {
    let ecosystem, source, package, id: String
    /// The version that mends it; without one there is no fix.
    let fixed: String?
  }

  private static let debian = "Pratique example advisories (Debian 12)"
  private static let python = "pip::Pratique example advisories (pip)"

  private static let rows = [
    Row(
      ecosystem: "Debian:12", source: "debian 12", package: "openssl", id: "CVE-2099-1",
      fixed: "3.0.13-1~deb12u1"),
    Row(
      ecosystem: "Debian:12", source: "debian 12", package: "openssl", id: "CVE-2099-2",
      fixed: "3.0.11-1~deb12u2"),
    Row(
      ecosystem: "Debian:12", source: "debian 12", package: "openssl", id: "CVE-2099-3",
      fixed: "3.0.11-1"),
    Row(
      ecosystem: "Debian:12", source: "debian 12", package: "foo", id: "CVE-2099-4",
      fixed: "1:2.0-2"),
    Row(
      ecosystem: "Debian:12", source: "debian 12", package: "foo", id: "CVE-2099-5", fixed: "3.0"),
    Row(ecosystem: "Debian:12", source: "debian 12", package: "foo", id: "CVE-2099-6", fixed: nil),
    Row(
      ecosystem: "Debian:12", source: "debian 12", package: "libssl3", id: "CVE-2099-7", fixed: "9"),
    Row(ecosystem: "PyPI", source: python, package: "long-name", id: "CVE-2099-8", fixed: "2.0.1"),
    Row(ecosystem: "PyPI", source: python, package: "new-pkg", id: "CVE-2099-9", fixed: "3.0rc1"),
    Row(
      ecosystem: "PyPI", source: python, package: "new-pkg", id: "CVE-2099-10", fixed: "3.0.1"),
    Row(ecosystem: "PyPI", source: python, package: "old", id: "CVE-2099-11", fixed: "9"),
    Row(ecosystem: "PyPI", source: python, package: "kept", id: "CVE-2099-12", fixed: "9"),
  ]

  private func feed() throws -> AdvisoryFeed {
    var builder = FeedBuilder()
    for row in Self.rows {
      let fixed = row.fixed.map { #",{"fixed":"\#($0)"}"# } ?? ""
      let text =
        #"{"id":"\#(row.id)","modified":"2026-11-01T00:00:00Z","affected":[{"package":"#
        + #"{"ecosystem":"\#(row.ecosystem)","name":"\#(row.package)"},"ranges":[{"type":"#
        + #""ECOSYSTEM","events":[{"introduced":"0"}\#(fixed)]}]}]}"#
      try builder.add("\(row.id).json", Array(text.utf8))
    }
    // No package of npm's has an advisory here.
    try builder.add("feed.json", Array(#"{"name":"test","ecosystems":["npm"]}"#.utf8))
    return try builder.feed(named: "test")
  }

  private func trivyFeed(_ folder: TemporaryFolder) throws {
    let advisories = Self.rows.map { row -> String in
      let isPython = row.ecosystem == "PyPI"
      let versions =
        row.fixed.map { fixed in
          isPython
            ? #","vulnerableVersions":["<\#(fixed)"],"patchedVersions":["\#(fixed)"]"#
            : #","fixedVersion":"\#(fixed)""#
        } ?? #","status":"affected""#
      return #"{"source":"\#(row.source)","package":"\#(row.package)","id":"\#(row.id)","#
        + #""severity":"HIGH","title":"t","description":"d"\#(versions)}"#
    }
    let text = """
      {"description":"d","sources":{"debian 12":{"id":"debian","name":"\(Self.debian)"},
       "\(Self.python)":{"id":"osv","name":"\(Self.python.dropFirst(5))"}},
       "advisories":[\(advisories.joined(separator: ","))]}
      """
    try text.write(toFile: folder.file("a.json"), atomically: true, encoding: .utf8)
    try run(
      Repository.root.appending(path: "scripts/make-example-feed").path,
      ["--advisories", folder.file("a.json"), folder.file("cache")])
  }

  private func run(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(program): \(String(decoding: said, as: UTF8.self))")
  }

  /// An image of two layers, in Docker's form, which both read.
  private func image(_ folder: TemporaryFolder) throws -> String {
    let layers = [
      InventoryTests.base().finished(), InventoryTests.top(hasArchive: false).finished(),
    ]
    let digests = layers.map { #""\#(Digest.sha256($0))""# }.joined(separator: ",")
    let config =
      #"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[\#(digests)]}}"#
    var archive = LayerWriter()
    archive.add("config.json", config)
    for (place, layer) in layers.enumerated() {
      archive.add("\(place).tar", String(decoding: layer, as: UTF8.self))
    }
    archive.add(
      "manifest.json",
      #"[{"Config":"config.json","RepoTags":["test:1"],"Layers":["0.tar","1.tar"]}]"#)
    let path = folder.file("image.tar")
    try Data(archive.finished()).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test("an image of two layers with whiteouts: the same vulnerabilities in the same packages")
  func image() throws {
    let folder = try TemporaryFolder()
    let path = try image(folder)
    try trivyFeed(folder)
    try run(
      "trivy",
      [
        "image", "--input", path, "--cache-dir", folder.file("cache"), "--skip-db-update",
        "--skip-java-db-update", "--offline-scan", "--skip-version-check", "--quiet", "--scanners",
        "vuln", "--format", "json", "--output", folder.file("out.json"),
      ])
    let report = try JSONReader.read(
      Array(Data(contentsOf: URL(fileURLWithPath: folder.file("out.json")))), limits: .report)
    var theirs: Set<String> = []
    for result in report["Results"]?.array ?? [] {
      for finding in result["Vulnerabilities"]?.array ?? [] {
        theirs.insert(
          [
            finding["VulnerabilityID"]?.string ?? "",
            Ecosystem(.python).canonical(finding["PkgName"]?.string ?? ""),
            finding["FixedVersion"]?.string ?? "",
          ].joined(separator: " "))
      }
    }
    let files = try ImageFiles.read(path).files
    let ours = Matcher(feed: try feed()).match(try Inventory(files).packages).matches.map { match in
      let label = match.package.label.split(separator: "/").last ?? ""
      let name = PackageURL.decode(label.prefix { $0 != "@" })
      return [
        match.finding.rule, Ecosystem(.python).canonical(name), match.finding.fixedVersion ?? "",
      ].joined(separator: " ")
    }
    #expect(!theirs.isEmpty)
    #expect(Set(ours).subtracting(theirs).sorted() == [])
    #expect(theirs.subtracting(ours).sorted() == [])
  }
}

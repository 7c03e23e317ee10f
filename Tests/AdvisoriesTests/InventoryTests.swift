import Blobs
import Foundation
import Model
import TestKit
import Testing

@testable import Advisories

/// Writes tar archives as image builders do.
struct LayerWriter {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ path: String, _ text: String = "", type: UInt8 = 0x30, link: String = "") {
    let name = Array(path.utf8)
    if name.count > 100 { entry("././@LongLink", name + [0], 0x4c, "") }
    entry(String(path.prefix(100)), Array(text.utf8), type, link)
  }

  private mutating func entry(_ name: String, _ content: [UInt8], _ type: UInt8, _ link: String) {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, _ offset: Int) {
      for (place, byte) in text.utf8.enumerated() { header[offset + place] = byte }
    }
    put(name, 0)
    put("0000644\u{0}", 100)
    let size = String(content.count, radix: 8)
    put(String(repeating: "0", count: 11 - size.count) + size, 124)
    header[156] = type
    put(link, 157)
    put("ustar\u{0}00", 257)
    put("        ", 148)
    let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
    put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ", 148)
    bytes += header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }

  func finished() -> [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}

@Suite("Inventories")
struct InventoryTests {
  static let release = "ID=debian\nVERSION_ID=\"12\"\n"
  static let status = """
    Package: libssl3
    Status: install ok installed
    Source: openssl (3.0.11-1~deb12u2)
    Architecture: amd64
    Version: 3.0.11-1~deb12u2
    Description: something
     Package: not-a-package

    Package: gone
    Status: deinstall ok config-files
    Version: 1

    Package: libfoo+1
    Status: install ok installed
    Source: foo (1:2.0-1)
    Version: 1:2.0-1+b1
    Architecture: amd64

    """

  static func base() -> LayerWriter {
    var layer = LayerWriter()
    layer.add("./etc/", type: 0x35)
    layer.add("./etc/os-release", release)
    layer.add("./etc/debian_version", "12.2\n")
    layer.add("./var/lib/dpkg/status", status)
    layer.add("opt/old-1.0.dist-info/METADATA", "Name: old\nVersion: 1.0\n\nName: x\n")
    layer.add("opt/gone/kept-1.0.dist-info/METADATA", "Name: kept\nVersion: 1.0\n")
    layer.add(
      "srv/" + String(repeating: "d/", count: 60) + "Long_Name.egg-info/PKG-INFO",
      "Name: Long_Name\nVersion: 2.0\n")
    return layer
  }

  static func top(hasArchive: Bool = true) -> LayerWriter {
    var layer = LayerWriter()
    layer.add("opt/.wh.old-1.0.dist-info")
    layer.add("opt/gone/.wh..wh..opq")
    layer.add("opt/gone/new-3.0.dist-info/METADATA", "Name: New_Pkg\nVersion: 3.0\n")
    layer.add("app/node_modules/@a/b/package.json", #"{"name":"@a/b","version":"1.2.3"}"#)
    layer.add("app/node_modules/c/test/package.json", #"{"name":"fixture","version":"1.0.0"}"#)
    if hasArchive { layer.add("app/lib/thing.jar", "PK") }
    return layer
  }

  @Test("Layers are laid over each other with their whiteouts, and each package knows its layer")
  func layers() throws {
    var files = ImageFiles()
    try files.add(layer: Self.base().finished())
    try files.add(layer: Self.top().finished())
    let inventory = try Inventory(files)
    #expect(
      inventory.packages.map { "\($0.ecosystem) \($0.name) \($0.version) \($0.layer ?? -1)" } == [
        "Debian:12 foo 1:2.0-1 0", "Debian:12 openssl 3.0.11-1~deb12u2 0", "npm @a/b 1.2.3 1",
        "PyPI long-name 2.0 0", "PyPI new-pkg 3.0 1",
      ])
    #expect(inventory.unread == ["app/lib/thing.jar": "a Java archive"])
    let label = try #require(inventory.packages.first { $0.name == "foo" }?.label)
    #expect(label.hasPrefix("pkg:deb/debian/libfoo%2B1@1%3A2.0-1%2Bb1?arch=amd64"))
  }

  @Test("A bill of materials that was written is read back the same")
  func billOfMaterials() throws {
    var files = ImageFiles()
    try files.add(layer: Self.base().finished())
    let inventory = try Inventory(files)
    let (read, without) = try Inventory.cycloneDX(inventory.cycloneDX())
    #expect(without == 0)
    #expect(
      read.packages.map { "\($0.ecosystem) \($0.name) \($0.version)" }
        == inventory.packages.map { "\($0.ecosystem) \($0.name) \($0.version)" })
    #expect(throws: (any Error).self) { try Inventory.cycloneDX(Array("{}".utf8)) }
  }

  @Test("Package URLs name packages as advisories know them")
  func packageURLs() {
    func read(_ text: String) -> String? {
      InventoryPackage(packageURL: text).map { "\($0.ecosystem) \($0.name) \($0.version)" }
    }
    #expect(read("pkg:pypi/Jinja2@3.1.2") == "PyPI jinja2 3.1.2")
    #expect(read("pkg:npm/%40a/b@1.0.0") == "npm @a/b 1.0.0")
    #expect(read("pkg:maven/org.x/y@1.0?type=jar") == "Maven org.x:y 1.0")
    #expect(read("pkg:golang/github.com/a/b@v1.2.3") == "Go github.com/a/b v1.2.3")
    #expect(
      read("pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12&upstream=openssl%403.0.11-1")
        == "Debian:12 openssl 3.0.11-1")
    #expect(
      read("pkg:apk/alpine/libssl3@3.1.4-r5?distro=alpine-3.19.1")
        == "Alpine:v3.19 libssl3 3.1.4-r5")
    #expect(read("pkg:deb/debian/perl@5.36?epoch=1&distro=debian-12") == "Debian:12 perl 1:5.36")
    for bad in ["pkg:pypi/x", "x", "pkg:unknown/x@1", "pkg:deb/plan9/x@1"] {
      #expect(read(bad) == nil)
    }
  }

  @Test("A tree's lock files count, an image's do not")
  func trees() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("sub"), withIntermediateDirectories: true)
    try #"{"packages":{"":{"version":"9"},"node_modules/a/node_modules/@b/c":{"version":"1.0.0"}}}"#
      .write(toFile: folder.file("package-lock.json"), atomically: true, encoding: .utf8)
    try "[[package]]\nname = \"serde\"\nversion = \"1.0.1\"\n".write(
      toFile: folder.file("sub/Cargo.lock"), atomically: true, encoding: .utf8)
    try
      #"{"pins":[{"location":"https://github.com/Apple/swift-nio.git","state":{"version":"2.0.0"}}],"version":2}"#
      .write(toFile: folder.file("Package.resolved"), atomically: true, encoding: .utf8)
    let (files, sort, _) = try ImageFiles.read(folder.path)
    #expect(sort == .tree)
    #expect(
      try Inventory(files, isTree: true).packages.map { "\($0.name) \($0.version)" } == [
        "serde 1.0.1", "@b/c 1.0.0", "github.com/apple/swift-nio 2.0.0",
      ])
    #expect(try Inventory(files).packages.isEmpty)
  }

  @Test("Packages of a distribution that is not known are said to be unread")
  func otherDistribution() throws {
    var layer = LayerWriter()
    layer.add("etc/os-release", "ID=plan9\n")
    layer.add("var/lib/dpkg/status", Self.status)
    layer.add("var/lib/rpm/rpmdb.sqlite", "SQLite")
    var files = ImageFiles()
    try files.add(layer: layer.finished())
    #expect(
      try Inventory(files).unread.keys.sorted() == [
        "var/lib/dpkg/status", "var/lib/rpm/rpmdb.sqlite",
      ])
  }

  @Test("Images are read from an OCI layout, and a blob that was changed is refused")
  func layout() throws {
    let folder = try TemporaryFolder()
    let layer = try Gzip.compress(Self.base().finished())
    func put(_ bytes: [UInt8]) throws -> String {
      let digest = Digest.sha256(bytes)
      try FileManager.default.createDirectory(
        atPath: folder.file("blobs/sha256"), withIntermediateDirectories: true)
      try Data(bytes).write(to: URL(fileURLWithPath: folder.file("blobs/sha256/\(digest.hex)")))
      return digest.description
    }
    let config = try put(Array("{}".utf8))
    let layerDigest = try put(layer)
    let manifest = try put(
      Array(#"{"config":{"digest":"\#(config)"},"layers":[{"digest":"\#(layerDigest)"}]}"#.utf8))
    try "{}".write(toFile: folder.file("oci-layout"), atomically: true, encoding: .utf8)
    try #"{"manifests":[{"digest":"\#(manifest)"}]}"#.write(
      toFile: folder.file("index.json"), atomically: true, encoding: .utf8)
    let (files, sort, read) = try ImageFiles.read(folder.path)
    #expect(sort == .image && read?.description == config)
    #expect(try Inventory(files).packages.count == 5)
    let file = folder.file("blobs/sha256/\(layerDigest.dropFirst(7))")
    try Data(layer + [0]).write(to: URL(fileURLWithPath: file))
    #expect(throws: Problem.self) { try ImageFiles.read(folder.path) }
  }

  @Test("Changed layers are read or refused, and never end the program")
  func mutated() throws {
    var random = Seeded(seed: 5)
    let bytes = Self.base().finished()
    for _ in 0..<300 {
      var files = ImageFiles()
      guard (try? files.add(layer: random.mutated(bytes))) != nil else { continue }
      _ = try? Inventory(files)
    }
    var files = ImageFiles()
    #expect(throws: Problem.self) { try files.add(layer: Array(bytes.prefix(700))) }
  }
}

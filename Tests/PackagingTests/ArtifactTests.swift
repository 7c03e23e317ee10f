import Foundation
import Model
import Packaging
import TestKit
import Testing

/// An archive without compression, as small as the format allows.
private func zip(_ names: [String]) -> [UInt8] {
  func number(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  var body: [UInt8] = []
  var directory: [UInt8] = []
  for name in names {
    let fields = number(0, 18) + number(name.utf8.count, 2) + number(0, 2)
    let offset = body.count
    body += [0x50, 0x4b, 3, 4] + number(20, 2) + number(0, 2) + fields + Array(name.utf8)
    directory +=
      [0x50, 0x4b, 1, 2] + number(20, 2) + number(20, 2) + number(0, 2) + fields + number(0, 2)
      + number(0, 2) + number(0, 2) + number(0, 4) + number(offset, 4) + Array(name.utf8)
  }
  return body + directory + [0x50, 0x4b, 5, 6] + number(0, 4) + number(names.count, 2)
    + number(names.count, 2) + number(directory.count, 4) + number(body.count, 4) + number(0, 2)
}

private func safetensors(end: Int, data: Int) -> [UInt8] {
  let header = Array(#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,\#(end)]}}"#.utf8)
  return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
    + [UInt8](repeating: 1, count: data)
}

@Suite("What artifacts are, by their content")
struct ArtifactTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ bytes: [UInt8], named name: String = "a") throws -> RecognisedArtifact {
    let path = folder.file(name)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try RecognisedArtifact.file(path)
  }

  static let samples: [(String, [UInt8])] = [
    ("wheel", zip(["portal/__init__.py", "portal-1.dist-info/WHEEL"])),
    ("jar", zip(["META-INF/MANIFEST.MF", "A.class"])),
    ("apk", zip(["META-INF/MANIFEST.MF", "AndroidManifest.xml", "classes.dex"])),
    ("ipa", zip(["Payload/Portal.app/Info.plist"])), ("zip", zip(["a"])),
    ("nuget", zip(["[Content_Types].xml", "a.nuspec"])),
    ("model-pytorch", zip(["net/data.pkl", "net/version"])),
    ("deb", Array("!<arch>\ndebian-binary   0".utf8)), ("rpm", [0xed, 0xab, 0xee, 0xdb, 3, 0]),
    ("gzip", [0x1f, 0x8b, 8, 0]), ("elf", [0x7f, 0x45, 0x4c, 0x46, 2]),
    ("firmware-uf2", Array("UF2\n".utf8) + [0x57, 0x51, 0x5d, 0x9e]),
    ("firmware-hex", Array(":0300300002337A1E\n:00000001FF\n".utf8)),
    ("model-safetensors", safetensors(end: 8, data: 8)),
    ("model-gguf", Array("GGUF".utf8) + [3, 0, 0, 0]),
    ("model-onnx", [0x08, 0x08, 0x12, 0x01, 0x61, 0x3a, 0x02, 0x12, 0x00]),
    ("unknown", Array("a text\n".utf8)),
    // What only looks like one.
    ("unknown", safetensors(end: 8, data: 7)), ("unknown", [0x08, 0x08, 0x3a, 0x7f, 0x00]),
    ("unknown", Array(":0300300002337A1F\n".utf8)),
  ]

  @Test("the form comes from the content", arguments: samples)
  func forms(form: String, bytes: [UInt8]) throws {
    let artifact = try read(bytes, named: "lies.pdf")
    #expect(artifact.form.word == form)
    #expect(artifact.digest == .sha256(bytes))
    #expect(artifact.bytes == Int64(bytes.count))
  }

  @Test func whatIsNotWholeIsRefused() throws {
    #expect(throws: Problem.self) { try read([]) }
    let whole = zip(["a", "b"])
    for count in stride(from: 4, to: whole.count, by: 7) {
      #expect(throws: Problem.self, "cut to \(count)") { try read(Array(whole.prefix(count))) }
    }
    var wrong = whole
    wrong[whole.count - 12] = 9
    #expect(throws: Problem.self) { try read(wrong) }
    #expect(throws: Problem.self) { try RecognisedArtifact.file(folder.file("none")) }
  }

  @Test func aFolderIsItsListAsSha256sumWritesIt() throws {
    let tree = folder.file("tree")
    try FileManager.default.createDirectory(
      atPath: "\(tree)/b/c", withIntermediateDirectories: true)
    for (name, text) in [("b/c/z", "1"), ("a b", "2"), (".hidden", "3"), ("b/é", "4"), ("B", "5")] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(tree)/\(name)"))
    }
    let recognised = try RecognisedArtifact.folder(tree)
    #expect(recognised.files == 5)
    #expect(recognised.bytes == 5)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c",
      #"find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"#,
    ]
    process.currentDirectoryURL = URL(fileURLWithPath: tree)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(output.hasPrefix(recognised.digest.hex), "\(output)")
    // Times are no part of it, contents are.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: "\(tree)/B")
    #expect(try RecognisedArtifact.folder(tree).digest == recognised.digest)
    try Data("6".utf8).write(to: URL(fileURLWithPath: "\(tree)/B"))
    #expect(try RecognisedArtifact.folder(tree).digest != recognised.digest)
    try FileManager.default.createSymbolicLink(
      atPath: "\(tree)/link", withDestinationPath: "/etc/passwd")
    #expect(throws: Problem.self) { try RecognisedArtifact.folder(tree) }
  }
}

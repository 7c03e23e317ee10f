import Blobs
import Foundation
import Ledger
import LedgerSQLite
import Model
import TestKit
import Testing

/// The example for people who use the ledger as a library, built with these tests.
@Suite("The ledger as a library")
struct ExampleTests {
  @Test("the example appends, proves and verifies")
  func example() async throws {
    let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let program = "\(PathText.parent(of: bundle))/LedgerExample"
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [folder.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(String(decoding: output, as: UTF8.self) == "entry 0 is in log.example/demo, one of 1\n")
    let ledger = try SQLiteLedger.open(
      at: folder.file("ledger.sqlite"), blobs: FileBlobStore(folder: folder.file("blobs")))
    #expect(try await ledger.read { try $0.receipt(0).index } == 0)
    await #expect(throws: Problem(.notFound, "")) { try await ledger.read { try $0.receipt(1) } }
  }

  @Test("its package names each library that the example imports, all of them products")
  func package() throws {
    func text(_ path: String) throws -> String {
      try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
    }
    let example = try text("examples/ledger-library/Package.swift")
    let products = try text("Package.swift")
    let source = try text("examples/ledger-library/Sources/LedgerExample/main.swift")
    let imports = source.split(separator: "\n").filter { $0.hasPrefix("import ") }
      .map { $0.dropFirst(7) }.filter { $0 != "Foundation" }
    #expect(imports.count == 5)
    for name in imports {
      #expect(example.contains("\"\(name)\""))
      #expect(products.contains(".library(name: \"\(name)\""))
    }
    let lines = source.split(separator: "\n").filter {
      !$0.hasPrefix("//") && !$0.hasPrefix("import ")
    }
    #expect(lines.count <= 22, "the example has grown to \(lines.count) lines")
  }
}

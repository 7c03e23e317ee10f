import Foundation
import TestKit
import Testing

/// The guard against PHI, as people call it.
@Suite("phi")
struct PHIEndToEndTests {
  private let folder: TemporaryFolder
  private let output: TemporaryFolder
  private let program: Program
  private let value = "00482913"

  init() throws {
    folder = try TemporaryFolder()
    output = try TemporaryFolder()
    program = Program(try Repository.command(), directory: folder.path, outputIn: output.path)
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name)))
  }

  @Test("scan ends with 23 and says where, but never what; an excuse holds until its day")
  func scan() async throws {
    try write("fixture.json", "{\"mrn\": \"\(value)\", \"note\": \"\"}")
    try write("clean.swift", "let answer = 42\n")
    let found = try await program.run(["phi", "scan", folder.path])
    #expect(found.exitCode == 23)
    #expect(found.output.contains("fixture.json:1:10"))
    #expect(!found.output.contains(value) && !found.errorOutput.contains(value))
    let json = try await program.run(["phi", "scan", "--json", folder.file("fixture.json")])
    #expect(json.exitCode == 23)
    #expect(json.output.contains("\"type\":\"record-number\"") && !json.output.contains(value))

    let clean = try await program.run(["phi", "scan", folder.file("clean.swift")])
    #expect(clean.exitCode == 0)
    #expect(clean.output.contains("no finding in 1 file"))

    let entry = "allow:\n- path: fixture.json\n  reason: made up\n  expires: "
    try write("held.yaml", entry + "2999-12-31\n")
    let held = try await program.run([
      "phi", "scan", "--allow", folder.file("held.yaml"), folder.file("fixture.json"),
    ])
    #expect(held.exitCode == 0)
    #expect(held.output.contains("excused until 2999-12-31: made up"))
    try write("over.yaml", entry + "2020-01-01\n")
    let over = try await program.run([
      "phi", "scan", "--allow", folder.file("over.yaml"), folder.file("fixture.json"),
    ])
    #expect(over.exitCode == 23)
  }

  @Test("what could not be looked at does not end with 0")
  func refused() async throws {
    try Data([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4]).write(
      to: URL(fileURLWithPath: folder.file("a.7z")))
    let refused = try await program.run(["phi", "scan", folder.file("a.7z")])
    #expect(refused.exitCode == 65)
    #expect(refused.output.contains("NOT LOOKED AT: 7z is not read"))
    let missing = try await program.run(["phi", "scan", folder.file("nowhere")])
    #expect(missing.exitCode == 66)
    #expect(missing.errorOutput.contains("nowhere"))
  }

  @Test("explain knows each rule, and says so of a word that is none")
  func explain() async throws {
    let rule = try await program.run(["phi", "explain", "age-ninety"])
    #expect(rule.exitCode == 0 && rule.output.contains("90 or more"))
    let none = try await program.run(["phi", "explain", "nonsense"])
    #expect(none.exitCode == 66)
  }
}

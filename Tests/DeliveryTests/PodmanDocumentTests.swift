import Foundation
import Reading
import Testing

@testable import Delivery

@Suite("Podman's document")
struct PodmanDocumentTests {
  @Test("the document's tables are the program's")
  func documented() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/podman-target.md")
    let text = try String(contentsOf: path, encoding: .utf8)
    for line in FieldTables.lines {
      #expect(text.contains(line + "\n"), "docs/podman-target.md lacks the line \(line)")
    }
    let rows = text.split(separator: "\n").count { $0.hasPrefix("| `") }
    #expect(rows == FieldTables.lines.count, "docs/podman-target.md has lines of its own")
  }
}

extension FieldTables {
  /// The rows of the document, one a field.
  static var lines: [String] {
    all.flatMap { table in
      table.rules.map { field, rule in
        let (word, reason) =
          switch rule {
          case .passed: ("passed on", "")
          case .done(let how): ("done otherwise", how)
          case .ignored(let why): ("left out", why)
          case .only(let value, let why): ("only \(text(value))", why)
          case .refused(let why): ("refused", why)
          }
        return "| `\(table.place)\(field)` | \(word) | \(reason) |".replacing("|  |", with: "| |")
      }
    } + ignoredKinds.map { "| `kind: \($0.kind)` | left out | \($0.reason) |" }
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .bool(let value): "`\(value)`"
    case .string(let text): "`\(text)`"
    default: "empty"
    }
  }
}

import Commands
import Foundation
import Model
import TestKit
import Testing

/// The table that people read is the one that the program follows.
@Suite("Exit codes")
struct ExitCodesTests {
  private struct Line {
    let number: String
    let code: String
    let meaning: String
    let advice: String
  }

  private func table() throws -> [Line] {
    let path = Repository.root.appending(path: "docs/exit-codes.md")
    let text = try String(contentsOf: path, encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2)
    return try rows.map { row in
      let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      try #require(cells.count == 4, "\(row)")
      return Line(number: cells[0], code: cells[1], meaning: cells[2], advice: cells[3])
    }
  }

  @Test("the table names every sort of problem once, with its number, meaning and advice")
  func documented() throws {
    let lines = try table()
    #expect(lines.first?.number == "0")
    let documented = lines.dropFirst().map { "\($0.number) \($0.code)" }
    let actual = Problem.Code.allCases.map { "\(ExitCodes.code(of: $0)) `\($0.rawValue)`" }
    #expect(documented.sorted() == actual.sorted())
    #expect(lines.allSatisfy { $0.meaning.hasSuffix(".") && $0.advice.count > 5 })
  }

  @Test("no two sorts of problem share a number, none is 0, 1 or a signal's but for Ctrl-C")
  func distinct() {
    let numbers = Problem.Code.allCases.map(ExitCodes.code(of:))
    #expect(Set(numbers).count == numbers.count)
    #expect(numbers.allSatisfy { $0 == 130 || (2..<126).contains($0) })
  }
}

import Commands
import Foundation
import Model
import Reading
import TestKit
import Testing

/// What a command must say and do about bad input.
struct Refusal {
  let ward: Ward
  /// The folders that must stay as they are: the ledger, as a rule.
  var folders: [String]
  var program: Program

  init(_ ward: Ward) {
    self.ward = ward
    folders = [ward.ledger]
    program = ward.pratique()
  }

  /// Runs a command twice, for people and with `--json`, and expects one clear error each time.
  ///
  /// - Parameters:
  ///   - code: the sort of problem, and with it the exit code.
  ///   - words: what the error must say: what, where, what to do.
  func expect(
    _ code: Problem.Code, _ words: [String], _ arguments: [String],
    location: SourceLocation = #_sourceLocation
  ) async throws {
    let before = folders.map(LedgerRows.init)
    let plain = try await program.run(arguments)
    check(plain, code, words, arguments, location)
    let json = try await program.run(arguments + ["--json"])
    checkJSON(json, code, words, arguments, location)
    for (folder, old) in zip(folders, before) {
      let changed = LedgerRows(folder).differences(from: old)
      #expect(changed == [], "\(arguments)", sourceLocation: location)
    }
  }

  private func check(
    _ result: Program.Result, _ code: Problem.Code, _ words: [String], _ arguments: [String],
    _ location: SourceLocation
  ) {
    let said = result.errorOutput
    #expect(
      result.ending == .exited(ExitCodes.code(of: code)), "\(arguments): \(said)",
      sourceLocation: location)
    let errors = said.split(separator: "\n").filter { $0.lowercased().hasPrefix("error:") }
    #expect(errors.count == 1, "\(arguments): \(said)", sourceLocation: location)
    #expect(said.count < 2_000, "\(arguments): \(said.prefix(4_000))", sourceLocation: location)
    for word in words + [] {
      #expect(said.contains(word), "\(arguments): \(said)", sourceLocation: location)
    }
    for trace in ["Fatal error", "Stack dump", "Thread 0", "Swift/", "internal"] {
      #expect(!said.contains(trace), "\(arguments): \(said)", sourceLocation: location)
    }
  }

  private struct Report: Decodable {
    let error: Content
    struct Content: Decodable {
      let code: Problem.Code
      let message: String
      let location: String?
      let advice: String?
    }
  }

  private func checkJSON(
    _ result: Program.Result, _ code: Problem.Code, _ words: [String], _ arguments: [String],
    _ location: SourceLocation
  ) {
    #expect(
      result.ending == .exited(ExitCodes.code(of: code)), "\(arguments): \(result.errorOutput)",
      sourceLocation: location)
    do {
      // A run that had begun has told its progress before.
      let last = result.errorOutput.split(separator: "\n").last.map(String.init) ?? ""
      let report: Report = try JSONReader.read(Array(last.utf8)).decode()
      #expect(report.error.code == code, "\(arguments)", sourceLocation: location)
      let all = [report.error.location, report.error.message, report.error.advice]
        .compactMap { $0 }.joined(separator: " ")
      for word in words {
        #expect(all.contains(word), "\(arguments): \(all)", sourceLocation: location)
      }
    } catch {
      Issue.record("\(arguments): \(error): \(result.errorOutput)", sourceLocation: location)
    }
  }
}

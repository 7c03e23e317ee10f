import ArgumentParser
import Foundation
import Journey
import Model
import Server

/// Asking the witnesses at the end of a command that recorded something.
struct CosigningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How long to wait for configured witnesses at the end; 0 to not ask them.",
      discussion: "Otherwise PRATIQUE_WITNESS_SECONDS, otherwise 5. What was recorded stays"
        + " recorded, whatever they say."))
  var witnessSeconds: Int?

  func validate() throws {
    guard (0...600).contains(seconds) else {
      throw ValidationError("--witness-seconds takes 0 to 600")
    }
  }

  private var seconds: Int {
    witnessSeconds
      ?? ProcessInfo.processInfo.environment["PRATIQUE_WITNESS_SECONDS"].map { Int($0) ?? -1 } ?? 5
  }

  /// Asks for cosignatures of what was recorded, and says on standard error what came of it. Too
  /// few are no error here: the checkpoint says so for itself, and can be cosigned later.
  ///
  /// - Returns: what stands against going on: a witness that holds another history.
  func ask(_ home: LedgerHome, _ terminal: Terminal) async -> Problem? {
    guard seconds > 0 else { return nil }
    do {
      let roots = ProcessInfo.processInfo.environment["PRATIQUE_TLS_ROOTS"]
      guard
        let report = try await home.cosign(
          over: .live(trustRoots: roots), milliseconds: Int64(seconds) * 1000)
      else { return nil }
      for line in report.lines { terminal.note(line) }
      return report.contradiction
    } catch {
      terminal.note("the witnesses could not be asked: \(error)")
      return nil
    }
  }
}

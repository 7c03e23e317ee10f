import ArgumentParser
import Foundation
import Journey
import Model

/// The key with which a person signs, and the role in which they act.
struct ActingOptions: ParsableArguments {
  @OptionGroup var key: KeyOptions
  @Option(help: "The role in which you act; otherwise the first that you hold.")
  var role: String?

  func person() throws -> ActingPerson {
    ActingPerson(
      signer: try key.signer(), role: role.map { Role(rawValue: $0) })
  }
}

/// Values that several commands about retention take.
enum RetentionArguments {
  static func digest(_ text: String) throws -> Digest {
    guard let digest = Digest(text) else {
      throw ValidationError(
        "\"\(text)\" is no digest; it looks like sha256:<64 characters of 0-9a-f>")
    }
    return digest
  }

  /// A time, or a date, which means its first moment in UTC.
  static func instant(_ text: String) throws -> Instant {
    guard let instant = Instant(text) ?? Instant("\(text)T00:00:00Z") else {
      throw ValidationError(
        "\"\(text)\" is no time; it looks like 2026-11-23 or 2026-11-23T11:30:00Z")
    }
    return instant
  }

  /// Tells how far reading a long ledger is, on a terminal.
  static func progress(
    _ terminal: Terminal
  ) -> @Sendable (_ done: Int64, _ all: Int64) -> Void {
    let isTerminal = isatty(STDERR_FILENO) == 1
    return { done, all in
      if isTerminal, all > 10_000 { terminal.note("read \(done) of \(all) entries") }
    }
  }
}

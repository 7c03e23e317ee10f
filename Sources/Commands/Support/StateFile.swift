import Attestation
import Blobs
import Foundation
import Ledger
import Model
import Reading
import Synchronization

/// Where a verification keeps how far it came: a small file of whoever verifies, outside of the
/// ledger.
final class StateFile: Sendable {
  /// The file's path.
  let path: String
  private let latest = Mutex<(state: VerificationState?, written: ContinuousClock.Instant)>(
    (nil, .now))

  /// Takes a path; without one, a place in the user's folder for programs' state that goes by the
  /// ledger's.
  init(_ path: String?, ledger: String) {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? "/tmp"
    let folder = environment["XDG_STATE_HOME"] ?? "\(home)/.local/state"
    let name = Digest.sha256(Array(ledger.utf8)).hex.prefix(16)
    self.path = path ?? "\(folder)/pratique/verify-\(name).json"
  }

  /// Where the last verification stood.
  ///
  /// - Throws: `Problem` with `notFound` or `badInput`.
  func read() throws -> VerificationState {
    guard let bytes = try DurableFile.read(path, limit: ReadingLimits.report.bytes) else {
      throw Problem(
        .notFound, "there is no interrupted verification to go on with", at: path,
        advice: "Start one without --resume.")
    }
    do {
      return try JSONReader.read(bytes, limits: .report).decode(VerificationState.self)
    } catch {
      let why = (error as? Problem)?.message ?? "\(error)"
      throw Problem(
        .badInput, "the file is no state of a verification: \(why)", at: path,
        advice: "Start anew without --resume.")
    }
  }

  /// Remembers where the verification stands, and writes it down every ten seconds.
  func keep(_ state: VerificationState) {
    let isDue = latest.withLock { latest in
      latest.state = state
      return latest.written.duration(to: .now) > .seconds(10)
    }
    // A verification does not fail because it cannot be gone on with; an interrupted one says so.
    if isDue { _ = try? write() }
  }

  /// Writes down where the verification stands.
  ///
  /// - Returns: the state; `nil` when not even a page was checked.
  /// - Throws: `Problem` with `inputOutput`.
  func write() throws -> VerificationState? {
    guard let state = latest.withLock({ $0.state }) else { return nil }
    latest.withLock { $0.written = .now }
    try DurableFile.makeFolder(PathText.parent(of: path))
    try DurableFile.write(CanonicalJSON.write(state), to: path)
    return state
  }

  /// Takes the file away: the verification came to its end.
  func remove() { unlink(path) }
}

import Blobs
import Foundation
import Model
import Reading

/// The file `restoring.json` in a ledger's folder: while it is there, the ledger is open for reading
/// only.
struct RestoringFile: Codable {
  /// The file's form; this program writes and reads 1.
  let form: Int
  /// When the restoration began.
  let since: Instant
  /// Entries that were there when it began.
  let size: Int64
  /// The highest checkpoint that anybody has shown since, as it was signed.
  var highest: String?
  /// Who was asked, and what they answered.
  var asked: [String]
  /// Who has not answered that must; absent when enough did.
  var lacking: String?

  init(since: Instant, size: Int64) {
    form = 1
    self.since = since
    self.size = size
    highest = nil
    asked = []
  }

  static let name = "restoring.json"

  /// Notes what somebody answered, in the place of what they answered before.
  mutating func note(_ name: String, _ answer: String) {
    asked.removeAll { $0.utf8.starts(with: "\(name): ".utf8) }
    asked.append("\(name): \(answer)")
  }

  /// Notes what a witness answered, that it did not answer included.
  mutating func note(_ answer: WitnessAnswer) {
    note("witness \(answer.witness)", "\(answer.outcome.rawValue): \(answer.detail)")
  }

  /// What a folder holds; `nil` when no restoration is under way.
  ///
  /// - Throws: `Problem` with `badInput`; a file that cannot be read still stops appending.
  static func read(in folder: String) throws -> RestoringFile? {
    let path = "\(folder)/\(name)"
    guard let bytes = try DurableFile.read(path, limit: 4 << 20) else { return nil }
    do {
      let file: RestoringFile = try JSONReader.read(bytes).decode()
      guard file.form == 1 else {
        throw Problem(.badInput, "the file is of another version of this program", at: path)
      }
      return file
    } catch let error as ReadingError {
      throw Problem(.badInput, "the file cannot be read: \(error)", at: path)
    }
  }

  /// Writes the file whole, or not at all.
  func write(in folder: String) throws {
    try DurableFile.write(CanonicalJSON.write(self), to: "\(folder)/\(Self.name)")
  }

  /// Ends the restoration, durably.
  static func remove(in folder: String) throws {
    guard unlink("\(folder)/\(name)") == 0 || errno == ENOENT else {
      throw Problem(.inputOutput, "the file cannot be removed", at: "\(folder)/\(name)")
    }
    try DurableFolder.flush(folder)
  }
}

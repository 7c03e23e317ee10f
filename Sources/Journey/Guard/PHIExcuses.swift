import Foundation
import Model
import PHI
import Reading

/// The excuses that a repository brings: findings that may stand where they stand, each with a
/// reason, an owner and a last day.
struct PHIExcuses {
  /// Where they lie, unless the pipeline says otherwise.
  static let file = ".pratique/phi-allow.yaml"

  let entries: [AllowList.Entry]

  /// Reads a file of excuses; none where there is no file and none was named.
  ///
  /// - Throws: `Problem` with `badInput` for what is not as it must be, such as an excuse without an
  ///   owner.
  init(file: String, in folder: String, isNamed: Bool) throws {
    let path = "\(folder)/\(file)"
    guard isNamed || FileManager.default.fileExists(atPath: path) else {
      self.init()
      return
    }
    try self.init(yaml: InputFile.read(path), file: file)
  }

  /// Excuses nothing.
  init() { entries = [] }

  /// Reads excuses.
  ///
  /// - Throws: `Problem` with `badInput`.
  init(yaml: [UInt8], file: String = PHIExcuses.file) throws {
    do {
      entries = try AllowList(yaml: yaml).entries
    } catch let error as ReadingError {
      throw Problem(.badInput, "the excuses cannot be read: \(error)", at: file)
    }
    if let nobodys = entries.first(where: { ($0.owner ?? "").isEmpty }) {
      throw Problem(
        .badInput, "the excuse for \"\(nobodys.path)\" names no owner", at: file,
        advice: "Say under \"owner\" who answers for it.")
    }
  }

  /// What a search came to once its findings were held against the excuses.
  struct Outcome {
    var kept: [PHIScanResult.Place] = []
    var excused: [PHIScanResult.Excused] = []
    var expired: [PHIScanResult.Excused] = []
    var unread: [PHIScanResult.Unread] = []
  }

  private struct Key: Hashable {
    let entry: Int
    let kind: String
  }

  /// Holds findings against the excuses. The first that covers a finding and holds today excuses it;
  /// where none does, the first that did is told.
  func judge(_ seen: SeenContent, today: String) -> Outcome {
    var outcome = Outcome()
    var excused: [Key: Int] = [:]
    var expired: [Key: Int] = [:]
    func take(_ covering: [Int], _ kind: String) -> Bool {
      if let entry = covering.first(where: { today <= entries[$0].expires }) {
        excused[Key(entry: entry, kind: kind), default: 0] += 1
        return true
      }
      if let entry = covering.first { expired[Key(entry: entry, kind: kind), default: 0] += 1 }
      return false
    }
    for found in seen.found {
      let covering = entries.indices.filter { index in
        let entry = entries[index]
        return entry.covers(found.file) && (entry.type.map { $0.rawValue == found.kind } ?? true)
          && (entry.place.map { $0 == found.place } ?? true)
      }
      if !take(covering, found.kind) { outcome.kept.append(found) }
    }
    for unread in seen.unread {
      let covering = entries.indices.filter {
        entries[$0].type == nil && entries[$0].place == nil && entries[$0].covers(unread.file)
      }
      if !take(covering, "unread") { outcome.unread.append(unread) }
    }
    outcome.excused = list(excused)
    outcome.expired = list(expired)
    return outcome
  }

  private func list(_ counts: [Key: Int]) -> [PHIScanResult.Excused] {
    counts.sorted { ($0.key.entry, $0.key.kind) < ($1.key.entry, $1.key.kind) }.map { key, count in
      let entry = entries[key.entry]
      return .init(
        path: entry.path, kind: key.kind, count: count, reason: entry.reason,
        owner: entry.owner ?? "", expires: entry.expires)
    }
  }
}

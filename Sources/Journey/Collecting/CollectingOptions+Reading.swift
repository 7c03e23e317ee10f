import Intake
public import Model
import Processes
import Source

extension CollectingOptions {
  /// Takes the words of a command line.
  ///
  /// - Parameter mapping: a mapping's path and bytes.
  /// - Throws: `Problem` with `badUsage` for a word that is not known, `badInput` for a mapping that
  ///   is not understood.
  public init(
    format: String?, mapping: (path: String, bytes: [UInt8])?, suite: String?, scopes: [String]
  ) throws {
    self.init()
    self.format = try format.map { word in
      guard let format = ReportFormat(rawValue: word) else {
        throw Self.unknown(word, "format", ReportFormat.allCases.map(\.rawValue))
      }
      return format
    }
    self.mapping = try mapping.map { try ReportMapping.read($0.bytes, file: $0.path) }
    self.suite = suite
    self.scopes = try scopes.map { word in
      guard let scope = FindingReport.Scope(rawValue: word) else {
        throw Self.unknown(word, "scope", FindingReport.Scope.allCases.map(\.rawValue))
      }
      return scope
    }
  }

  private static func unknown(_ word: String, _ what: String, _ words: [String]) -> Problem {
    Problem(
      .badUsage, "\"\(word)\" is no \(what) that is known",
      advice: "Those known are: \(words.sorted().joined(separator: ", "))")
  }
}

/// A commit as what reports speak of.
public struct CommitSubject: Sendable {
  /// The commit by its id.
  public let subject: Subject
  /// When it was committed.
  public let time: Instant

  /// Finds a commit in a repository.
  ///
  /// - Throws: `Problem` when there is no such repository or commit.
  public static func find(
    _ revision: String, repository path: String, application: String
  ) async throws -> CommitSubject {
    let repository = try RunJourney.repository(path)
    let commit = try await repository.commit(repository.resolve(revision))
    return CommitSubject(
      subject: Subject(name: "commit:\(application)", digest: commit.id),
      time: commit.committer.time)
  }
}

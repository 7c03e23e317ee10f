import ArgumentParser
import Foundation
import Journey
import Model

/// How reports are read.
struct CollectReadingOptions: ParsableArguments {
  @Option(help: "The reports' format, where their content alone does not decide.")
  var format: String?
  @Option(
    help: "A mapping that says how to read JSON of no known kind.", completion: .file())
  var mapping: String?
  @Option(help: "Which tests ran, for reports of tests and of coverage.")
  var suite: String?
  @Option(help: "What was scanned for, where the report does not show it; may be repeated.")
  var scope: [String] = []

  func collecting() throws -> CollectingOptions {
    try CollectingOptions(
      format: format, mapping: mapping.map { ($0, try InputFile.read($0)) }, suite: suite,
      scopes: scope)
  }
}

/// What reports are recorded for.
struct CollectTargetOptions: ParsableArguments {
  @Option(help: "The application that the reports are of.")
  var application: String?
  @Option(help: "The release that they speak of: a version, the beginning of a digest, or latest.")
  var release: String?
  @Option(help: "The commit that they speak of; reports that are older are refused.")
  var commit: String?
  @Option(help: "The repository that holds the commit.", completion: .directory)
  var repository = "."
  @Option(help: "What else they speak of, as name=sha256:…; may be repeated.")
  var subject: [String] = []
  @Option(help: "The run that they belong to; otherwise an id of their own.")
  var run: String?

  /// The subjects that the options name; the commit's time goes to the options of reading.
  func subjects(_ home: LedgerHome?, _ collecting: inout CollectingOptions) async throws
    -> [Subject]
  {
    var subjects: [Subject] = []
    if let release, let home { subjects += try await home.release(named: release).subjects }
    let name = try await application(orNil: home)
    if let commit {
      let known = try await CommitSubject.find(
        commit, repository: repository, application: name ?? "application")
      subjects.append(known.subject)
      collecting.commitTime = known.time
    }
    return subjects + (try subject.map(Self.subject))
  }

  /// A subject as it is written: `name=sha256:…`.
  static func subject(_ text: String) throws -> Subject {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let digest = Digest(parts[1]) else {
      throw ValidationError("\"\(text)\" is no subject; it looks like name=sha256:…")
    }
    return Subject(name: String(parts[0]), digest: digest)
  }

  /// The application that is named, or whose release is.
  func application(_ home: LedgerHome) async throws -> String {
    guard let name = try await application(orNil: home) else {
      throw ValidationError("say which application the reports are of with --application")
    }
    return name
  }

  private func application(orNil home: LedgerHome?) async throws -> String? {
    if let application { return application }
    guard let release, let home else { return nil }
    return try await home.release(named: release).application
  }
}

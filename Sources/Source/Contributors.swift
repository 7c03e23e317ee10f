import Attestation
public import Model

/// Finds out who made commits, by registry and trust root: their authors, their committers, and the
/// holders of the keys under which they are signed.
///
/// Signatures are not verified here. Whoever is named may not approve, and a name that is claimed is
/// enough for that, as an author's is, which nobody proves.
public struct Contributors: Sendable {
  /// So many commits are looked at, the newest: at about a tenth of a millisecond each.
  public static let limit = 10_000

  private static let batch = 500
  private static let bytesPerBatch = 64 << 20
  private let repository: GitRepository
  private let person: @Sendable (String) -> String?
  private let holders: [Digest: String]

  /// Takes what commits are judged by.
  ///
  /// - Parameter person: the registry: the pseudonym whose e-mail address this is.
  public init(
    repository: GitRepository, trustRoot: TrustRoot,
    person: @escaping @Sendable (_ email: String) -> String?
  ) {
    self.repository = repository
    self.person = person
    holders = Dictionary(trustRoot.keys.map { ($0.id, $0.holder) }) { first, _ in first }
  }

  /// What a commit would bring into an environment where another serves.
  ///
  /// - Parameter base: the commit of the release that serves there; `nil` when none does.
  /// - Throws: `Problem`.
  public func changes(
    of head: Digest, into environment: String, since base: Digest?
  ) async throws -> Changes {
    var since = base
    var history = try await repository.history(of: head, since: base, limit: Self.limit)
    if history == nil {
      // A history that was rewritten, or fetched in part: then all that there is counts.
      since = nil
      history = try await repository.history(of: head, since: nil, limit: Self.limit)
    }
    guard let history else { throw GitBatch.cutOff }
    var people: Set<String> = []
    var unknown = 0
    var rest = history.commits[...]
    while !rest.isEmpty {
      let ids = Array(rest.prefix(Self.batch))
      rest = rest.dropFirst(Self.batch)
      let contents = try await repository.objects(
        ids, kind: "commit", byteLimit: Self.bytesPerBatch)
      for (id, content) in zip(ids, contents) {
        // An old commit of an odd form must not keep a release back; nobody knows who wrote it.
        guard let commit = try? GitCommit(id: id, content: content) else {
          unknown += 1
          continue
        }
        let author = person(commit.author.email)
        if author == nil { unknown += 1 }
        let committer = person(commit.committer.email)
        people.formUnion([author, committer, signer(commit)].compactMap(\.self))
      }
    }
    return Changes(
      environment: environment, since: since, commits: history.commits.count,
      people: people.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) },
      unknownAuthors: unknown, isComplete: history.isComplete)
  }

  private func signer(_ commit: GitCommit) -> String? {
    guard let armored = commit.armoredSignature, SSHSignature.isArmored(armored),
      let signature = try? SSHSignature(armored: armored)
    else { return nil }
    return holders[signature.keyID]
  }
}

import Attestation
public import Model

/// Judges a commit's signature by the trust root in force, never by what the commit brings itself.
public struct CommitCheck: Sendable {
  private let trustRoot: TrustRoot
  private let application: String
  private let run: String
  private let time: Instant
  private let person: @Sendable (String) -> String?

  /// Takes what a commit is judged by.
  ///
  /// - Parameters:
  ///   - application: the application that the commit is for; keys may be limited to some.
  ///   - run: the run that asks.
  ///   - time: the time of judging. The time that a commit claims proves nothing.
  ///   - person: the registry: the pseudonym whose e-mail address this is.
  public init(
    trustRoot: TrustRoot, application: String, run: String, time: Instant,
    person: @escaping @Sendable (_ email: String) -> String?
  ) {
    self.trustRoot = trustRoot
    self.application = application
    self.run = run
    self.time = time
    self.person = person
  }

  /// What is to be said of a commit and the export of its tree.
  ///
  /// - Parameter changes: what it would bring into environments.
  public func check(
    _ commit: GitCommit, export: Digest, changes: [Changes] = []
  ) -> SourceCheck {
    let author = person(commit.author.email)
    let committer = person(commit.committer.email)
    let verdict = judge(commit)
    let isMatched = committer != nil && committer == verdict.key?.holder
    return SourceCheck(
      application: application, run: run, time: time, commit: commit.id.hex, export: export,
      isSigned: verdict.isTrusted,
      reason: verdict.isTrusted && !isMatched
        ? "\(verdict.reason), but \(Self.mismatch(committer))." : "\(verdict.reason).",
      key: verdict.key?.id.description, signer: verdict.key?.holder, author: author,
      isCommitterMatched: verdict.isTrusted && isMatched, changes: changes)
  }

  private struct Verdict {
    var isTrusted = false
    var key: TrustRoot.Key?
    var reason: String
  }

  private static func mismatch(_ committer: String?) -> String {
    committer.map { "the committer's address belongs to \($0)" }
      ?? "nobody in the registry has the committer's address"
  }

  private func judge(_ commit: GitCommit) -> Verdict {
    guard let armored = commit.armoredSignature else {
      return Verdict(reason: "The commit is not signed")
    }
    guard SSHSignature.isArmored(armored) else {
      let form = armored.contains("BEGIN PGP") ? "OpenPGP" : "X.509"
      return Verdict(reason: "The commit is signed with \(form), which is not checked; use SSH")
    }
    let signature: SSHSignature
    do {
      signature = try SSHSignature(armored: armored)
    } catch {
      return Verdict(reason: "The commit's signature is damaged: \(Self.words(error))")
    }
    guard signature.namespace == "git" else {
      return Verdict(
        reason: "The signature was made for \(signature.namespace.debugDescription), not for git")
    }
    guard signature.isValid(of: commit.signedPayload, namespace: "git") else {
      return Verdict(reason: "The commit's signature is not valid for its content")
    }
    return judge(signature.keyID)
  }

  private static func words(_ error: any Error) -> String {
    (error as? Problem)?.message ?? "\(error)"
  }

  /// Judges a key that verifiably signed; of several entries for it, one that counts is enough.
  private func judge(_ id: Digest) -> Verdict {
    let entries = trustRoot.keys.filter { $0.id == id }
    let verdicts = entries.map(judge)
    return verdicts.first(where: \.isTrusted) ?? verdicts.first
      ?? Verdict(reason: "The commit is signed with the key \(id.short), which is not trusted")
  }

  private func judge(_ key: TrustRoot.Key) -> Verdict {
    let name = "The commit is signed with the key \(key.id.short) of \(key.holder)"
    func refused(_ reason: String) -> Verdict { Verdict(key: key, reason: "\(name), \(reason)") }
    if let person = trustRoot.people.first(where: { $0.id == key.holder }) {
      guard person.isPresent(at: time) else { return refused("who had not begun yet, or has left") }
    }
    guard key.kinds.contains(EvidenceKind(rawValue: "commit")) else {
      return refused("which may not sign commits")
    }
    guard key.applications?.contains(application) ?? true else {
      return refused("which may not sign for \(application)")
    }
    guard key.validFrom <= time else { return refused("which is valid only from \(key.validFrom)") }
    guard key.validTo.map({ time < $0 }) ?? true else {
      return refused("which expired at \(key.validTo.map(String.init(describing:)) ?? "")")
    }
    return Verdict(isTrusted: true, key: key, reason: name)
  }
}

public import Compliance
public import Model

extension LedgerHome {
  /// The organisation's least policy, as a trust root pins it.
  ///
  /// - Throws: `Problem` with `judgingFailed` when it is not there or not what was pinned.
  public func policy(of root: TrustRoot) async throws -> PolicyBundle {
    guard let reference = root.policies.first else {
      throw Problem(.judgingFailed, "the trust root pins no policy", at: path)
    }
    return try await pinned(reference)
  }

  /// The policy that decides over an application: its own, which may only tighten the organisation's,
  /// or that.
  ///
  /// - Throws: `Problem` with `judgingFailed` when it is not there, not what was pinned, or loosens
  ///   anything.
  public func policy(of root: TrustRoot, application: String) async throws -> PolicyBundle {
    let least = try await policy(of: root)
    guard let reference = root.policy(for: application) else {
      throw Problem(
        .judgingFailed, "the policy of \(application) is not among those that the trust root pins",
        at: path)
    }
    guard reference != root.policies.first else { return least }
    let own = try await pinned(reference)
    if let problem = Tightening(of: least, by: own).problem(.judgingFailed) { throw problem }
    return own
  }

  private func pinned(_ reference: PolicyReference) async throws -> PolicyBundle {
    guard let bytes = try await blobs.get(reference.digest) else {
      throw Problem(
        .judgingFailed, "the pinned policy \(reference.digest) is not in the blob store", at: path)
    }
    return try PolicyBundle(pinned: bytes, as: reference)
  }
}

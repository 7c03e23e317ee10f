import Attestation
import Model

/// What a change of the log key must be.
struct LogKeyRules {
  let current: LogKeyHistory.Period
  let used: [NoteKey]
  let index: Int64
  let roots: [Int64: TreeHash]

  /// - Returns: the new key.
  func check(
    _ envelope: Envelope, _ change: LogKeyChange, trust: TrustHistory
  ) throws -> NoteKey {
    let new = try newKey(change)
    try checkPlace(change)
    guard let version = trust.version(forEntry: index) else {
      throw refusal("no trust root is in force before it")
    }
    let recovery = version.root.recovery
    let recoveryKeys = try recovery?.publicKeys() ?? []
    guard !recoveryKeys.contains(.ed25519(new.publicKey)) else {
      throw refusal("its new key is a recovery key, which may only sign recoveries")
    }
    let keys = [PublicKey.ed25519(current.key.publicKey), .ed25519(new.publicKey)]
    let signed = envelope.verifyingKeys(among: keys)
    guard signed.contains(keys[1]) else { throw refusal("the new key did not sign it") }
    switch change.reason {
    case .rotation:
      guard signed.contains(keys[0]) else {
        throw refusal("the key in force did not sign it, and it is no recovery")
      }
    case .lost, .stolen:
      guard let recovery else {
        throw refusal("the trust root names no recovery keys, so only the log key can hand over")
      }
      try recovery.check(envelope)
    }
    try checkTrusted(change, trustedFrom: version.index + 1)
    return new
  }

  private func refusal(_ reason: String) -> Problem {
    Problem(.notTrusted, "the change of the log key does not count: \(reason)")
  }

  private func newKey(_ change: LogKeyChange) throws -> NoteKey {
    guard change.oldKey.utf8.elementsEqual(current.key.description.utf8) else {
      throw refusal("it replaces another key than the one in force")
    }
    let new = try NoteKey(change.newKey)
    guard new.algorithm == .ed25519, new.name.utf8.elementsEqual(current.key.name.utf8) else {
      throw refusal("its new key is of another origin, or no Ed25519 log key")
    }
    // A key that comes back would let what was signed in between be signed anew; and two keys with
    // one id could not be told apart on a note.
    guard !used.contains(where: { $0.id == new.id || $0.publicKey == new.publicKey }) else {
      throw refusal("its new key has signed this ledger before")
    }
    return new
  }

  private func checkPlace(_ change: LogKeyChange) throws {
    guard change.after.origin.utf8.elementsEqual(current.key.name.utf8),
      change.after.size == index, change.firstSize == index + 1
    else { throw refusal("it was made for another place of the ledger, not for entry \(index)") }
    guard roots[index]?.digest == change.after.root else {
      throw refusal("it was made for a ledger with other entries before it")
    }
  }

  private func checkTrusted(_ change: LogKeyChange, trustedFrom earliest: Int64) throws {
    guard change.reason == .stolen else {
      guard change.trusted == nil else {
        throw refusal("only the change of a stolen key says up to where entries are trusted")
      }
      return
    }
    guard let trusted = change.trusted,
      trusted.origin.utf8.elementsEqual(current.key.name.utf8)
    else { throw refusal("it does not say up to where entries are trusted") }
    // Changes of the trust root and of the log key rest on their own signatures, which the stolen
    // key cannot make; no recovery takes them back.
    let least = max(earliest, current.firstSize)
    guard trusted.size >= least, trusted.size <= index else {
      throw refusal(
        "entries can be trusted up to a size from \(least) to \(index), not \(trusted.size)")
    }
    guard roots[trusted.size]?.digest == trusted.root else {
      throw refusal("the head that it trusts is not one of this ledger")
    }
  }
}

import Attestation
public import Model

/// What the signatures of a note are worth to somebody who holds certain keys.
public struct NoteVerification: Sendable {
  /// A key that signed.
  public struct Signed: Hashable, Sendable {
    /// The key.
    public let key: NoteKey
    /// For a cosignature, when it was made by the cosigner's clock, in seconds since
    /// 1970-01-01T00:00:00Z; of several the latest.
    public let timestamp: Int64?

    /// When the cosignature was made; `nil` without a time, and for one after the year 9999.
    public var time: Instant? {
      timestamp.flatMap { $0 < 253_402_300_800 ? Instant(milliseconds: $0 * 1000) : nil }
    }
  }

  /// The keys whose signature is right, in the order of the lines, each once.
  public let signed: [Signed]
  /// Keys that are known and have a line here whose algorithm this library cannot check; they
  /// count as not signed.
  public let notCheckable: [NoteKey]
  /// Lines of keys that are not known: ignored, and kept in the note.
  public let unknown: [SignedNote.Signature]
}

extension SignedNote {
  /// Checks every signature of a known key.
  ///
  /// - Throws: `Problem` with `notTrusted` when a known key's signature is wrong, or when two of
  ///   `keys` share name and id, so that nobody can say whose a signature is.
  public func examine(with keys: [NoteKey]) throws -> NoteVerification {
    var signed: [NoteVerification.Signed] = []
    var notCheckable: [NoteKey] = []
    var unknown: [Signature] = []
    for signature in signatures {
      let matching = keys.filter(signature.isMade)
      guard let key = matching.first else {
        unknown.append(signature)
        continue
      }
      guard matching.count == 1 else {
        throw Problem(
          .notTrusted,
          "ambiguous: \(matching.count) of the known keys are called \(key.name)"
            + " and have the id \(Hexadecimal.encode(key.id))")
      }
      switch key.check(signature.signature, of: text) {
      case .wrong:
        throw Problem(.notTrusted, "the signature of \(key.name) on the note is wrong")
      case .notCheckable:
        if !notCheckable.contains(key) { notCheckable.append(key) }
      case .right(let timestamp):
        let entry = NoteVerification.Signed(key: key, timestamp: timestamp)
        if let place = signed.firstIndex(where: { $0.key == key }) {
          if (signed[place].timestamp ?? 0) < (timestamp ?? 0) { signed[place] = entry }
        } else {
          signed.append(entry)
        }
      }
    }
    return NoteVerification(signed: signed, notCheckable: notCheckable, unknown: unknown)
  }

  /// The keys of `keys` that signed.
  ///
  /// - Throws: `Problem` with `notTrusted` when a known key's signature is wrong, or none is right.
  public func verify(with keys: [NoteKey]) throws -> [NoteKey] {
    let found = try examine(with: keys)
    guard !found.signed.isEmpty else {
      throw Problem(
        .notTrusted,
        found.notCheckable.first.map {
          "no known key signed the note in a way that can be checked here: \($0.algorithm.name)"
            + " signatures cannot"
        } ?? "no known key signed the note")
    }
    return found.signed.map(\.key)
  }
}

extension NoteKey {
  /// What a signature is worth.
  enum Check {
    case right(timestamp: Int64?)
    case wrong
    case notCheckable
  }

  /// Checks what follows the key id on a signature line.
  func check(_ signature: [UInt8], of text: String) -> Check {
    switch algorithm {
    case .ed25519:
      let isRight =
        signature.count == 64
        && PublicKey.ed25519(publicKey).verify(signature, of: Array(text.utf8))
      return isRight ? .right(timestamp: nil) : .wrong
    case .ecdsaP256:
      guard let key = try? PublicKey(subjectPublicKeyInfo: publicKey) else { return .wrong }
      return key.verify(signature, of: Array(text.utf8)) ? .right(timestamp: nil) : .wrong
    case .ed25519Cosignature:
      guard let cosignature = Cosignature(bytes: signature) else { return .wrong }
      let message = Cosignature.message(timestamp: cosignature.timestamp, text: text)
      return PublicKey.ed25519(publicKey).verify(cosignature.signature, of: message)
        ? .right(timestamp: cosignature.timestamp) : .wrong
    case .mlDSA44Cosignature:
      return .notCheckable
    }
  }
}

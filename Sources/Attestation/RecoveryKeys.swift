public import Model

extension TrustRoot.Recovery {
  /// The keys, read.
  ///
  /// - Throws: `Problem` with `notTrusted` when one cannot be read, two are the same, or the
  ///   threshold asks for none or for more than there are.
  public func publicKeys() throws -> [PublicKey] {
    let read = try keys.map { text in
      guard let der = Base64.decode(text) else {
        throw Problem(.notTrusted, "a recovery key is not base64")
      }
      return try PublicKey(encoded: der)
    }
    guard Set(read).count == read.count else {
      throw Problem(.notTrusted, "a recovery key stands twice; each must be another one")
    }
    guard (1...max(1, read.count)).contains(threshold), !read.isEmpty else {
      throw Problem(
        .notTrusted, "the recovery asks for \(threshold) of \(read.count) keys")
    }
    return read
  }

  /// Checks that so many of the recovery keys signed, each counted once.
  ///
  /// - Throws: `Problem` with `notTrusted`.
  public func check(_ envelope: Envelope) throws {
    let signed = envelope.verifyingKeys(among: try publicKeys()).count
    guard signed >= threshold else {
      throw Problem(
        .notTrusted,
        "the recovery needs \(threshold) of \(keys.count) recovery keys,"
          + " \(signed) signed",
        advice: "Let the holders of the others sign it too, each with another key.")
    }
  }
}

import Model

/// Private keys in OpenSSH's own format.
enum OpenSSHKey {
  /// What the file holds.
  enum Secret {
    /// An Ed25519 key's seed.
    case ed25519(seed: [UInt8])
    /// A P-256 key's number, 32 bytes.
    case p256(number: [UInt8])
  }

  /// The key in OpenSSH's `openssh-key-v1` format (PROTOCOL.key), when it has no passphrase.
  ///
  /// - Throws: `Problem` with `badInput`.
  static func secret(_ blob: [UInt8]) throws -> Secret {
    let magic = Array("openssh-key-v1\0".utf8)
    guard blob.starts(with: magic) else { throw Problem(.badInput, "the OpenSSH key is cut off") }
    var outer = OpenSSHReader(Array(blob.dropFirst(magic.count)))
    let cipher = try outer.text()
    _ = try outer.text()
    _ = try outer.string()
    guard cipher == "none" else {
      throw Problem(
        .badInput, "the OpenSSH key has a passphrase, and OpenSSH's own locks are not taken",
        advice: """
          Let ssh-agent hold it, to sign with --ssh-agent: ssh-add FILE. Or keep the key as it is,
          and lock a copy in the standard form:
            cp FILE COPY && ssh-keygen -p -N '' -f COPY && pratique key passphrase --convert COPY
          """)
    }
    guard try outer.number() == 1 else {
      throw Problem(.badInput, "the OpenSSH file holds more than one key")
    }
    _ = try outer.string()
    var inner = OpenSSHReader(try outer.string())
    guard try inner.number() == inner.number() else {
      throw Problem(.badInput, "the OpenSSH key is damaged")
    }
    switch try inner.text() {
    case SSHKeyForm.ed25519: return try edwards(&inner)
    case SSHKeyForm.p256: return try p256(&inner)
    case SSHKeyForm.securityEd25519, SSHKeyForm.securityP256:
      throw Problem(
        .badInput, "the key is on an authenticator, and the file holds only a handle of it",
        advice: "Let ssh-agent hold it, and sign with --ssh-agent: ssh-add FILE")
    default:
      throw Problem(
        .badInput, "only Ed25519 and P-256 keys are taken in OpenSSH's format",
        advice: "Make one with: ssh-keygen -t ed25519")
    }
  }

  private static func edwards(_ inner: inout OpenSSHReader) throws -> Secret {
    let publicKey = try inner.string()
    let pair = try inner.string()
    guard publicKey.count == 32, pair.count == 64, Array(pair.suffix(32)) == publicKey else {
      throw Problem(.badInput, "the OpenSSH key is damaged")
    }
    return .ed25519(seed: Array(pair.prefix(32)))
  }

  private static func p256(_ inner: inout OpenSSHReader) throws -> Secret {
    let curve = try inner.text()
    _ = try inner.string()
    let digits = try inner.string().drop { $0 == 0 }
    guard curve == "nistp256", (1...32).contains(digits.count) else {
      throw Problem(.badInput, "the OpenSSH key is damaged")
    }
    return .p256(number: [UInt8](repeating: 0, count: 32 - digits.count) + digits)
  }
}

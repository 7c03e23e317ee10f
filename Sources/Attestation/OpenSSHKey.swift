import Model

/// Private keys in OpenSSH's own format.
enum OpenSSHKey {
  /// The seed in OpenSSH's `openssh-key-v1` format (PROTOCOL.key), when it has no passphrase.
  static func seed(_ blob: [UInt8]) throws -> [UInt8] {
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
          Keep the key as it is, and lock a copy in the standard form:
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
    guard try inner.text() == "ssh-ed25519" else {
      throw Problem(
        .badInput, "only Ed25519 keys are taken in OpenSSH's format",
        advice: "Make one with: ssh-keygen -t ed25519")
    }
    let publicKey = try inner.string()
    let pair = try inner.string()
    guard publicKey.count == 32, pair.count == 64, Array(pair.suffix(32)) == publicKey else {
      throw Problem(.badInput, "the OpenSSH key is damaged")
    }
    return Array(pair.prefix(32))
  }
}

import Model

/// How a person signs an act with an SSH key: the signature in the DSSE envelope is an SSH signature
/// (`PROTOCOL.sshsig`) over DSSE's pre-authentication encoding, in a namespace of its own.
///
/// So `ssh-keygen -Y verify` checks it, an agent and an authenticator can make it, and no signature
/// that a key makes for git or for a login can be taken for one.
public enum PersonalSignature {
  /// The namespace.
  public static let namespace = "pratique-act@v1"

  /// The capability to sign so with a key that is at hand.
  public static func signer(_ key: Signer) -> Signer {
    signer(key.publicKey) { data in
      try SSHSignatureBlob.write(key.sign(data), of: key.publicKey)
    }
  }

  /// The capability to sign so with a key elsewhere, such as in an agent.
  ///
  /// Each signature is verified before it is given out.
  ///
  /// - Parameter sign: makes the signature blob of SSH (RFC 4253, section 6.6) for the bytes given.
  public static func signer(
    _ publicKey: PublicKey, sign: @escaping @Sendable ([UInt8]) throws -> [UInt8]
  ) -> Signer {
    Signer(publicKey: publicKey) { message in
      let blob = SSHSignature.blob(
        try sign(SSHSignature.signedData(message, namespace: namespace)), of: publicKey,
        namespace: namespace)
      guard try SSHSignature(blob: blob).isValid(of: message, namespace: namespace) else {
        throw Problem(
          .notTrusted, "the key \(publicKey.id.short) made a signature that it does not verify",
          advice: "An authenticator must be touched.")
      }
      return blob
    }
  }

  /// The SSH signature in a DSSE signature; `nil` for a bare one, and for one that is not understood.
  static func read(_ signature: [UInt8]) -> SSHSignature? {
    guard isForm(signature) else { return nil }
    return try? SSHSignature(blob: signature)
  }

  /// Whether the bytes claim to be one. No bare signature is that long, and DER begins otherwise.
  static func isForm(_ signature: [UInt8]) -> Bool {
    signature.count > 80 && signature.starts(with: SSHSignature.magic)
  }
}

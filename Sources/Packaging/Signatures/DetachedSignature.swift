public import Attestation
public import Model
import Reading

/// A signature that lies beside what it signs, in one of the forms that vendors use.
public enum DetachedSignature: Sendable {
  /// An in-toto statement in a DSSE envelope whose subject is the content, by its digest.
  case dsse(Envelope, Statement)
  /// An SSH signature in the namespace `file`, as `ssh-keygen -Y sign -n file` makes it.
  case ssh(SSHSignature)
  /// minisign or signify.
  case minisign(MinisignSignature)
  /// Nothing but the signature: Ed25519 over the content, or ECDSA on P-256 over its SHA-256, as
  /// `openssl pkeyutl -rawin` and `openssl dgst -sign` make them; bare, or in base64.
  case raw([UInt8])

  /// The namespace of SSH signatures over files.
  public static let namespace = "file"
  private static let limit = 16 << 20

  /// Tells the form from the content.
  ///
  /// - Throws: `Problem` with `notTrusted` for a signature that begins as one of a form and is not
  ///   whole, or is of no form.
  public init(_ bytes: [UInt8]) throws {
    guard bytes.count <= Self.limit else {
      throw Problem(.notTrusted, "the signature is larger than 16 MiB")
    }
    // First by its length, which no other form has: its bytes are chance, and may begin as any.
    if Self.isRaw(bytes) {
      self = .raw(bytes)
      return
    }
    if bytes.first(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }) == 0x7b {
      do {
        let envelope = try Envelope(json: bytes)
        guard envelope.payloadType.utf8.elementsEqual(Envelope.statementType.utf8) else {
          throw Problem(.notTrusted, "the envelope holds \(envelope.payloadType), and no statement")
        }
        self = .dsse(envelope, try Statement(json: envelope.payload))
      } catch let error as ReadingError {
        throw Problem(.notTrusted, "the signature is no DSSE envelope of a statement: \(error)")
      }
      return
    }
    let text = String(validating: bytes, as: UTF8.self)
    if let text, SSHSignature.isArmored(text) {
      self = .ssh(try SSHSignature(armored: text))
    } else if let text, MinisignSignature.isForm(text) {
      self = .minisign(try MinisignSignature(text))
    } else if let text, let inner = Base64.decode(text.filter { !$0.isWhitespace }),
      Self.isRaw(inner)
    {
      self = .raw(inner)
    } else {
      throw Problem(
        .notTrusted, "the signature is of no form that is read here",
        advice:
          "Forms: DSSE with an in-toto statement, SSHSIG, minisign, signify, a bare signature of"
          + " Ed25519 or ECDSA on P-256.")
    }
  }

  /// 64 bytes, or ECDSA in DER.
  private static func isRaw(_ bytes: [UInt8]) -> Bool {
    bytes.count == 64
      || (8...72).contains(bytes.count) && bytes[0] == 0x30 && Int(bytes[1]) == bytes.count - 2
  }

  /// A word for the form.
  public var form: String {
    switch self {
    case .dsse: "dsse"
    case .ssh: "sshsig"
    case .minisign: "minisign"
    case .raw: "raw"
    }
  }

  /// Whether the content's own bytes are needed, and not its digest alone.
  public var needsContent: Bool { if case .dsse = self { false } else { true } }

  /// The keys of `keys` that made it.
  ///
  /// - Parameters:
  ///   - digests: the digests under which the content is known; a statement names one of them.
  ///   - content: the content; asked for only where `needsContent`.
  public func keys(
    among keys: [PublicKey], digests: Set<Digest>, content: () throws -> [UInt8]
  ) rethrows -> [PublicKey] {
    switch self {
    case .dsse(let envelope, let statement):
      guard statement.subjects.contains(where: { !digests.isDisjoint(with: $0.digests) }) else {
        return []
      }
      let made = envelope.verifyingKeys(among: keys)
      return keys.filter(made.contains)
    case .ssh(let signature):
      guard keys.contains(signature.publicKey),
        signature.isValid(of: try content(), namespace: Self.namespace)
      else { return [] }
      return [signature.publicKey]
    case .minisign(let signature):
      let message = try content()
      return keys.filter { signature.isValid(of: message, by: $0) }
    case .raw(let signature):
      let message = try content()
      return keys.filter { $0.verify(signature, of: message) }
    }
  }
}

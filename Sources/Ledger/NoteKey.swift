public import Attestation
import Model

/// How a note is signed: the signature type byte of C2SP `signed-note`.
///
/// The type is hashed into the key id and written into the verifier key, so that an algorithm can
/// be replaced without changing a format.
public enum NoteAlgorithm: UInt8, Hashable, Sendable, CaseIterable {
  /// Ed25519 over the note's text (RFC 8032).
  case ed25519 = 0x01
  /// ECDSA on P-256 with SHA-256 over the note's text, in DER.
  case ecdsaP256 = 0x02
  /// `cosignature/v1`: a time, and Ed25519 over the time and the note's text
  /// (C2SP `tlog-cosignature`).
  case ed25519Cosignature = 0x04
  /// `subtree/v1`: a time, and ML-DSA-44 (C2SP `tlog-cosignature`). Recognised, kept and reported;
  /// not verified here, because the cryptographic library offers ML-DSA-65 and -87 only.
  case mlDSA44Cosignature = 0x06

  /// Whether this library can check signatures of this type.
  public var isVerifiable: Bool { self != .mlDSA44Cosignature }

  /// The algorithm's name for people.
  public var name: String {
    switch self {
    case .ed25519: "Ed25519"
    case .ecdsaP256: "ECDSA P-256"
    case .ed25519Cosignature: "Ed25519 cosignature/v1"
    case .mlDSA44Cosignature: "ML-DSA-44 cosignature"
    }
  }
}

/// A key that verifies notes, as a C2SP `signed-note` verifier key states it: name, type and key.
public struct NoteKey: Sendable, CustomStringConvertible {
  /// The key's name: not empty, no space, no `+`.
  public let name: String
  /// What the key's signatures are.
  public let algorithm: NoteAlgorithm
  /// The key's bytes: an Ed25519 key's 32, a P-256 key's SubjectPublicKeyInfo in DER, an ML-DSA-44
  /// key's 1,312.
  public let publicKey: [UInt8]

  /// Names the key of a log: type 0x01 for Ed25519, 0x02 for P-256.
  ///
  /// - Throws: `Problem` with `badInput` for a name that a note cannot carry, or a key whose
  ///   signatures anybody can make.
  public init(name: String, publicKey: PublicKey) throws {
    switch publicKey {
    case .ed25519(let raw): try self.init(name: name, algorithm: .ed25519, publicKey: raw)
    case .p256:
      try self.init(
        name: name, algorithm: .ecdsaP256, publicKey: publicKey.subjectPublicKeyInfo)
    case .securityKey:
      throw Problem(.badInput, "notes are not signed with keys on authenticators")
    }
  }

  /// Names the key of a cosigner, which is of type 0x04 and Ed25519.
  ///
  /// - Throws: `Problem` with `badInput`.
  public init(cosigner name: String, publicKey: PublicKey) throws {
    guard case .ed25519(let raw) = publicKey else {
      throw Problem(.badInput, "cosignatures are made with Ed25519 keys")
    }
    try self.init(name: name, algorithm: .ed25519Cosignature, publicKey: raw)
  }

  private init(name: String, algorithm: NoteAlgorithm, publicKey: [UInt8]) throws {
    guard Self.isName(name) else {
      throw Problem(
        .badInput,
        "\"\(name)\" is no key name: it must not be empty or hold a space, a control character"
          + " or +")
    }
    let isKey =
      switch algorithm {
      case .ed25519, .ed25519Cosignature: publicKey.count == 32
      case .ecdsaP256: (try? PublicKey(subjectPublicKeyInfo: publicKey))?.algorithm == "p256"
      case .mlDSA44Cosignature: publicKey.count == 1312
      }
    guard isKey else {
      throw Problem(.badInput, "the key of \(name) is no \(algorithm.name) key")
    }
    if algorithm == .ed25519 || algorithm == .ed25519Cosignature,
      PublicKey.ed25519(publicKey).isWeak
    {
      throw Problem(
        .badInput, "the Ed25519 key of \(name) is of low order: anybody can sign in its name",
        advice: "Make a new key; this one was not made by a key generator.")
    }
    self.name = name
    self.algorithm = algorithm
    self.publicKey = publicKey
  }

  /// Reads a verifier key line: `name+hex8+base64`.
  ///
  /// - Throws: `Problem` with `badInput`, also for a type that this library does not know.
  public init(_ text: String) throws {
    func refused(_ why: String) -> Problem {
      Problem(
        .badInput, "\"\(text.prefix(120))\" is no verifier key: \(why)",
        advice: "It has the form name+hash+key, as its holder publishes it.")
    }
    let parts = text.utf8.split(
      separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let bytes = LineText.base64(parts[2]), let type = bytes.first else {
      throw refused("it is not name, hash and base64 with + between them")
    }
    guard let algorithm = NoteAlgorithm(rawValue: type) else {
      let number = Hexadecimal.encode([type])
      throw refused("its signature type 0x\(number) is not known here")
    }
    try self.init(
      name: String(decoding: Array(parts[0]), as: UTF8.self), algorithm: algorithm,
      publicKey: Array(bytes.dropFirst()))
    guard Hexadecimal.encode(id).utf8.elementsEqual(parts[1]) else {
      throw refused("its hash is not the hash of its name and key")
    }
  }

  /// Whether a note can carry a key of that name: not empty, no Unicode space, no control
  /// character, no `+`.
  public static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy {
        !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20
      }
  }

  /// Four bytes that tell keys of one name apart: the beginning of SHA-256 over name, line feed,
  /// type and key; for ECDSA over the key alone, as its implementations have it.
  public var id: [UInt8] {
    let hashed =
      algorithm == .ecdsaP256
      ? publicKey : Array("\(name)\n".utf8) + [algorithm.rawValue] + publicKey
    return Array(Digest.sha256(hashed).bytes.prefix(4))
  }

  /// The verifier key line, `name+hex8+base64`.
  public var description: String {
    "\(name)+\(Hexadecimal.encode(id))+\(Base64.encode([algorithm.rawValue] + publicKey))"
  }
}

extension NoteKey: Hashable {
  /// Equal when name, type and key are, byte by byte.
  public static func == (left: NoteKey, right: NoteKey) -> Bool {
    LineText.same(left.name, right.name) && left.algorithm == right.algorithm
      && left.publicKey == right.publicKey
  }

  /// Hashes the key's bytes.
  public func hash(into hasher: inout Hasher) { hasher.combine(publicKey) }
}

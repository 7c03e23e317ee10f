import Attestation
public import Model
public import Reading

/// Whose attestations are taken, of which applications and predicates: the file that a trust root
/// pins by its digest (`docs/imports.md`). Nobody who is not in it is believed.
public struct ForeignSigners: Hashable, Sendable, Codable {
  /// A workload that shows itself by a short-lived certificate.
  public struct Identity: Hashable, Sendable, Codable {
    /// Who vouches for the identity, byte by byte.
    public let issuer: String
    /// The subject alternative name: byte by byte, or what stands before a `*` at its end.
    public let identity: String
    /// Further claims that the certificate must carry, by the names of `FulcioClaim`.
    public let claims: [String: String]
    /// A Sigstore trusted root, as JSON text.
    public let trustedRoot: String
    /// Whether an entry in a transparency log, with its proof, must be there.
    public let needsLog: Bool
  }

  /// One foreign signer.
  public struct Signer: Hashable, Sendable, Codable {
    /// Its pseudonym.
    public let id: String
    /// The applications that it may speak of.
    public let applications: [String]
    /// The predicate types that are taken from it, byte by byte.
    public let predicates: [String]
    /// Its word counts until before this instant; `nil` means without an end.
    public let until: Instant?
    /// Its keys: SubjectPublicKeyInfo, DER in base64.
    public let keys: [String]
    /// How it shows itself by certificates; `nil` for one that signs with a key.
    public let certificate: Identity?

    /// Whether it may say this of an application at a time.
    func maySay(_ predicate: String, of application: String, at time: Instant) -> Bool {
      applications.contains { $0.utf8.elementsEqual(application.utf8) }
        && predicates.contains { $0.utf8.elementsEqual(predicate.utf8) }
        && until.map { time < $0 } ?? true
    }
  }

  /// The file's form; this program writes and reads 1.
  public let form: Int
  /// All foreign signers.
  public let signers: [Signer]

  /// Reads the pinned form.
  ///
  /// - Throws: `Problem` with `judgingFailed` when it is not of its form.
  public init(pinned bytes: [UInt8]) throws {
    do {
      self = try JSONReader.read(bytes).decode()
    } catch {
      throw Problem(.judgingFailed, "the pinned file of foreign signers cannot be read: \(error)")
    }
    guard form == 1 else {
      throw Problem(
        .judgingFailed, "the file of foreign signers is of another version of this program")
    }
  }

  /// The canonical form that is pinned: everything that other files hold is in it.
  public func bytes() throws -> [UInt8] { try CanonicalJSON.write(self) }

  /// Reads the file that people write.
  ///
  /// - Parameter file: gives the bytes of a file that it names.
  /// - Throws: `ReadingError` or `Problem` with `badInput`.
  public init(_ node: YAMLNode, file: (String) throws -> [UInt8]) throws {
    let fields = try FieldReader(node, "a file of foreign signers", known: ["signers"])
    form = 1
    signers = try fields.list("signers").map { try Signer($0, file: file) }
    let ids = signers.map(\.id)
    guard !ids.isEmpty, Set(ids).count == ids.count else {
      throw ReadingError("it names no signer, or one twice", at: node.position)
    }
  }
}

extension ForeignSigners.Signer {
  init(_ node: YAMLNode, file: (String) throws -> [UInt8]) throws {
    let fields = try FieldReader(
      node, "a foreign signer",
      known: ["id", "applications", "predicates", "until", "keys", "certificate"])
    id = try fields.requiredString("id")
    guard Actor.isIdentifier(id) else {
      throw ReadingError("\"\(id)\" is no identifier", at: node.position)
    }
    applications = try fields.strings("applications")
    predicates = try fields.strings("predicates")
    guard !applications.isEmpty, !predicates.isEmpty else {
      throw ReadingError(
        "\"\(id)\" needs the applications that it may speak of, and the predicate types",
        at: node.position)
    }
    until = try fields.string("until").map { text in
      guard let instant = Instant(text) ?? Instant("\(text)T00:00:00Z") else {
        throw ReadingError("\"\(text)\" is no time", at: node.position)
      }
      return instant
    }
    keys = try fields.strings("keys").map {
      let key = try PublicKey(text: String(decoding: try file($0), as: UTF8.self))
      return Base64.encode(key.encoded)
    }
    certificate = try fields.node("certificate").map {
      try ForeignSigners.Identity($0, file: file)
    }
    guard keys.isEmpty == (certificate != nil) else {
      throw ReadingError(
        "\"\(id)\" needs either keys or a certificate's identity", at: node.position)
    }
  }

  /// Its keys, parsed.
  func publicKeys() throws -> [PublicKey] {
    try keys.map {
      guard let bytes = Base64.decode($0) else {
        throw Problem(.judgingFailed, "a key of the foreign signer \"\(id)\" is not base64")
      }
      return try PublicKey(encoded: bytes)
    }
  }
}

extension ForeignSigners.Identity {
  init(_ node: YAMLNode, file: (String) throws -> [UInt8]) throws {
    let fields = try FieldReader(
      node, "a certificate's identity",
      known: ["issuer", "identity", "claims", "trusted-root", "transparency-log"])
    issuer = try fields.requiredString("issuer")
    identity = try fields.requiredString("identity")
    if let star = identity.firstIndex(of: "*") {
      let before = identity[..<star].last
      guard identity[star...] == "*", before == "/" || before == "@" else {
        throw ReadingError(
          "a \"*\" may stand at the end of an identity alone, after \"/\" or \"@\"",
          at: node.position)
      }
    }
    var claims: [String: String] = [:]
    for entry in try fields.mapping("claims") {
      guard FulcioClaim.names.contains(entry.key) else {
        let nearest = NearestWord.to(entry.key, in: FulcioClaim.names)
        throw ReadingError(
          "\"\(entry.key)\" is no claim of a certificate"
            + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""), at: node.position)
      }
      claims[entry.key] = try FieldReader.string(entry.value)
    }
    self.claims = claims
    let bytes = try file(fields.requiredString("trusted-root"))
    trustedRoot = String(decoding: bytes, as: UTF8.self)
    // Found now, and not when an attestation comes.
    _ = try TrustedRoot(json: Array(trustedRoot.utf8))
    needsLog =
      try fields.choice("transparency-log", of: ["required", "accepted"]) != "accepted"
  }

  /// Whether a certificate's name is the one that is pinned.
  func isOf(_ name: String) -> Bool {
    guard identity.hasSuffix("*") else { return identity.utf8.elementsEqual(name.utf8) }
    let start = Array(identity.utf8.dropLast())
    return name.utf8.count > start.count && name.utf8.starts(with: start)
  }
}

extension TrustRoot {
  /// Who delivers software without its source, and the keys by which it is known.
  ///
  /// A vendor is nobody of the organisation: its keys sign no evidence, only what it delivers.
  public struct Vendor: Hashable, Sendable, Codable {
    /// What a vendor's key may sign.
    public enum Matter: String, Sendable, Codable, CaseIterable {
      /// The artifact itself.
      case artifact
      /// What it is made of (SBOM).
      case inventory
      /// What the vendor says of vulnerabilities in it (VEX).
      case exploitability
    }

    /// A key, and what it may sign.
    public struct Key: Hashable, Sendable, Codable {
      /// SHA-256 of the public key's SubjectPublicKeyInfo.
      public let id: Digest
      /// `ed25519` or `p256`.
      public let algorithm: String
      /// SubjectPublicKeyInfo, DER in base64.
      public let publicKey: String
      /// What it may sign.
      public let signs: [Matter]
      /// Applications of which it may sign something; `nil` means all.
      public let applications: [String]?
      /// The key counts from this instant on.
      public let validFrom: Instant
      /// The key counts until before this instant; `nil` means without an end.
      public let validTo: Instant?

      /// A key and its limits.
      public init(
        id: Digest, algorithm: String, publicKey: String, signs: [Matter], applications: [String]?,
        validFrom: Instant, validTo: Instant?
      ) {
        self.id = id
        self.algorithm = algorithm
        self.publicKey = publicKey
        self.signs = signs
        self.applications = applications
        self.validFrom = validFrom
        self.validTo = validTo
      }

      /// Whether it may sign something of an application at a time.
      public func maySign(_ matter: Matter, of application: String, at time: Instant) -> Bool {
        signs.contains(matter) && time >= validFrom && validTo.map { time < $0 } ?? true
          && applications?.contains { $0.utf8.elementsEqual(application.utf8) } ?? true
      }
    }

    /// Pseudonym of the vendor.
    public let id: String
    /// Its keys.
    public let keys: [Key]

    /// A vendor by pseudonym.
    public init(id: String, keys: [Key]) {
      self.id = id
      self.keys = keys
    }
  }
}

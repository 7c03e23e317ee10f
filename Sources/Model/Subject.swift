/// What a statement speaks of: a name for people, and digests that decide.
///
/// Written as an in-toto `ResourceDescriptor` (in-toto Attestation v1).
public struct Subject: Hashable, Sendable {
  /// A name for people; two subjects are the same by digest only.
  public let name: String
  /// At least one digest, sorted, one an algorithm.
  public let digests: [Digest]

  /// Names something by one digest.
  public init(name: String, digest: Digest) {
    self.name = name
    digests = [digest]
  }

  /// Names something by several digests of the same content.
  ///
  /// - Returns: `nil` when there is none, or two of one algorithm.
  public init?(name: String, digests: [Digest]) {
    guard !digests.isEmpty, Set(digests.map(\.algorithm)).count == digests.count else { return nil }
    self.name = name
    self.digests = digests.sorted()
  }

  /// The organisation as a whole, by the digest of its name.
  public static func organisation(_ name: String) -> Subject {
    let urn = "urn:pratique:organisation:\(name)"
    return Subject(name: urn, digest: .sha256(urn.utf8))
  }

  /// An application as a whole, whatever the release, by the digest of its name.
  public static func application(_ name: String) -> Subject {
    let urn = "urn:pratique:application:\(name)"
    return Subject(name: urn, digest: .sha256(urn.utf8))
  }

  /// Whether the two share a digest and contradict each other in none.
  public func isSame(as other: Subject) -> Bool {
    var shared = false
    for digest in digests {
      for candidate in other.digests where candidate.algorithm == digest.algorithm {
        guard candidate == digest else { return false }
        shared = true
      }
    }
    return shared
  }
}

extension Subject: Codable {
  private enum CodingKeys: String, CodingKey { case name, digest }

  /// Reads an in-toto resource descriptor; algorithms that this program does not know are left out.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decodeIfPresent(String.self, forKey: .name) ?? ""
    let set = try container.decode([String: String].self, forKey: .digest)
    var digests: [Digest] = []
    for (key, hex) in set {
      guard let algorithm = Digest.Algorithm(rawValue: key) else { continue }
      guard let digest = Digest(algorithm, hex: hex) else {
        throw DecodingError.dataCorruptedError(
          forKey: .digest, in: container,
          debugDescription: "\(key) must be \(algorithm.hexLength) characters of 0-9a-f")
      }
      digests.append(digest)
    }
    guard let subject = Subject(name: name, digests: digests) else {
      throw DecodingError.dataCorruptedError(
        forKey: .digest, in: container, debugDescription: "no digest of a known algorithm")
    }
    self = subject
  }

  /// Writes an in-toto resource descriptor.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(
      Dictionary(uniqueKeysWithValues: digests.map { ($0.algorithm.rawValue, $0.hex) }),
      forKey: .digest)
  }
}

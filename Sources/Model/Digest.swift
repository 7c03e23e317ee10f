import Crypto

/// A content digest: an algorithm and its value in lower-case hexadecimal.
///
/// Two digests are the same only when algorithm and value are equal byte by byte.
public struct Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The algorithms that may name a subject, with their in-toto `DigestSet` names.
  public enum Algorithm: String, Sendable, Codable, CaseIterable {
    case sha256
    case sha512
    /// A git object id of a SHA-1 repository: it names a commit, it does not protect its content.
    case gitCommit

    /// Length of the value in hexadecimal characters.
    public var hexLength: Int {
      switch self {
      case .sha256: 64
      case .sha512: 128
      case .gitCommit: 40
      }
    }
  }

  /// The digest's algorithm.
  public let algorithm: Algorithm
  /// The value, lower-case hexadecimal, of the algorithm's length.
  public let hex: String

  /// Takes a value that is already hexadecimal.
  ///
  /// - Returns: `nil` unless `hex` has the algorithm's length and only `0-9a-f`.
  public init?(_ algorithm: Algorithm, hex: some StringProtocol) {
    self.init(algorithm, text: String(hex))
  }

  /// Not generic, so that a digest costs nothing beside the hash that it is compared with.
  private init?(_ algorithm: Algorithm, text: String) {
    guard text.utf8.count == algorithm.hexLength else { return nil }
    for character in text.utf8 where !Hexadecimal.isLowercaseDigit(character) { return nil }
    self.algorithm = algorithm
    hex = text
  }

  /// Reads the form `algorithm:hex`, as OCI writes it.
  public init?(_ text: some StringProtocol) {
    let text = String(text)
    guard let colon = text.utf8.firstIndex(of: 0x3a),
      let algorithm = Algorithm(rawValue: String(text[..<colon]))
    else { return nil }
    self.init(algorithm, text: String(text[text.utf8.index(after: colon)...]))
  }

  /// Whether a text has the form `algorithm:hex`.
  public static func isDigest(_ text: String) -> Bool {
    Algorithm.allCases.contains { algorithm in
      let name = algorithm.rawValue
      let (bytes, length) = (text.utf8, name.utf8.count)
      return bytes.count == length + 1 + algorithm.hexLength && bytes.starts(with: name.utf8)
        && bytes.dropFirst(length).first == 0x3a
        && bytes.dropFirst(length + 1).allSatisfy(Hexadecimal.isLowercaseDigit)
    }
  }

  private init(sha256 digest: SHA256Digest) {
    algorithm = .sha256
    hex = Hexadecimal.encode(digest)
  }

  /// The SHA-256 digest of `bytes`.
  public static func sha256(_ bytes: some Sequence<UInt8>) -> Digest {
    var hasher = SHA256()
    let hashed: Void? = bytes.withContiguousStorageIfAvailable {
      hasher.update(bufferPointer: UnsafeRawBufferPointer($0))
    }
    if hashed == nil { hasher.update(data: Array(bytes)) }
    return Digest(sha256: hasher.finalize())
  }

  /// The first 128 bits of a SHA-256, as two words.
  static func firstBits(ofSHA256 bytes: [UInt8]) -> (UInt64, UInt64) {
    var hasher = SHA256()
    bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    return hasher.finalize().withUnsafeBytes {
      (
        UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
        UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      )
    }
  }

  /// A SHA-256 over bytes that arrive in parts.
  public struct Stream: ~Copyable {
    private var hasher = SHA256()
    /// Number of bytes taken so far.
    public private(set) var byteCount = 0

    /// Begins with no bytes.
    public init() {}

    /// Takes the next bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
      hasher.update(bufferPointer: bytes)
      byteCount += bytes.count
    }

    /// The digest of all bytes taken so far.
    public consuming func finalize() -> Digest { Digest(sha256: hasher.finalize()) }
  }

  /// The value as bytes.
  public var bytes: [UInt8] { Hexadecimal.decode(hex) ?? [] }

  /// `algorithm:hex`, as OCI writes it.
  public var description: String { "\(algorithm.rawValue):\(hex)" }

  /// The first twelve characters of the value, for people; never for comparing.
  public var short: String { String(hex.prefix(12)) }

  /// Orders by algorithm, then by value: the order in which sets of digests are signed.
  public static func < (left: Digest, right: Digest) -> Bool {
    left.algorithm == right.algorithm
      ? left.hex < right.hex : left.algorithm.rawValue < right.algorithm.rawValue
  }
}

extension Digest: Codable {
  /// Reads `algorithm:hex`.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let digest = Digest(text) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "expected a digest such as sha256:<64 hexadecimal characters>"))
    }
    self = digest
  }

  /// Writes `algorithm:hex`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

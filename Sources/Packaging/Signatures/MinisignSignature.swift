public import Attestation
import Model

/// A signature as minisign writes it, and signify: a comment, and in base64 an algorithm, a key's
/// number and an Ed25519 signature; minisign signs a second comment with it.
public struct MinisignSignature: Hashable, Sendable {
  private static let comment = "untrusted comment: "
  private static let trusted = "trusted comment: "

  private let isHashed: Bool
  private let signature: [UInt8]
  private let trustedComment: [UInt8]?
  private let commentSignature: [UInt8]

  /// Whether a text claims to be one.
  public static func isForm(_ text: String) -> Bool { text.hasPrefix(comment) }

  /// Reads one.
  ///
  /// - Throws: `Problem` with `notTrusted` for anything that is not just one signature.
  public init(_ text: String) throws {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    lines = lines.map { $0.hasSuffix("\r") ? String($0.dropLast()) : $0 }
    guard lines.count == 2 || lines.count == 4, lines[0].hasPrefix(Self.comment),
      let bytes = Base64.decode(lines[1]), bytes.count == 74
    else { throw Self.refusal }
    switch bytes.prefix(2) {
    case [0x45, 0x64]: isHashed = false
    case [0x45, 0x44]: isHashed = true
    default: throw Self.refusal
    }
    signature = Array(bytes[10...])
    guard lines.count == 4 else {
      // signify writes no second comment; minisign always hashes or has one.
      guard !isHashed else { throw Self.refusal }
      trustedComment = nil
      commentSignature = []
      return
    }
    guard lines[2].hasPrefix(Self.trusted), let second = Base64.decode(lines[3]),
      second.count == 64
    else { throw Self.refusal }
    trustedComment = Array(lines[2].dropFirst(Self.trusted.count).utf8)
    commentSignature = second
  }

  /// Whether a key made it for a message, the comment included.
  public func isValid(of message: [UInt8], by key: PublicKey) -> Bool {
    guard case .ed25519 = key,
      key.verify(signature, of: isHashed ? BLAKE2b.hash(message) : message)
    else { return false }
    guard let trustedComment else { return true }
    return key.verify(commentSignature, of: signature + trustedComment)
  }

  /// The key in a public key file of minisign or signify; `nil` when it is none.
  public static func publicKey(_ text: String) -> PublicKey? {
    let lines = text.split(whereSeparator: \.isNewline)
    guard let last = lines.last, lines.count <= 2,
      lines.count == 1 || lines[0].hasPrefix(comment), let bytes = Base64.decode(String(last)),
      bytes.count == 42, bytes.starts(with: [0x45, 0x64])
    else { return nil }
    return .ed25519(Array(bytes[10...]))
  }

  private static let refusal = Problem(
    .notTrusted, "the signature begins as minisign's, and is not whole or of another algorithm")
}

import Model

/// Reads the fields of SSH's wire format (RFC 4251, section 5), within bounds.
struct SSHReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func number() -> UInt32? {
    bytes(4)?.reduce(0) { $0 << 8 | UInt32($1) }
  }

  mutating func string() -> ArraySlice<UInt8>? {
    guard let count = number() else { return nil }
    return bytes(Int(count))
  }

  mutating func text() -> String? {
    string().flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// A positive number of at most 32 bytes, in its shortest form.
  mutating func positive() -> [UInt8]? {
    guard let value = string(), let first = value.first, first < 0x80 else { return nil }
    let digits = value.drop { $0 == 0 }
    guard !digits.isEmpty, digits.count <= 32,
      digits.count == value.count
        || (value.count == digits.count + 1 && (digits.first ?? 0) >= 0x80)
    else { return nil }
    return Array(digits)
  }

  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    let count = UInt32(bytes.count)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + bytes
  }
}

/// A public key in OpenSSH's form (RFC 4253, section 6.6; RFC 8709; RFC 5656).
struct SSHKey {
  /// SubjectPublicKeyInfo before the key's own bytes (RFC 8410).
  static let ed25519Prefix: [UInt8] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]
  /// SubjectPublicKeyInfo before the uncompressed point (RFC 5480).
  static let p256Prefix: [UInt8] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
  ]

  let algorithm: String
  let raw: [UInt8]
  private let type: String

  init(_ blob: [UInt8]) throws {
    var reader = SSHReader(blob)
    guard let type = reader.text() else { throw SSHSignature.refusal("its key is cut off") }
    self.type = type
    let key: ArraySlice<UInt8>?
    switch type {
    case "ssh-ed25519":
      algorithm = "ed25519"
      key = reader.string().flatMap { $0.count == 32 ? $0 : nil }
    case "ecdsa-sha2-nistp256":
      algorithm = "p256"
      key = reader.text() == "nistp256" ? reader.string() : nil
      guard key?.count == 65, key?.first == 4 else {
        throw SSHSignature.refusal("its key is no uncompressed point on P-256")
      }
    default:
      throw SSHSignature.refusal(
        "its key is of type \(type.debugDescription); expected ssh-ed25519 or ecdsa-sha2-nistp256")
    }
    guard let key, reader.isAtEnd else {
      throw SSHSignature.refusal("its key has another length than its type")
    }
    raw = Array(key)
  }

  /// The signature in a signature blob, which must be of the key's type.
  func signature(_ blob: [UInt8]) throws -> [UInt8] {
    var reader = SSHReader(blob)
    guard reader.text() == type, let value = reader.string(), reader.isAtEnd else {
      throw SSHSignature.refusal("the signature is of another type than the key, or cut off")
    }
    guard algorithm == "p256" else {
      guard value.count == 64 else { throw SSHSignature.refusal("the signature has not 64 bytes") }
      return Array(value)
    }
    var numbers = SSHReader(Array(value))
    guard let r = numbers.positive(), let s = numbers.positive(), numbers.isAtEnd else {
      throw SSHSignature.refusal("the signature's two numbers are not in their shortest form")
    }
    let body = Self.integer(r) + Self.integer(s)
    return [0x30, UInt8(body.count)] + body
  }

  /// An ASN.1 INTEGER of at most 33 bytes.
  private static func integer(_ digits: [UInt8]) -> [UInt8] {
    let value = (digits.first ?? 0) >= 0x80 ? [0] + digits : digits
    return [0x02, UInt8(value.count)] + value
  }
}

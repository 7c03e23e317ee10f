public import Model

import struct Crypto.SHA256
import struct Crypto.SHA256Digest

/// A 32-byte SHA-256 value in a Merkle tree (RFC 6962, section 2.1; RFC 9162, section 2.1).
public struct TreeHash: Hashable, Sendable, CustomStringConvertible {
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// Takes 32 bytes; `nil` for another number.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    var words: [UInt64] = [0, 0, 0, 0]
    for (place, byte) in bytes.enumerated() {
      words[place / 8] = words[place / 8] << 8 | UInt64(byte)
    }
    self.words = (words[0], words[1], words[2], words[3])
  }

  /// Takes 32 bytes that lie elsewhere; `nil` for another number.
  public init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 32 else { return nil }
    words = Self.words(bytes)
  }

  /// Takes 64 lower-case hexadecimal characters; `nil` for anything else.
  init?(hexadecimal text: UnsafeRawBufferPointer) {
    guard text.count == 64 else { return nil }
    func word(_ start: Int) -> UInt64? {
      guard
        let high = HexadecimalWord(text.loadUnaligned(fromByteOffset: start, as: UInt64.self)),
        let low = HexadecimalWord(text.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self))
      else { return nil }
      return UInt64(high.value) << 32 | UInt64(low.value)
    }
    guard let first = word(0), let second = word(16), let third = word(32), let fourth = word(48)
    else { return nil }
    words = (first, second, third, fourth)
  }

  private static func words(_ buffer: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64) {
    func word(_ place: Int) -> UInt64 {
      UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self))
    }
    return (word(0), word(1), word(2), word(3))
  }

  init(_ digest: SHA256Digest) {
    self.words = digest.withUnsafeBytes { Self.words($0) }
  }

  /// The root of the tree without leaves: the hash of nothing.
  public static let empty = TreeHash(SHA256.hash(data: [UInt8]()))

  /// The hash of a leaf: SHA-256 of 0x00 and the leaf.
  public static func leaf(_ leaf: [UInt8]) -> TreeHash {
    var hasher = SHA256()
    hasher.update(data: [0x00] as [UInt8])
    hasher.update(data: leaf)
    return TreeHash(hasher.finalize())
  }

  /// The salted digest of an envelope that lies elsewhere, as `Leaf.saltedDigest` has it.
  static func salted(_ envelope: UnsafeRawBufferPointer, salt: UnsafeRawBufferPointer) -> TreeHash {
    let prefix: StaticString = "pratique-payload/v1\n"
    var hasher = SHA256()
    hasher.update(
      bufferPointer: UnsafeRawBufferPointer(
        start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
    hasher.update(bufferPointer: salt)
    hasher.update(bufferPointer: envelope)
    return TreeHash(hasher.finalize())
  }

  /// The hash of a leaf that lies elsewhere.
  static func leaf(_ leaf: UnsafeRawBufferPointer) -> TreeHash {
    var hasher = SHA256()
    withUnsafeBytes(of: 0 as UInt8) { hasher.update(bufferPointer: $0) }
    hasher.update(bufferPointer: leaf)
    return TreeHash(hasher.finalize())
  }

  /// The hash of an interior node: SHA-256 of 0x01 and its two children.
  public static func node(_ left: TreeHash, _ right: TreeHash) -> TreeHash {
    withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { buffer in
      buffer[0] = 0x01
      left.store(in: buffer, at: 1)
      right.store(in: buffer, at: 33)
      var hasher = SHA256()
      hasher.update(bufferPointer: UnsafeRawBufferPointer(buffer))
      return TreeHash(hasher.finalize())
    }
  }

  private func store(in buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
    buffer.storeBytes(of: words.0.bigEndian, toByteOffset: offset, as: UInt64.self)
    buffer.storeBytes(of: words.1.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
    buffer.storeBytes(of: words.2.bigEndian, toByteOffset: offset + 16, as: UInt64.self)
    buffer.storeBytes(of: words.3.bigEndian, toByteOffset: offset + 24, as: UInt64.self)
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      store(in: UnsafeMutableRawBufferPointer(buffer), at: 0)
      count = 32
    }
  }

  /// The value as a digest.
  public var digest: Digest? { Digest(.sha256, hex: Hexadecimal.encode(bytes)) }

  /// Lower-case hexadecimal.
  public var description: String { Hexadecimal.encode(bytes) }

  /// Equal when all 32 bytes are.
  public static func == (left: TreeHash, right: TreeHash) -> Bool { left.words == right.words }

  /// Hashes all 32 bytes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}

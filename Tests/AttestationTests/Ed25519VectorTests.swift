import Attestation
import Crypto
import Model
import Reading
import TestKit
import Testing

/// Where implementations of Ed25519 differ: points of low order, and encodings that are not
/// canonical. What is taken is pinned here and described in docs/formats/checkpoint.md.
@Suite("Ed25519's edges", .enabled(if: Vectors.isWanted, "vectors/merkle is not there"))
struct Ed25519VectorTests {
  /// Any of these and the signature is refused; the others alone do no harm.
  private let refused: Set<String> = [
    "low_order_A", "non_canonical_A", "non_canonical_R", "low_order_residue", "reencoded_k",
  ]
  private let refusedByLibrary: Set<String> = ["non_canonical_R", "low_order_residue"]
  private let harmless: Set<String> = [
    "low_order_R", "low_order_component_A", "low_order_component_R",
  ]

  @Test("each class of CCTV's vectors is taken or refused as the documentation says")
  func vectors() throws {
    let vectors = try #require(
      try JSONReader.read(Vectors.bytes("merkle/cctv-ed25519/ed25519vectors.json")).array)
    var accepted = 0
    var refusedWeak = 0
    for vector in vectors {
      func bytes(_ name: String) throws -> [UInt8] {
        try #require(vector[name]?.string.flatMap { Hexadecimal.decode($0) })
      }
      let key = PublicKey.ed25519(try bytes("key"))
      let message = Array(try #require(vector["msg"]?.string).utf8)
      let flags = Set((vector["flags"]?.array ?? []).compactMap(\.string))
      #expect(flags.isSubset(of: refused.union(harmless)), "a class that is not described")
      let isAccepted = key.verify(try bytes("sig"), of: message)
      #expect(
        isAccepted == flags.isDisjoint(with: refused), "\(vector["number"] ?? .null) \(flags)")
      #expect(
        key.isWeak == !flags.isDisjoint(with: ["low_order_A", "non_canonical_A"]), "\(flags)")
      // What the cryptographic library does by itself: were it to change, this would tell. Of the
      // class reencoded_k some pass there by chance.
      let library = try Curve25519.Signing.PublicKey(rawRepresentation: bytes("key"))
      #expect(
        library.isValidSignature(try bytes("sig"), for: message)
          == flags.isDisjoint(with: refusedByLibrary) || flags.contains("reencoded_k"),
        "\(flags)")
      if isAccepted { accepted += 1 }
      if key.isWeak { refusedWeak += 1 }
    }
    #expect(accepted > 0 && refusedWeak > 0, "\(accepted) accepted, \(refusedWeak) weak")
  }

  @Test("a signature has one form: its second half is below the group's order")
  func malleability() throws {
    let order = try #require(
      Hexadecimal.decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"))
    let key = PrivateKey.generate()
    var signature = try key.signer.sign([1, 2, 3])
    #expect(key.publicKey.verify(signature, of: [1, 2, 3]))
    var carry = 0
    for place in 0..<32 {
      carry += Int(signature[32 + place]) + Int(order[place])
      signature[32 + place] = UInt8(carry & 0xff)
      carry >>= 8
    }
    #expect(carry == 0 && !key.publicKey.verify(signature, of: [1, 2, 3]))
  }

  @Test("keys of low order are weak in every encoding, and so is what is not canonical")
  func weakKeys() throws {
    let prime = [0xed] + [UInt8](repeating: 0xff, count: 30) + [0x7f]
    for low in UInt8(0xec)...0xff {
      for high in [0x7f, 0xff] as [UInt8] {
        var encoded = prime
        encoded[0] = low
        encoded[31] = high
        #expect(PublicKey.ed25519(encoded).isWeak)
      }
    }
    var below = prime
    below[0] = 0xeb
    #expect(!PublicKey.ed25519(below).isWeak)
    for _ in 0..<100 { #expect(!PrivateKey.generate().publicKey.isWeak) }
  }
}

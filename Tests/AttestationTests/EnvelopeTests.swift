import Attestation
import Foundation
import Model
import Reading
import TestKit
import Testing

@Suite("Envelope and Statement")
struct EnvelopeTests {
  private func signed(_ signers: [Signer]) throws -> Envelope {
    let evidence = Evidence(
      kind: .testResult, subjects: [Subject(name: "app", digest: .sha256("app".utf8))],
      predicate: ["suite": "unit"])
    return try Envelope(signing: Statement(evidence).json(), by: signers)
  }

  @Test("reads back, verifies, and refuses every changed byte of payload and signature")
  func tampering() throws {
    let key = PrivateKey.generate()
    let envelope = try signed([key.signer])
    let read = try Envelope(json: envelope.json())
    #expect(read == envelope)
    #expect(read.verifyingKeys(among: [key.publicKey]) == [key.publicKey])
    #expect(read.verifyingKeys(among: [PrivateKey.generate().publicKey]).isEmpty)
    let json = try #require(String(validating: envelope.json(), as: UTF8.self))
    let payload = Base64.encode(envelope.payload)
    for place in envelope.payload.indices {
      var changed = envelope.payload
      changed[place] ^= 1
      let bytes = Array(json.replacing(payload, with: Base64.encode(changed)).utf8)
      #expect(try Envelope(json: bytes).verifyingKeys(among: [key.publicKey]).isEmpty)
    }
    let signature = envelope.signatures[0].signature
    for place in signature.indices {
      var changed = signature
      changed[place] ^= 1
      let bytes = Array(
        json.replacing(Base64.encode(signature), with: Base64.encode(changed)).utf8)
      #expect(try Envelope(json: bytes).verifyingKeys(among: [key.publicKey]).isEmpty)
    }
  }

  @Test("two signatures of one key count once")
  func uniqueKeys() throws {
    let key = PrivateKey.generate()
    let envelope = try signed([key.signer, key.signer])
    #expect(envelope.signatures.count == 2)
    #expect(envelope.verifyingKeys(among: [key.publicKey, key.publicKey]).count == 1)
  }

  @Test(
    "refuses what is no envelope",
    arguments: [
      "{}", "[]", #"{"payloadType":"t","payload":"!","signatures":[{"sig":"AA=="}]}"#,
      #"{"payloadType":"t","payload":"AA==","signatures":[]}"#,
      #"{"payloadType":"t","payload":"AA==","payload":"AQ==","signatures":[{"sig":"AA=="}]}"#,
      #"{"payloadType":"t","payload":"AA==","signatures":[{"keyid":"x"}]}"#,
    ])
  func refuses(text: String) {
    #expect(throws: ReadingError.self) { try Envelope(json: Array(text.utf8)) }
  }

  @Test(
    "refuses what is no statement",
    arguments: [
      #"{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"a:b","subject":[]}"#,
      #"{"_type":"https://in-toto.io/Statement/v1","predicateType":"a:b","subject":[]}"#,
      #"{"_type":"https://in-toto.io/Statement/v1","predicateType":"ab","subject":[{"digest":{"sha256":"00"}}]}"#,
      #"{"_type":"https://in-toto.io/Statement/v1","predicateType":"a:b","subject":[{"digest":{"sha256":"00"}}]}"#,
      #"{"_type":"https://in-toto.io/Statement/v1","predicateType":"a:b","subject":[{"digest":{"md5":"00"}}]}"#,
    ])
  func refusesStatements(text: String) {
    #expect(throws: ReadingError.self) { try Statement(json: Array(text.utf8)) }
  }

  @Test("DSSE's own vectors", .enabled(if: Vectors.isWanted, "vectors/dsse is not there"))
  func vectors() throws {
    let vectors = try JSONReader.read(Vectors.bytes("dsse/dsse.json"))
    let encodings = try #require(vectors["pae"]?.array)
    #expect(!encodings.isEmpty)
    for vector in encodings {
      let body = try #require(vector["bodyB64"]?.string.flatMap(Base64.decode))
      let type = try #require(vector["type"]?.string)
      #expect(
        Envelope.preAuthenticationEncoding(type: type, payload: body)
          == Array(try #require(vector["pae"]?.string).utf8))
    }
    let ecdsa = try #require(vectors["ecdsaP256"])
    // SubjectPublicKeyInfo of P-256 is a fixed beginning and the point.
    let start = try #require(
      Hexadecimal.decode("3059301306072a8648ce3d020106082a8648ce3d030107034200"))
    let key = try PublicKey(
      subjectPublicKeyInfo: start + [0x04]
        + decimal(#require(ecdsa["x"]?.string)) + decimal(#require(ecdsa["y"]?.string)))
    let json = try CanonicalJSON.write(try #require(ecdsa["envelope"]))
    let envelope = try Envelope(json: json)
    #expect(envelope.verifyingKeys(among: [key]) == [key])
    // The same in the URL-safe alphabet, padded and not, which every reader must take.
    let text = String(decoding: json, as: UTF8.self)
    let signature = Base64.encode(envelope.signatures[0].signature)
    let safe = signature.replacing("+", with: "-").replacing("/", with: "_")
    #expect(safe != signature)
    for other in [safe, String(safe.prefix { $0 != "=" })] {
      let bytes = Array(text.replacing(signature, with: other).utf8)
      #expect(try Envelope(json: bytes).verifyingKeys(among: [key]) == [key])
    }
    for place in envelope.signatures[0].signature.indices {
      var changed = envelope.signatures[0].signature
      changed[place] ^= 1
      let bytes = Array(text.replacing(signature, with: Base64.encode(changed)).utf8)
      #expect(try Envelope(json: bytes).verifyingKeys(among: [key]).isEmpty)
    }
  }

  /// A decimal number as 32 bytes, most significant first.
  private func decimal(_ text: String) -> [UInt8] {
    text.utf8.reduce(into: [UInt8](repeating: 0, count: 32)) { bytes, digit in
      var carry = Int(digit - 0x30)
      for place in bytes.indices.reversed() {
        carry += Int(bytes[place]) * 10
        bytes[place] = UInt8(carry & 0xff)
        carry >>= 8
      }
    }
  }
}

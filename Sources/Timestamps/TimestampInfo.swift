public import Model
import SwiftASN1

/// What a time-stamping authority signed: TSTInfo (RFC 3161, section 2.4.2).
public struct TimestampInfo: Hashable, Sendable {
  /// The authority's policy, as an object identifier: `1.3.6.1.4.1…`.
  public let policy: String
  /// SHA-256 of what was stamped.
  public let imprint: Digest
  /// The authority's serial number of the stamp, hexadecimal.
  public let serialNumber: String
  /// When, by the authority's clock; cut to milliseconds.
  public let time: Instant
  /// How far the authority's clock may be off, in milliseconds, rounded up; `nil` where it does not
  /// say.
  public let accuracyMilliseconds: Int64?
  /// The question's nonce; `nil` where the question had none.
  public let nonce: [UInt8]?

  /// - Throws: `Problem` or `ASN1Error`.
  init(der: [UInt8]) throws {
    self = try DER.sequence(DER.parse(der), identifier: .sequence) { nodes in
      guard try Int(derEncoded: &nodes) == 1 else {
        throw Problem(.notTrusted, "the timestamp is not of version 1")
      }
      let policy = try ASN1ObjectIdentifier(derEncoded: &nodes)
      let imprint = try MessageImprint(derEncoded: &nodes)
      guard imprint.hash == .sha256,
        let digest = Digest(.sha256, hex: Hexadecimal.encode(imprint.bytes))
      else { throw Problem(.notTrusted, "the timestamp is not of a SHA-256") }
      let serial = try ArraySlice<UInt8>(derEncoded: &nodes)
      let time = try Instant(GeneralizedTime(derEncoded: &nodes))
      let accuracy = try Self.accuracy(&nodes)
      _ = try DER.decodeDefault(&nodes, defaultValue: false) as Bool
      let nonce: ArraySlice<UInt8>? = try DER.optionalImplicitlyTagged(&nodes)
      let context = ASN1Identifier.TagClass.contextSpecific
      _ = try DER.optionalExplicitlyTagged(&nodes, tagNumber: 0, tagClass: context) { $0 }
      let extensions = DER.optionalImplicitlyTagged(
        &nodes, tagNumber: 1, tagClass: context
      ) { $0 }
      // An extension could change what the stamp means, and none is known here.
      guard extensions == nil else {
        throw Problem(.notTrusted, "the timestamp has extensions, which are not understood")
      }
      return TimestampInfo(
        policy: String(describing: policy), imprint: digest,
        serialNumber: Hexadecimal.encode(serial), time: time, accuracyMilliseconds: accuracy,
        nonce: nonce.map(Array.init))
    }
  }

  private init(
    policy: String, imprint: Digest, serialNumber: String, time: Instant,
    accuracyMilliseconds: Int64?, nonce: [UInt8]?
  ) {
    self.policy = policy
    self.imprint = imprint
    self.serialNumber = serialNumber
    self.time = time
    self.accuracyMilliseconds = accuracyMilliseconds
    self.nonce = nonce
  }

  /// Accuracy, where it is there: seconds, milliseconds and microseconds, each optional.
  private static func accuracy(_ nodes: inout ASN1NodeCollection.Iterator) throws -> Int64? {
    var ahead = nodes
    guard let node = ahead.next(), node.identifier == .sequence else { return nil }
    nodes = ahead
    return try DER.sequence(node, identifier: .sequence) { nodes in
      let seconds: Int64 = try DER.optionalImplicitlyTagged(&nodes) ?? 0
      func part(_ number: UInt) throws -> Int64 {
        let part: Int64? = try DER.optionalImplicitlyTagged(
          &nodes, tag: ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific))
        guard let part else { return 0 }
        guard (1...999).contains(part) else {
          throw Problem(.notTrusted, "the timestamp's accuracy is not of its form")
        }
        return part
      }
      let (milliseconds, microseconds) = (try part(0), try part(1))
      guard (0...31_536_000).contains(seconds) else {
        throw Problem(.notTrusted, "the timestamp's accuracy is not of its form")
      }
      return seconds * 1000 + milliseconds + (microseconds > 0 ? 1 : 0)
    }
  }
}

extension Instant {
  /// The instant that a GeneralizedTime names.
  init(_ time: GeneralizedTime) throws {
    func pad(_ number: Int, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
    }
    let fraction = String(decoding: time.rawFractionalSeconds.prefix(3), as: UTF8.self)
    let text =
      "\(pad(time.year, 4))-\(pad(time.month, 2))-\(pad(time.day, 2))T\(pad(time.hours, 2)):"
      + "\(pad(time.minutes, 2)):\(pad(time.seconds, 2))\(fraction.isEmpty ? "" : ".")\(fraction)Z"
    guard let instant = Instant(text) else {
      throw Problem(.notTrusted, "the timestamp's time does not exist")
    }
    self = instant
  }
}

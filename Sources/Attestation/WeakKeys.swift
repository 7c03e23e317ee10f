extension PublicKey {
  /// Whether anybody can make signatures that this key verifies.
  ///
  /// So are the eight Ed25519 points of low order, in each of their fourteen encodings: for them a
  /// signature exists that is right for many messages, without a private key. No generator makes
  /// such a key; whoever offers one wants to deny later what he signed. Encodings that are not
  /// canonical, which RFC 8032 refuses too (section 5.1.3), count as weak as well.
  public var isWeak: Bool {
    guard case .ed25519(let raw) = self, let first = raw.first else { return false }
    // The first byte alone clears nearly every key.
    return (first <= 0x01 || first == 0x26 || first == 0xc7 || first >= 0xec)
      && Self.isLowOrderOrNotCanonical(raw)
  }

  /// The `y` of the points of order 8, little-endian, without the sign of `x`.
  private static let orderEight: [[UInt8]] = [
    [
      0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
      0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
      0xfc, 0x05,
    ],
    [
      0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
      0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
      0x03, 0x7a,
    ],
  ]

  private static func isLowOrderOrNotCanonical(_ raw: [UInt8]) -> Bool {
    guard raw.count == 32 else { return false }
    var y = raw
    y[31] &= 0x7f
    let middle = y[1..<31]
    switch (y[0], y[31]) {
    // y is 0 or 1.
    case (0x00, 0x00), (0x01, 0x00): return middle.allSatisfy { $0 == 0 }
    // y is p - 1, or not below p, where p is 2²⁵⁵ - 19.
    case (0xec..., 0x7f): return middle.allSatisfy { $0 == 0xff }
    default: return orderEight.contains(y)
    }
  }
}

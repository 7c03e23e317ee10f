/// Base64 (RFC 4648, section 4).
enum EncodingFunctions {
  static let all: [String: Implementation] = [
    "base64.encode": { (frame, values) throws(Fault) in
      guard case .bytes(let bytes) = values[0] else { throw Fault.noOverload }
      try frame.charge(bytes.count / 8)
      return .string(encode(bytes))
    },
    "base64.decode": { (frame, values) throws(Fault) in
      guard case .string(let text) = values[0] else { throw Fault.noOverload }
      try frame.charge(text.utf8.count / 10)
      guard let bytes = decode(text) else { throw Fault("the text is not base64") }
      return .bytes(bytes)
    },
  ]

  private static let letters = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static func encode(_ bytes: [UInt8]) -> String {
    var output: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let rest = bytes.count - start
      let one = Int(bytes[start])
      let two = rest > 1 ? Int(bytes[start + 1]) : 0
      let three = rest > 2 ? Int(bytes[start + 2]) : 0
      let group = one << 16 | two << 8 | three
      output.append(letters[group >> 18])
      output.append(letters[group >> 12 & 63])
      output.append(rest > 1 ? letters[group >> 6 & 63] : UInt8(ascii: "="))
      output.append(rest > 2 ? letters[group & 63] : UInt8(ascii: "="))
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// With or without the padding at the end.
  private static func decode(_ text: String) -> [UInt8]? {
    var bytes = Array(text.utf8)[...]
    let isPadded = bytes.last == UInt8(ascii: "=")
    guard !isPadded || bytes.count % 4 == 0 else { return nil }
    for _ in 0..<2 where bytes.last == UInt8(ascii: "=") { bytes = bytes.dropLast() }
    guard bytes.count % 4 != 1 else { return nil }
    var output: [UInt8] = []
    var group = 0
    var bits = 0
    for byte in bytes {
      guard let value = value(of: byte) else { return nil }
      group = (group << 6 | value) & 0xFFFF
      bits += 6
      if bits >= 8 {
        bits -= 8
        output.append(UInt8(truncatingIfNeeded: group >> bits))
      }
    }
    return output
  }

  private static func value(of byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

import Foundation

/// Base64 (RFC 4648): written in the standard alphabet, read in the standard and the URL-safe one,
/// as DSSE asks of readers.
public enum Base64 {
  /// Standard alphabet, padded.
  public static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

  /// Reads either alphabet, padded or not; `nil` for any other character or length.
  public static func decode(_ text: String) -> [UInt8]? {
    var standard = text
    if text.utf8.contains(where: { $0 == 0x2d || $0 == 0x5f }) {
      standard = text.replacing("-", with: "+").replacing("_", with: "/")
    }
    if !standard.hasSuffix("=") {
      standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
    }
    return Data(base64Encoded: standard).map(Array.init)
  }
}

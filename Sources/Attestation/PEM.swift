/// Textual encoding of keys (RFC 7468), one object a text.
public enum PEM {
  /// The bytes between the two lines with this label; `nil` when they are not there.
  public static func decode(_ text: String, label: String) -> [UInt8]? {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingSpaces }
    guard let begin = lines.firstIndex(of: "-----BEGIN \(label)-----"),
      let end = lines.firstIndex(of: "-----END \(label)-----"), begin < end
    else { return nil }
    return Base64.decode(lines[(begin + 1)..<end].joined())
  }

  /// Writes lines of 64 characters between the two lines with this label.
  public static func encode(_ bytes: [UInt8], label: String) -> String {
    var body = Substring(Base64.encode(bytes))
    var lines: [Substring] = []
    while !body.isEmpty {
      lines.append(body.prefix(64))
      body = body.dropFirst(64)
    }
    return "-----BEGIN \(label)-----\n" + lines.map { $0 + "\n" }.joined()
      + "-----END \(label)-----\n"
  }
}

extension Substring {
  /// The text without white space at its ends.
  fileprivate var trimmingSpaces: String {
    var text = self
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text.drop(while: \.isWhitespace))
  }
}

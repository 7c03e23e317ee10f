public import CEL
import Reading

/// A value in the language's own notation, for people: `[1, 2u]`, `timestamp("2026-01-01T00:00:00Z")`.
public enum LiteralText {
  /// The text; of a long one only the beginning, where a length is given.
  public static func text(_ value: CELValue, atMost length: Int = .max) -> String {
    let text = text(value)
    guard text.unicodeScalars.count > length else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(length))) + "…"
  }

  private static func text(_ value: CELValue) -> String {
    switch value {
    case .null: return "null"
    case .bool(let truth): return "\(truth)"
    case .int(let number): return "\(number)"
    case .uint(let number): return "\(number)u"
    case .double(let number): return double(number)
    case .string(let text): return quoted(text)
    case .bytes(let bytes): return "b\"\(bytes.map(escaped).joined())\""
    case .type(let name): return name
    case .list(let elements): return "[\(elements.map(text).joined(separator: ", "))]"
    case .map(let map):
      let entries = map.entries.map { "\(text($0.key)): \(text($0.value))" }
      return "{\(entries.joined(separator: ", "))}"
    case .duration(let duration): return "duration(\"\(duration.text)\")"
    case .timestamp(let time): return "timestamp(\"\(time.text)\")"
    case .optional(nil): return "optional.none()"
    case .optional(.some(let inside)): return "optional.of(\(text(inside)))"
    }
  }

  private static func double(_ number: Double) -> String {
    if number.isNaN { return "double(\"NaN\")" }
    if number.isInfinite { return number < 0 ? "-double(\"Infinity\")" : "double(\"Infinity\")" }
    return number.description
  }

  /// Escaped as JSON is, which the language reads too; no control character reaches a terminal.
  private static func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\t": output += "\\t"
      case "\r": output += "\\r"
      default:
        let isControl = scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
        output += isControl ? "\\u\(hex(scalar.value, 4))" : String(scalar)
      }
    }
    return output + "\""
  }

  private static func escaped(_ byte: UInt8) -> String {
    let isPlain = (0x20...0x7e).contains(byte) && byte != 0x22 && byte != 0x5c
    return isPlain ? String(Unicode.Scalar(byte)) : "\\x\(hex(UInt32(byte), 2))"
  }

  private static func hex(_ value: UInt32, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

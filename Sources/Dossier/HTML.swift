/// A piece of a page. There is no way to make one of raw text: names are written in the source,
/// values are escaped, so nothing that a report shows can become markup.
struct HTML {
  /// A name that is written in the source, and a value of any origin.
  struct Attribute {
    let name: StaticString
    let value: String

    init(_ name: StaticString, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  private(set) var text: String

  /// Text of any origin.
  static func text(_ text: some StringProtocol) -> HTML { HTML(text: escape(text)) }

  /// An element with attributes and content.
  static func element(
    _ name: StaticString, _ attributes: [Attribute] = [],
    @Markup _ content: () -> HTML = { HTML.nothing }
  ) -> HTML {
    HTML(text: "\(opening(name, attributes))\(content().text)</\(name)>")
  }

  /// An element that has no content and no end.
  static func void(_ name: StaticString, _ attributes: [Attribute]) -> HTML {
    HTML(text: opening(name, attributes))
  }

  /// A style sheet, which is part of this program.
  static func style(_ sheet: StaticString) -> HTML { HTML(text: "<style>\(sheet)</style>") }

  /// What every page begins with.
  static let documentType = HTML(text: "<!DOCTYPE html>\n")

  /// Nothing at all.
  static let nothing = HTML(text: "")

  static func joined(_ parts: [HTML]) -> HTML { HTML(text: parts.map(\.text).joined()) }

  private static func opening(
    _ name: StaticString, _ attributes: [Attribute]
  ) -> String {
    let written = attributes.map { " \($0.name)=\"\(escape($0.value))\"" }
    return "<\(name)\(written.joined())>"
  }

  /// Escapes what HTML reads as markup, and writes out characters that a reader cannot see: a
  /// direction override could make a page say the opposite of its bytes.
  private static func escape(_ text: some StringProtocol) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      default:
        if isHidden(scalar) {
          escaped += "[U+\(String(scalar.value, radix: 16, uppercase: true))]"
        } else {
          escaped.unicodeScalars.append(scalar)
        }
      }
    }
    return escaped
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f...0x9f, 0xad, 0x200b...0x200f, 0x202a...0x202e, 0x2060...0x206f, 0xfeff,
      0xfff9...0xfffb, 0xe0000...0xe007f:
      true
    default: scalar.properties.isNoncharacterCodePoint
    }
  }
}

/// Puts pieces one after the other; plain strings become text.
@resultBuilder
enum Markup {
  static func buildExpression(_ piece: HTML) -> HTML { piece }
  static func buildExpression(_ pieces: [HTML]) -> HTML { .joined(pieces) }
  static func buildExpression(_ text: String) -> HTML { .text(text) }
  static func buildBlock(_ pieces: HTML...) -> HTML { .joined(pieces) }
  static func buildOptional(_ piece: HTML?) -> HTML { piece ?? .nothing }
  static func buildEither(first piece: HTML) -> HTML { piece }
  static func buildEither(second piece: HTML) -> HTML { piece }
  static func buildArray(_ pieces: [HTML]) -> HTML { .joined(pieces) }
}

/// Words from evidence, made safe for where they are shown: whoever wrote them must not be able to
/// move a terminal's cursor, or to write Markdown or HTML into a page of others.
enum ShownText {
  /// One line without control characters and without marks that turn the direction of writing.
  static func line(_ text: String) -> String {
    var output = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
        output.append(scalar == "\n" || scalar == "\t" ? " " : "\u{fffd}")
      default: output.append(scalar)
      }
    }
    return String(output)
  }

  /// The same as Markdown that shows just these characters.
  static func markdown(_ text: String) -> String {
    var output = ""
    for scalar in line(text).unicodeScalars {
      switch scalar {
      case "&", "<", ">", "@", "|", "`", "[", "]", "*", "_", "~", "#", "!", "\\", "$", ":":
        output += "&#\(scalar.value);"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }
}

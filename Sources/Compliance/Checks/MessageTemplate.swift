import CEL

/// A sentence with expressions in braces, such as `signed by {evidence.signer}`.
struct MessageTemplate: Sendable {
  private enum Part: Sendable {
    case text(String)
    case program(Program)
  }

  /// What is written for a part that has no value: a message never decides anything.
  private static let absent = "(not stated)"
  private static let shown = 5
  private let parts: [Part]

  /// Why a template cannot be compiled, and how many scalars lie before that place.
  struct Fault: Error {
    let message: String
    let offset: Int
  }

  /// Compiles a sentence.
  ///
  /// - Throws: `Fault` for an expression that cannot be compiled, or a brace that stands alone.
  init(_ text: String, in environment: Environment) throws(Fault) {
    var parts: [Part] = []
    var rest = text.unicodeScalars[...]
    func offset(_ place: String.UnicodeScalarView.Index) -> Int {
      text.unicodeScalars.distance(from: text.unicodeScalars.startIndex, to: place)
    }
    while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      parts.append(.text(String(rest[..<open])))
      guard rest[open] == "{", let close = Self.close(of: open, in: rest) else {
        throw Fault(message: "a brace stands alone", offset: offset(open))
      }
      let source = rest[rest.index(after: open)..<close]
      do throws(CELError) {
        parts.append(.program(try Program(String(source), in: environment)))
      } catch {
        let lines = error.line > 1 ? 0 : error.column - 1
        throw Fault(message: "\(error)", offset: offset(open) + 1 + lines)
      }
      rest = rest[rest.index(after: close)...]
    }
    parts.append(.text(String(rest)))
    self.parts = parts
  }

  /// The brace that closes an expression: not one of a map, nor one inside a text.
  private static func close(
    of open: Substring.UnicodeScalarView.Index, in text: Substring.UnicodeScalarView
  ) -> Substring.UnicodeScalarView.Index? {
    var depth = 0
    var quote: Unicode.Scalar?
    var isEscaped = false
    for place in text[open...].indices {
      let scalar = text[place]
      if let inside = quote {
        if isEscaped {
          isEscaped = false
        } else if scalar == "\\" {
          isEscaped = true
        } else if scalar == inside {
          quote = nil
        }
        continue
      }
      switch scalar {
      case "\"", "'": quote = scalar
      case "{": depth += 1
      case "}":
        depth -= 1
        if depth == 0 { return place }
      default: break
      }
    }
    return nil
  }

  /// Whether it speaks of a variable.
  func speaks(of variable: String) -> Bool {
    parts.contains { part in
      if case .program(let program) = part { program.variables.contains(variable) } else { false }
    }
  }

  /// The sentence for these variables.
  func text(_ activation: Activation) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .program(let program):
        (try? program.evaluate(activation)).map(Self.words) ?? Self.absent
      }
    }.joined()
  }

  /// A value as people read it.
  static func words(_ value: CELValue) -> String {
    switch value {
    case .null: return "nothing"
    case .bool(let truth): return truth ? "true" : "false"
    case .int(let number): return "\(number)"
    case .uint(let number): return "\(number)"
    case .double(let number): return "\(number)"
    case .string(let text): return text
    case .bytes(let bytes): return "\(bytes.count) bytes"
    case .timestamp(let time): return time.text
    case .duration(let duration): return duration.text
    case .type(let name): return name
    case .optional(let inside): return inside.map(words) ?? absent
    case .list(let all):
      let more = all.count - shown
      return all.prefix(shown).map(words).joined(separator: ", ")
        + (more > 0 ? " and \(more) more" : "")
    case .map(let map):
      let more = map.count - shown
      return map.entries.prefix(shown).map { "\(words($0.key)): \(words($0.value))" }
        .joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }
  }
}

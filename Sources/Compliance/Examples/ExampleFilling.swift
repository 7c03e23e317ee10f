import Model
import Reading

/// Makes whole evidence of an example's part of it: what a schema requires and the example leaves
/// out is filled in with plain values.
struct ExampleFilling {
  /// A value that is none of its shape.
  struct Fault: Error {
    let message: String
  }

  /// When the gate is asked.
  static let now = Instant(milliseconds: 1_893_456_000_000)
  static let commit = String(repeating: "c", count: 40)
  static let image = "sha256:" + String(repeating: "a", count: 64)
  static let name = "example"

  /// When the piece was recorded; it was made then too, where it does not say it.
  let time: Instant

  /// A value of a shape.
  ///
  /// - Throws: `Fault` for a field that the kind has not.
  func value(_ shape: Shape, _ given: JSONValue?, at path: String = "") throws(Fault) -> JSONValue {
    switch (shape, given) {
    case (.fields(let fields), .object(let object)):
      return .object(try filled(fields, object, at: path))
    case (.fields(let fields), nil): return .object(try filled(fields, JSONObject(), at: path))
    case (.list(let element), .array(let elements)):
      var values: [JSONValue] = []
      for given in elements { values.append(try value(element, given, at: path + "[]")) }
      return .array(values)
    case (.instant, .string(let text)): return .string(instant(text))
    case (_, let given?): return given
    case (_, nil): return usual(shape, at: path)
    }
  }

  private func filled(
    _ fields: Shape.Fields, _ given: JSONObject, at path: String
  ) throws(Fault) -> JSONObject {
    for member in given.members where fields[member.name] == nil {
      let nearest = NearestWord.to(member.name, in: fields.all.map(\.name))
      throw Fault(
        message: "the evidence has no field \"\(path)\(member.name)\""
          + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""))
    }
    var object = JSONObject()
    for field in fields.all {
      let own = given[field.name] ?? given[field.written]
      guard own != nil || field.isRequired else { continue }
      object[field.written] = try value(field.shape, own, at: "\(path)\(field.name).")
    }
    return object
  }

  private func usual(_ shape: Shape, at path: String) -> JSONValue {
    switch shape {
    case .any, .map, .fields: .object([:])
    case .string, .name: .string(Self.name)
    case .digest: .string(Self.image)
    case .commit: .string(Self.commit)
    // What ends, ends after the question.
    case .instant:
      .string(
        path.hasSuffix("expires.") || path.hasSuffix("until.") || path.hasSuffix("ends.")
          ? instant("+30d") : time.description)
    case .bool: .bool(false)
    case .number: .integer(0)
    case .integer(let range): .integer(min(max(0, range.lowerBound), range.upperBound))
    case .words(let words): .string(words.first ?? Self.name)
    case .list: .array([])
    }
  }

  /// `-30d` and `+30d` are so many days before and after the question.
  private func instant(_ text: String) -> String {
    guard text.hasSuffix("d"), let days = Int64(text.dropLast()), abs(days) <= 36_500,
      text.hasPrefix("-") || text.hasPrefix("+")
    else { return text }
    return Self.now.advanced(byMilliseconds: days * 86_400_000).description
  }
}

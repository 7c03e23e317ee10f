import CEL
import Model
import Reading

/// Evidence as values that expressions can ask about, refused where it is not of its shape.
extension Shape {
  /// Why a value is not of a shape, and where.
  struct Fault: Error {
    /// The way to the value, from the outside in.
    private var path = ""
    /// What is wrong with the value at that place.
    private let message: @Sendable (_ path: Substring) -> String

    init(_ message: @escaping @Sendable (_ path: Substring) -> String) { self.message = message }

    /// The same, of a value that lies in a field of something else.
    func inside(_ field: String) -> Fault { below(".\(field)") }

    /// The same, of a value that lies in a list.
    func insideList() -> Fault { below("[]") }

    private func below(_ part: String) -> Fault {
      var fault = self
      fault.path = part + path
      return fault
    }

    /// The sentence; the way is put together only for it.
    var words: String { message(path.hasPrefix(".") ? path.dropFirst() : path[...]) }
  }

  /// A value as an expression sees it.
  ///
  /// Fields that the shape does not name are left out: nothing can ask for them.
  ///
  /// - Throws: `Fault`, where the value is not of the shape.
  func value(_ json: JSONValue) throws(Fault) -> CELValue {
    switch (self, json) {
    case (.any, _): return CELValue(json)
    case (.fields(let fields), .object(let object)):
      return .map(try Self.map(fields, object))
    case (.list(let shape), .array(let elements)):
      var values: [CELValue] = []
      values.reserveCapacity(elements.count)
      for element in elements {
        do throws(Fault) {
          values.append(try shape.value(element))
        } catch {
          throw error.insideList()
        }
      }
      return .list(values)
    case (.map(let shape), .object(let object)):
      var pairs: [(String, CELValue)] = []
      for member in object.members {
        do throws(Fault) {
          pairs.append((member.name, try shape.value(member.value)))
        } catch {
          throw error.inside(member.name)
        }
      }
      return .map(CELMap(pairs))
    case (.bool, .bool(let truth)): return .bool(truth)
    case (.number, .integer(let number)): return .double(Double(number))
    case (.number, .number(let number)): return .double(number)
    case (.integer(let range), .integer(let number)):
      guard range.contains(number) else {
        throw Fault { "\"\($0)\" states a count that cannot be: \(number)" }
      }
      return .int(number)
    case (_, .string(let text)) where isText(text): return .string(text)
    case (_, .string(let text)):
      throw Fault { [sort] in "\"\($0)\" is not \(sort): \"\(text.prefix(80))\"" }
    default: throw Fault { [sort] in "\"\($0)\" is not \(sort), but \(json.sort)" }
    }
  }

  /// The fields of an object that are of their shapes, and the names of those that are not; `nil` for
  /// what is no object with known fields.
  func readable(_ json: JSONValue) -> (value: CELValue, faulty: [String])? {
    guard case .fields(let fields) = self, case .object(let object) = json else { return nil }
    var faulty: [String] = []
    let values = fields.all.map { field -> CELValue? in
      guard let value = object[field.written] else {
        if field.isRequired { faulty.append(field.name) }
        return nil
      }
      do throws(Fault) {
        return try field.shape.value(value)
      } catch {
        faulty.append(field.name)
        return nil
      }
    }
    return (.map(CELMap(fields.names, values)), faulty)
  }

  private static func map(_ fields: Fields, _ object: JSONObject) throws(Fault) -> CELMap {
    var values: [CELValue?] = []
    values.reserveCapacity(fields.all.count)
    for field in fields.all {
      do throws(Fault) {
        guard let value = object[field.written] else {
          if field.isRequired { throw Fault { "\"\($0)\" is missing" } }
          values.append(nil)
          continue
        }
        values.append(try field.shape.value(value))
      } catch {
        throw error.inside(field.name)
      }
    }
    return CELMap(fields.names, values)
  }

  private func isText(_ text: String) -> Bool {
    switch self {
    case .string: true
    case .name: Actor.isIdentifier(text)
    case .digest: Digest.isDigest(text)
    case .commit: Digest(.gitCommit, hex: text) != nil
    case .instant: Instant(text) != nil
    case .words(let words): words.contains { $0.isSame(as: text) }
    default: false
    }
  }

  /// What is expected, in words.
  private var sort: String {
    switch self {
    case .any: "a value"
    case .string: "a text"
    case .name: "an identifier"
    case .digest: "a digest"
    case .commit: "a commit id"
    case .instant: "a time"
    case .bool: "true or false"
    case .number: "a number"
    case .integer: "an integer"
    case .words(let words): "one of \(words.joined(separator: ", "))"
    case .list: "a list"
    case .map, .fields: "an object"
    }
  }
}

extension CELValue {
  /// A JSON value as it is.
  init(_ json: JSONValue) {
    switch json {
    case .null: self = .null
    case .bool(let truth): self = .bool(truth)
    case .integer(let number): self = .int(number)
    case .number(let number): self = .double(number)
    case .string(let text): self = .string(text)
    case .array(let elements): self = .list(elements.map { CELValue($0) })
    case .object(let object):
      self = .map(CELMap(object.members.map { ($0.name, CELValue($0.value)) }))
    }
  }

  /// A text, where it is one.
  var text: String? { if case .string(let text) = self { text } else { nil } }

  /// A field of an object, where it has it.
  subscript(name: String) -> CELValue? { if case .map(let map) = self { map[name] } else { nil } }
}

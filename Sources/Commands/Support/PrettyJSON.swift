import Reading

/// JSON with line breaks, for people to read; never for anything that is signed or compared.
enum PrettyJSON {
  static func text(_ value: JSONValue) throws -> String { try text(value, indent: "") }

  private static func text(_ value: JSONValue, indent: String) throws -> String {
    let deeper = indent + "  "
    switch value {
    case .array(let elements) where !elements.isEmpty:
      let lines = try elements.map { deeper + (try text($0, indent: deeper)) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let object) where !object.members.isEmpty:
      let lines = try object.members.map { member in
        let name = String(
          decoding: try CanonicalJSON.write(JSONValue.string(member.name)), as: UTF8.self)
        return "\(deeper)\(name): \(try text(member.value, indent: deeper))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    default: return String(decoding: try CanonicalJSON.write(value), as: UTF8.self)
    }
  }
}

import Foundation
import Reading
import TestKit

/// The part of JSON Schema 2020-12 that this project's schemas use.
struct SchemaCheck {
  private static let known: Set<String> = [
    "$schema", "$id", "$defs", "$ref", "title", "description", "type", "required", "properties",
    "additionalProperties", "items", "enum", "const", "pattern", "minItems", "maxItems",
    "minProperties", "maxProperties", "minimum", "maximum", "minLength", "uniqueItems", "allOf",
    "anyOf", "if", "then",
  ]
  private let root: JSONValue

  /// Reads a schema of the repository.
  init(_ path: String) throws {
    let bytes = try Data(contentsOf: Repository.root.appending(path: "schemas/\(path).json"))
    root = try JSONReader.read(Array(bytes))
  }

  /// What the schema says against a value; empty when nothing.
  func faults(_ value: JSONValue) throws -> [String] { try check(value, root, "") }

  private func check(_ value: JSONValue, _ schema: JSONValue, _ path: String) throws -> [String] {
    var faults: [String] = []
    let rules = schema.object?.members ?? []
    for rule in rules where !Self.known.contains(rule.name) {
      faults.append("\(path): the schema's word \"\(rule.name)\" is not known")
    }
    if let reference = schema["$ref"]?.string {
      let name = reference.replacing("#/$defs/", with: "")
      guard let target = root["$defs"]?[name] else { return ["\(path): no \(reference)"] }
      faults += try check(value, target, path)
    }
    if let type = schema["type"]?.string, Self.type(of: value) != type {
      return faults + ["\(path): expected \(type), found \(value.sort)"]
    }
    if let words = schema["enum"]?.array, !words.contains(value) {
      faults.append("\(path): not one of the words")
    }
    if let word = schema["const"], word != value { faults.append("\(path): not the word") }
    faults += try text(value, schema, path) + numbers(value, schema, path)
    faults += try object(value, schema, path) + array(value, schema, path)
    for part in schema["allOf"]?.array ?? [] { faults += try check(value, part, path) }
    if let parts = schema["anyOf"]?.array,
      try !parts.contains(where: { try check(value, $0, path).isEmpty })
    {
      faults.append("\(path): none of anyOf")
    }
    if let condition = schema["if"], let then = schema["then"],
      try check(value, condition, path).isEmpty
    {
      faults += try check(value, then, path)
    }
    return faults
  }

  private func text(_ value: JSONValue, _ schema: JSONValue, _ path: String) throws -> [String] {
    guard let text = value.string else { return [] }
    var faults: [String] = []
    if let pattern = schema["pattern"]?.string, try text.firstMatch(of: Regex(pattern)) == nil {
      faults.append("\(path): \"\(text)\" is not of the form \(pattern)")
    }
    if let least = schema["minLength"]?.integer, text.count < least {
      faults.append("\(path): too short")
    }
    return faults
  }

  private func numbers(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
    guard let number = value.integer else { return [] }
    let isFitting =
      number >= schema["minimum"]?.integer ?? .min && number <= schema["maximum"]?.integer ?? .max
    return isFitting ? [] : ["\(path): \(number) is out of bounds"]
  }

  private func object(_ value: JSONValue, _ schema: JSONValue, _ path: String) throws -> [String] {
    guard let object = value.object else { return [] }
    var faults = (schema["required"]?.array ?? []).compactMap(\.string)
      .filter { object[$0] == nil }.map { "\(path): \"\($0)\" is missing" }
    for member in object.members {
      let place = "\(path)/\(member.name)"
      if let property = schema["properties"]?[member.name] {
        faults += try check(member.value, property, place)
      } else if schema["additionalProperties"]?.bool == false {
        faults.append("\(place): not a name of the schema")
      } else if let more = schema["additionalProperties"], more.object != nil {
        faults += try check(member.value, more, place)
      }
    }
    let count = Int64(object.members.count)
    if count < schema["minProperties"]?.integer ?? 0 { faults.append("\(path): too few members") }
    if count > schema["maxProperties"]?.integer ?? .max {
      faults.append("\(path): too many members")
    }
    return faults
  }

  private func array(_ value: JSONValue, _ schema: JSONValue, _ path: String) throws -> [String] {
    guard let elements = value.array else { return [] }
    var faults: [String] = []
    if let items = schema["items"] {
      for (place, element) in elements.enumerated() {
        faults += try check(element, items, "\(path)/\(place)")
      }
    }
    let count = Int64(elements.count)
    if count < schema["minItems"]?.integer ?? 0 { faults.append("\(path): too few elements") }
    if count > schema["maxItems"]?.integer ?? .max { faults.append("\(path): too many elements") }
    if schema["uniqueItems"]?.bool == true, Set(elements).count != elements.count {
      faults.append("\(path): an element stands twice")
    }
    return faults
  }

  private static func type(of value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool: "boolean"
    case .integer: "integer"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// Names in a value that the schema does not name, though it names others beside them.
  func unnamed(_ value: JSONValue) -> [String] { unnamed(value, root, "") }

  private func unnamed(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
    if let name = schema["$ref"]?.string?.replacing("#/$defs/", with: ""),
      let target = root["$defs"]?[name]
    {
      return unnamed(value, target, path)
    }
    switch value {
    case .object(let object):
      guard let properties = schema["properties"] else { return [] }
      return object.members.flatMap { member in
        guard let property = properties[member.name] else { return ["\(path)/\(member.name)"] }
        return unnamed(member.value, property, "\(path)/\(member.name)")
      }
    case .array(let elements):
      guard let items = schema["items"] else { return [] }
      return elements.enumerated().flatMap { unnamed($1, items, "\(path)/\($0)") }
    default: return []
    }
  }
}

public import CEL
import Foundation
public import Reading

/// A value of the language as JSON that keeps its type: `{"t": "int", "v": "3"}`.
///
/// Numbers are texts, since JSON's own cannot tell `3`, `3u` and `3.0` apart and end at 2⁵³. The form
/// is described in `docs/formats/expressions.md`.
public enum TypedValue {
  /// How deep values may nest.
  static let depth = 200

  /// Reads a value.
  ///
  /// - Throws: `ReadingError` when it has another form.
  public static func read(_ json: JSONValue) throws -> CELValue { try read(json, depth: 0) }

  /// Writes a value; an optional one is `{"t": "optional", "v": …}` around its content or null.
  public static func write(_ value: CELValue) -> JSONValue {
    switch value {
    case .null: typed("null", .null)
    case .bool(let truth): typed("bool", .bool(truth))
    case .int(let number): typed("int", .string(String(number)))
    case .uint(let number): typed("uint", .string(String(number)))
    case .double(let number): typed("double", .string(text(number)))
    case .string(let text): typed("string", .string(text))
    case .bytes(let bytes): typed("bytes", .string(Data(bytes).base64EncodedString()))
    case .type(let name): typed("type", .string(name))
    case .list(let elements): typed("list", .array(elements.map(write)))
    case .map(let map):
      typed("map", .array(map.entries.map { .array([write($0.key), write($0.value)]) }))
    case .duration(let duration): typed("duration", seconds(duration))
    case .timestamp(let time): typed("timestamp", seconds(time.seconds, time.nanoseconds))
    case .optional(let inside): typed("optional", inside.map(write) ?? .null)
    }
  }

  private static func typed(_ type: String, _ value: JSONValue) -> JSONValue {
    .object(["t": .string(type), "v": value])
  }

  private static func seconds(_ duration: CELDuration) -> JSONValue {
    let (whole, rest) = duration.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return seconds(whole, Int(rest))
  }

  private static func seconds(_ seconds: Int64, _ nanoseconds: Int) -> JSONValue {
    .object(["s": .string(String(seconds)), "n": .integer(Int64(nanoseconds))])
  }

  private static func text(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return number.description
  }

  private static func read(_ json: JSONValue, depth: Int) throws -> CELValue {
    guard depth <= Self.depth else { throw ReadingError("the value is nested too deeply") }
    guard let object = json.object, let type = object["t"]?.string, let value = object["v"],
      object.members.count == 2
    else { throw ReadingError("a value has a type \"t\" and a content \"v\", and nothing else") }
    let read = try content(type, value, depth: depth)
    guard let read else { throw ReadingError("the content does not fit the type \"\(type)\"") }
    return read
  }

  private static func content(
    _ type: String, _ value: JSONValue, depth: Int
  ) throws -> CELValue? {
    switch type {
    case "null": value == .null ? .null : nil
    case "bool": value.bool.map { .bool($0) }
    case "int": value.string.flatMap { Int64($0) }.map { .int($0) }
    case "uint": value.string.flatMap { UInt64($0) }.map { .uint($0) }
    case "double": value.string.flatMap(double).map { .double($0) }
    case "string": value.string.map { .string($0) }
    case "bytes": value.string.flatMap { Data(base64Encoded: $0) }.map { .bytes(Array($0)) }
    case "type": value.string.map { .type($0) }
    case "list": try value.array.map { .list(try $0.map { try read($0, depth: depth + 1) }) }
    case "map": try value.array.map { .map(try map($0, depth: depth + 1)) }
    case "duration": duration(value).map { .duration($0) }
    case "timestamp": timestamp(value).map { .timestamp($0) }
    case "optional":
      value == .null ? .optional(nil) : .optional(try read(value, depth: depth + 1))
    default: throw ReadingError("\"\(type)\" is no type of a value")
    }
  }

  private static func double(_ text: String) -> Double? {
    switch text {
    case "NaN": return .nan
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    default:
      let isDecimal = text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || [0x2b, 0x2d, 0x2e, 0x45, 0x65].contains($0)
      }
      guard isDecimal, let number = Double(text), number.isFinite else { return nil }
      return number
    }
  }

  private static func map(_ pairs: [JSONValue], depth: Int) throws -> CELMap {
    var map = CELMap()
    for pair in pairs {
      guard let pair = pair.array, pair.count == 2 else {
        throw ReadingError("a map is a list of pairs")
      }
      let key = try read(pair[0], depth: depth)
      guard map.insert(key, try read(pair[1], depth: depth)) else {
        throw ReadingError("a key of a map stands twice, or is of a type that keys may not have")
      }
    }
    return map
  }

  private static func parts(_ value: JSONValue) -> (seconds: Int64, nanoseconds: Int64)? {
    guard let object = value.object, object.members.count == 2,
      let seconds = object["s"]?.string.flatMap({ Int64($0) }),
      let nanoseconds = object["n"]?.integer, nanoseconds.magnitude < 1_000_000_000
    else { return nil }
    return (seconds, nanoseconds)
  }

  private static func duration(_ value: JSONValue) -> CELDuration? {
    parts(value).flatMap { CELDuration(seconds: $0.seconds, nanoseconds: $0.nanoseconds) }
  }

  private static func timestamp(_ value: JSONValue) -> CELTimestamp? {
    parts(value).flatMap { CELTimestamp(seconds: $0.seconds, nanoseconds: Int($0.nanoseconds)) }
  }
}

extension JSONValue {
  /// Turns an encodable value into a JSON value.
  ///
  /// - Throws: `ReadingError` for an integer that 64 bits with sign cannot hold; what the value's
  ///   own encoding throws.
  public init(encoding value: some Encodable) throws {
    if let value = value as? JSONValue {
      self = value
      return
    }
    let box = JSONBox()
    try value.encode(to: JSONValueEncoder(box: box, codingPath: []))
    self = box.value
  }
}

/// A place that an encoder fills; a class, since the parts of an encoding share it.
final class JSONBox {
  private enum Content {
    case empty
    case value(JSONValue)
    case array([JSONBox])
    case object([(name: String, box: JSONBox)])
  }
  private var content = Content.empty

  var value: JSONValue {
    switch content {
    case .empty: return .object(JSONObject())
    case .value(let value): return value
    case .array(let boxes): return .array(boxes.map(\.value))
    case .object(let members):
      var object = JSONObject()
      for member in members { object[member.name] = member.box.value }
      return .object(object)
    }
  }

  func set(_ value: JSONValue) { content = .value(value) }

  func beginObject() { if case .object = content {} else { content = .object([]) } }

  func beginArray() { if case .array = content {} else { content = .array([]) } }

  func member(_ name: String) -> JSONBox {
    beginObject()
    let box = JSONBox()
    if case .object(var members) = content {
      content = .empty
      members.append((name, box))
      content = .object(members)
    }
    return box
  }

  func element() -> JSONBox {
    beginArray()
    let box = JSONBox()
    if case .array(var boxes) = content {
      content = .empty
      boxes.append(box)
      content = .array(boxes)
    }
    return box
  }

  var count: Int { if case .array(let boxes) = content { boxes.count } else { 0 } }
}

struct JSONValueEncoder: Encoder {
  let box: JSONBox
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    box.beginObject()
    return KeyedEncodingContainer(KeyedBox<Key>(box: box, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    box.beginArray()
    return UnkeyedBox(box: box, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    SingleBox(box: box, codingPath: codingPath)
  }

  static func encode(_ value: some Encodable, into box: JSONBox, at path: [any CodingKey]) throws {
    switch value {
    case let value as JSONValue: box.set(value)
    case let value as String: box.set(.string(value))
    case let value as Bool: box.set(.bool(value))
    case let value as any BinaryInteger:
      guard let integer = Int64(exactly: value) else {
        throw ReadingError("the integer \(value) does not fit in 64 bits", pointer: path.pointer)
      }
      box.set(.integer(integer))
    case let value as Double: box.set(.number(value))
    case let value as Float: box.set(.number(Double(value)))
    default: try value.encode(to: JSONValueEncoder(box: box, codingPath: path))
    }
  }
}

private struct KeyedBox<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let box: JSONBox
  let codingPath: [any CodingKey]

  func encodeNil(forKey key: Key) { box.member(key.stringValue).set(.null) }

  func encode(_ value: some Encodable, forKey key: Key) throws {
    try JSONValueEncoder.encode(value, into: box.member(key.stringValue), at: codingPath + [key])
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    nested(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    nested(key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder {
    JSONValueEncoder(box: box.member("super"), codingPath: codingPath)
  }

  func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

  private func nested(_ key: Key) -> JSONValueEncoder {
    JSONValueEncoder(box: box.member(key.stringValue), codingPath: codingPath + [key])
  }
}

private struct UnkeyedBox: UnkeyedEncodingContainer {
  let box: JSONBox
  let codingPath: [any CodingKey]
  var count: Int { box.count }

  func encodeNil() { box.element().set(.null) }

  func encode(_ value: some Encodable) throws {
    let path = codingPath + [JSONPathKey(intValue: count)]
    try JSONValueEncoder.encode(value, into: box.element(), at: path)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) -> KeyedEncodingContainer<Nested> {
    nested().container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }

  func superEncoder() -> any Encoder { nested() }

  private func nested() -> JSONValueEncoder {
    let path = codingPath + [JSONPathKey(intValue: count)]
    return JSONValueEncoder(box: box.element(), codingPath: path)
  }
}

private struct SingleBox: SingleValueEncodingContainer {
  let box: JSONBox
  let codingPath: [any CodingKey]

  func encodeNil() { box.set(.null) }

  func encode(_ value: some Encodable) throws {
    try JSONValueEncoder.encode(value, into: box, at: codingPath)
  }
}

/// A place in an array, as a coding key.
struct JSONPathKey: CodingKey {
  let intValue: Int?
  let stringValue: String

  init(intValue: Int) {
    self.intValue = intValue
    stringValue = String(intValue)
  }

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }
}

extension [any CodingKey] {
  /// The path as a JSON pointer (RFC 6901).
  var pointer: String {
    map {
      "/"
        + $0.stringValue.replacing("~", with: "~0").replacing("/", with: "~1")
    }.joined()
  }
}

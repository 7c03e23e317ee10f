extension JSONValue {
  /// Decodes a value.
  ///
  /// Numbers are converted only when nothing is lost; names that the type does not know are
  /// ignored, as in-toto Attestation v1 asks of consumers.
  ///
  /// - Throws: `ReadingError` with a JSON pointer.
  public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    do {
      return try JSONValueDecoder.decode(type, from: self, at: [])
    } catch let error as DecodingError {
      throw ReadingError(error)
    }
  }
}

extension ReadingError {
  /// Says a decoding error in one sentence with its pointer.
  init(_ error: DecodingError) {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      self.init(context.debugDescription, pointer: context.codingPath.pointer)
    case .keyNotFound(let key, let context):
      self.init("\"\(key.stringValue)\" is missing", pointer: context.codingPath.pointer)
    @unknown default:
      self.init("the value could not be read")
    }
  }
}

private struct JSONValueDecoder: Decoder {
  let value: JSONValue
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let object) = value else { throw mismatch("an object") }
    return KeyedDecodingContainer(KeyedReader<Key>(object: object, codingPath: codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw mismatch("an array") }
    return UnkeyedReader(elements: elements, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    SingleReader(value: value, codingPath: codingPath)
  }

  private func mismatch(_ expected: String) -> DecodingError {
    Self.mismatch(expected, found: value, at: codingPath)
  }

  static func mismatch(
    _ expected: String, found: JSONValue, at path: [any CodingKey]
  ) -> DecodingError {
    .dataCorrupted(
      .init(codingPath: path, debugDescription: "expected \(expected), found \(found.sort)"))
  }

  static func decode<Value: Decodable>(
    _ type: Value.Type, from value: JSONValue, at path: [any CodingKey]
  ) throws -> Value {
    func cast(_ decoded: (some Any)?, _ expected: String) throws -> Value {
      guard let decoded, let result = decoded as? Value else {
        throw mismatch(expected, found: value, at: path)
      }
      return result
    }
    if type == JSONValue.self { return try cast(value, "a value") }
    if type == String.self { return try cast(value.string, "a string") }
    if type == Bool.self { return try cast(value.bool, "true or false") }
    if type == Double.self { return try cast(value.number, "a number") }
    if let integer = type as? any FixedWidthInteger.Type {
      return try cast(exactly(value, integer), "an integer that fits")
    }
    return try Value(from: JSONValueDecoder(value: value, codingPath: path))
  }

  private static func exactly<Number: FixedWidthInteger>(
    _ value: JSONValue, _ type: Number.Type
  ) -> Number? {
    value.integer.flatMap { Number(exactly: $0) }
  }
}

extension JSONValue: Codable {
  /// Takes the value as it is from this program's own decoder, or piece by piece from another.
  public init(from decoder: any Decoder) throws {
    if let decoder = decoder as? JSONValueDecoder {
      self = decoder.value
      return
    }
    throw DecodingError.dataCorrupted(
      .init(
        codingPath: decoder.codingPath,
        debugDescription: "a JSON value is read with JSONReader, which refuses duplicate names"))
  }

  /// Hands the value to this program's own encoder; any other is refused.
  public func encode(to encoder: any Encoder) throws {
    guard encoder is JSONValueEncoder else {
      throw EncodingError.invalidValue(
        self,
        .init(
          codingPath: encoder.codingPath,
          debugDescription: "a JSON value is written with CanonicalJSON"))
    }
    var container = encoder.singleValueContainer()
    try container.encode(self)
  }
}

private struct KeyedReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let object: JSONObject
  let codingPath: [any CodingKey]

  var allKeys: [Key] { object.members.compactMap { Key(stringValue: $0.name) } }

  func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }

  private func value(_ key: Key) throws -> JSONValue {
    guard let value = object[key.stringValue] else {
      throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: ""))
    }
    return value
  }

  func decodeNil(forKey key: Key) throws -> Bool { try value(key) == .null }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try JSONValueDecoder.decode(type, from: value(key), at: codingPath + [key])
  }

  private func nested(_ key: Key) throws -> JSONValueDecoder {
    JSONValueDecoder(value: try value(key), codingPath: codingPath + [key])
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try nested(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try nested(key).unkeyedContainer()
  }

  func superDecoder() -> any Decoder {
    JSONValueDecoder(value: object["super"] ?? .null, codingPath: codingPath)
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { try nested(key) }
}

private struct UnkeyedReader: UnkeyedDecodingContainer {
  let elements: [JSONValue]
  let codingPath: [any CodingKey]
  private(set) var currentIndex = 0

  init(elements: [JSONValue], codingPath: [any CodingKey]) {
    self.elements = elements
    self.codingPath = codingPath
  }

  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }
  private var path: [any CodingKey] { codingPath + [JSONPathKey(intValue: currentIndex)] }

  private func current() throws -> JSONValue {
    guard !isAtEnd else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "expected another element"))
    }
    return elements[currentIndex]
  }

  mutating func decodeNil() throws -> Bool {
    guard try current() == .null else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try JSONValueDecoder.decode(type, from: current(), at: path)
    currentIndex += 1
    return value
  }

  private mutating func nested() throws -> JSONValueDecoder {
    let decoder = JSONValueDecoder(value: try current(), codingPath: path)
    currentIndex += 1
    return decoder
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    try nested().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try nested().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { try nested() }
}

private struct SingleReader: SingleValueDecodingContainer {
  let value: JSONValue
  let codingPath: [any CodingKey]

  func decodeNil() -> Bool { value == .null }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONValueDecoder.decode(type, from: value, at: codingPath)
  }
}

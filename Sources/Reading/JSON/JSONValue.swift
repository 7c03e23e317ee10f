/// A JSON value (RFC 8259) that keeps the difference between integers and other numbers.
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// The member of that name, when this is an object that has it.
  public subscript(name: String) -> JSONValue? {
    if case .object(let object) = self { object[name] } else { nil }
  }

  /// The element at that place, when this is an array that has it.
  public subscript(index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The text, when this is a string.
  public var string: String? { if case .string(let text) = self { text } else { nil } }
  /// The integer, when this is one.
  public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
  /// The number, when this is an integer or another number.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
  /// The truth value, when this is one.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The elements, when this is an array.
  public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  /// The members, when this is an object.
  public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

  /// What sort of value it is, for messages.
  public var sort: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .integer: "an integer"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// The members of a JSON object in their written order; names are compared byte by byte.
///
/// Swift's `==` on strings looks at canonical equivalence, under which two different names could
/// hide each other; this type never uses it.
public struct JSONObject: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// One name and its value.
  public struct Member: Hashable, Sendable {
    /// The name as written.
    public let name: String
    /// Its value.
    public var value: JSONValue
  }

  /// The members in their written order; no name stands twice.
  public private(set) var members: [Member] = []
  /// Places of names, kept once there are more than a scan should touch.
  private var places: [[UInt8]: Int] = [:]
  private static let scanned = 16

  /// No members.
  public init() {}

  /// Members in the order given; of two with one name the later value stands.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (name, value) in elements { self[name] = value }
  }

  /// The value of a name; setting `nil` removes it.
  public subscript(name: String) -> JSONValue? {
    get { place(of: name).map { members[$0].value } }
    set {
      switch (place(of: name), newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil):
        members.remove(at: place)
        places = [:]
        if members.count > Self.scanned { indexAll() }
      case (nil, let value?): append(name, value)
      case (nil, nil): break
      }
    }
  }

  /// Adds a member unless the name is there already.
  ///
  /// - Returns: whether it was added.
  mutating func insert(_ name: String, _ value: JSONValue) -> Bool {
    guard place(of: name) == nil else { return false }
    append(name, value)
    return true
  }

  private mutating func append(_ name: String, _ value: JSONValue) {
    members.append(Member(name: name, value: value))
    if members.count == Self.scanned + 1 {
      indexAll()
    } else if members.count > Self.scanned {
      places[Array(name.utf8)] = members.count - 1
    }
  }

  private mutating func indexAll() {
    for (place, member) in members.enumerated() { places[Array(member.name.utf8)] = place }
  }

  private func place(of name: String) -> Int? {
    if members.count > Self.scanned { return places[Array(name.utf8)] }
    // Looked through where they lie: most differ by their length already.
    for place in members.indices
    where members[place].name.utf8.count == name.utf8.count
      && Self.areSame(members[place].name, name)
    {
      return place
    }
    return nil
  }
  private static func areSame(_ name: String, _ other: String) -> Bool {
    let answer = name.utf8.withContiguousStorageIfAvailable { bytes in
      other.utf8.withContiguousStorageIfAvailable { bytes.elementsEqual($0) }
    }
    return (answer ?? nil) ?? name.utf8.elementsEqual(other.utf8)
  }
}

/// A map of CEL: keys are `bool`, `int`, `uint` and `string`.
///
/// `1`, `1u` and `1.0` find the same entry. Entries keep the order in which they were put in.
public struct CELMap: Sendable {
  /// One entry.
  public struct Entry: Sendable {
    /// The key as it was given.
    public let key: CELValue
    /// The value.
    public let value: CELValue
  }

  private var form: Form

  private enum Form: Sendable {
    /// Entries, and where keys are, once there are more than are quicker looked through.
    case entries([Entry], places: [MapKey: Int])
    /// A value, or none, for each of the names that maps of this sort share.
    case record(CELFields, [CELValue?])
  }

  private static let small = 8

  /// An empty map.
  public init() { form = .entries([], places: [:]) }

  /// A map with text keys, in the order of the pairs; of equal keys the last counts.
  public init(_ pairs: [(String, CELValue)]) {
    self.init()
    for (name, value) in pairs { put(.string(name), .string(name), value) }
  }

  /// A map of the fields that have a value, in the order of their names.
  ///
  /// Maps that are alike share their names, which makes thousands of them cheap.
  ///
  /// - Parameter values: one for each name; `nil` for a field that is absent.
  public init(_ fields: CELFields, _ values: [CELValue?]) {
    precondition(fields.names.count == values.count, "a value, or none, for each name")
    form = .record(fields, values)
  }

  /// The entries in the order in which they came.
  public var entries: [Entry] {
    switch form {
    case .entries(let entries, _): return entries
    case .record(let fields, let values):
      return zip(fields.names, values).compactMap { name, value in
        value.map { Entry(key: .string(name), value: $0) }
      }
    }
  }

  /// How many entries there are.
  public var count: Int {
    switch form {
    case .entries(let entries, _): entries.count
    case .record(_, let values): values.count { $0 != nil }
    }
  }

  /// Whether there are none.
  public var isEmpty: Bool { count == 0 }

  /// The value of a key, or nil; a number is found whichever numeric type it has.
  public func value(_ key: CELValue) -> CELValue? {
    guard let mapKey = MapKey(finding: key) else { return nil }
    return value(mapKey)
  }

  /// The value of a key that was made before, or nil.
  func value(_ key: MapKey) -> CELValue? {
    switch form {
    case .entries(let entries, let places):
      return Self.place(key, entries, places).map { entries[$0].value }
    case .record(let fields, let values):
      return fields.place(key).flatMap { values[$0] }
    }
  }

  /// The value of a text key, or nil.
  public subscript(_ name: String) -> CELValue? {
    value(MapKey.string(name))
  }

  private static func place(_ key: MapKey, _ entries: [Entry], _ places: [MapKey: Int]) -> Int? {
    guard entries.count <= small else { return places[key] }
    for place in entries.indices where key.isKey(of: entries[place].key) { return place }
    return nil
  }

  /// Adds an entry; false when the key is there already or is of a type that keys may not have.
  @discardableResult
  public mutating func insert(_ key: CELValue, _ value: CELValue) -> Bool {
    guard let mapKey = MapKey(key), self.value(mapKey) == nil else { return false }
    put(mapKey, key, value)
    return true
  }

  /// Whether a value can be a key.
  static func isKey(_ value: CELValue) -> Bool { MapKey(value) != nil }

  private mutating func put(_ mapKey: MapKey, _ key: CELValue, _ value: CELValue) {
    var entries: [Entry]
    var places: [MapKey: Int]
    switch form {
    case .entries(let known, let index): (entries, places) = (known, index)
    case .record: (entries, places) = (self.entries, [:])
    }
    // While it is written the form holds nothing, so that nothing is copied.
    form = .entries([], places: [:])
    defer { form = .entries(entries, places: places) }
    if places.isEmpty, entries.count > Self.small { places = Self.places(entries) }
    if let place = Self.place(mapKey, entries, places) {
      entries[place] = Entry(key: key, value: value)
      return
    }
    entries.append(Entry(key: key, value: value))
    if entries.count == Self.small + 1 {
      places = Self.places(entries)
    } else if entries.count > Self.small {
      places[mapKey] = entries.count - 1
    }
  }

  private static func places(_ entries: [Entry]) -> [MapKey: Int] {
    var places: [MapKey: Int] = [:]
    for (place, entry) in entries.enumerated() {
      if let known = MapKey(entry.key) { places[known] = place }
    }
    return places
  }
}

/// The names of the fields of maps that are alike, which these share.
public final class CELFields: Sendable {
  /// The names, each once.
  public let names: [String]
  /// Where names are, where there are more than are quicker looked through.
  private let places: [MapKey: Int]
  /// The length of each name, by which most are told apart.
  private let lengths: [Int]
  private static let small = 8

  /// Takes names; one that stands twice is found at its first place.
  public init(_ names: [String]) {
    self.names = names
    lengths = names.map(\.utf8.count)
    places =
      names.count <= Self.small
      ? [:]
      : Dictionary(names.enumerated().map { (MapKey.string($1), $0) }) { first, _ in first }
  }

  /// Where a key is among the names; `nil` for one that is none of them.
  func place(_ key: MapKey) -> Int? {
    guard names.count <= Self.small else { return places[key] }
    guard case .string(let name) = key else { return nil }
    let length = name.utf8.count
    for place in lengths.indices where lengths[place] == length {
      if Text.areEqual(names[place], name) { return place }
    }
    return nil
  }
}

/// A key in one form for `int`, `uint` and whole `double`.
enum MapKey: Hashable {
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case string(String)

  /// The key that a value is stored by, or nil when keys may not have its type.
  init?(_ value: CELValue) {
    switch value {
    case .string(let text): self = .string(text)
    case .int(let number): self = .int(number)
    case .bool(let truth): self = .bool(truth)
    case .uint(let number): self = Int64(exactly: number).map(MapKey.int) ?? .uint(number)
    default: return nil
    }
  }

  /// The key that a value finds: also a double that is a whole number.
  init?(finding value: CELValue) {
    if case .double(let number) = value {
      if let whole = Int64(exactly: number) {
        self = .int(whole)
      } else if let whole = UInt64(exactly: number) {
        self = .uint(whole)
      } else {
        return nil
      }
    } else {
      self.init(value)
    }
  }

  /// Whether a value is stored by this key.
  func isKey(of value: CELValue) -> Bool {
    switch (self, value) {
    case (.string(let a), .string(let b)): Text.areEqual(a, b)
    case (.int(let a), .int(let b)): a == b
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .uint(let b)): a >= 0 && UInt64(a) == b
    case (.uint(let a), .uint(let b)): a == b
    default: false
    }
  }

  static func == (left: MapKey, right: MapKey) -> Bool {
    switch (left, right) {
    case (.string(let a), .string(let b)): Text.areEqual(a, b)
    case (.int(let a), .int(let b)): a == b
    case (.uint(let a), .uint(let b)): a == b
    case (.bool(let a), .bool(let b)): a == b
    default: false
    }
  }

  func hash(into hasher: inout Hasher) {
    switch self {
    case .bool(let truth): hasher.combine(truth)
    case .int(let number): hasher.combine(number)
    case .uint(let number): hasher.combine(number)
    case .string(let text):
      let isDone: Void? = text.utf8.withContiguousStorageIfAvailable {
        hasher.combine(bytes: UnsafeRawBufferPointer($0))
      }
      if isDone == nil {
        for byte in text.utf8 { hasher.combine(byte) }
      }
    }
  }
}

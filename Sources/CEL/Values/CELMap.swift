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

  /// The entries in the order in which they came.
  public private(set) var entries: [Entry] = []
  private var places: [MapKey: Int] = [:]

  /// An empty map.
  public init() {}

  /// A map with text keys, in the order of the pairs; of equal keys the last counts.
  public init(_ pairs: [(String, CELValue)]) {
    entries.reserveCapacity(pairs.count)
    places.reserveCapacity(pairs.count)
    for (name, value) in pairs { put(.string(name), .string(name), value) }
  }

  /// How many entries there are.
  public var count: Int { entries.count }

  /// Whether there are none.
  public var isEmpty: Bool { entries.isEmpty }

  /// The value of a key, or nil; a number is found whichever numeric type it has.
  public func value(_ key: CELValue) -> CELValue? {
    guard let mapKey = MapKey(finding: key), let place = places[mapKey] else { return nil }
    return entries[place].value
  }

  /// The value of a key that was made before, or nil.
  func value(_ key: MapKey) -> CELValue? {
    guard let place = places[key] else { return nil }
    return entries[place].value
  }

  /// The value of a text key, or nil.
  public subscript(_ name: String) -> CELValue? {
    guard let place = places[.string(name)] else { return nil }
    return entries[place].value
  }

  /// Adds an entry; false when the key is there already or is of a type that keys may not have.
  @discardableResult
  public mutating func insert(_ key: CELValue, _ value: CELValue) -> Bool {
    guard let mapKey = MapKey(key), places[mapKey] == nil else { return false }
    put(mapKey, key, value)
    return true
  }

  /// Whether a value can be a key.
  static func isKey(_ value: CELValue) -> Bool { MapKey(value) != nil }

  private mutating func put(_ mapKey: MapKey, _ key: CELValue, _ value: CELValue) {
    if let place = places[mapKey] {
      entries[place] = Entry(key: key, value: value)
    } else {
      places[mapKey] = entries.count
      entries.append(Entry(key: key, value: value))
    }
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

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
  /// Where keys are, once there are more entries than are quicker looked through.
  private var places: [MapKey: Int] = [:]
  private static let small = 8

  /// An empty map.
  public init() {}

  /// A map with text keys, in the order of the pairs; of equal keys the last counts.
  public init(_ pairs: [(String, CELValue)]) {
    entries.reserveCapacity(pairs.count)
    for (name, value) in pairs { put(.string(name), .string(name), value) }
  }

  /// How many entries there are.
  public var count: Int { entries.count }

  /// Whether there are none.
  public var isEmpty: Bool { entries.isEmpty }

  /// The value of a key, or nil; a number is found whichever numeric type it has.
  public func value(_ key: CELValue) -> CELValue? {
    guard let mapKey = MapKey(finding: key) else { return nil }
    return value(mapKey)
  }

  /// The value of a key that was made before, or nil.
  func value(_ key: MapKey) -> CELValue? {
    guard let place = place(key) else { return nil }
    return entries[place].value
  }

  /// The value of a text key, or nil.
  public subscript(_ name: String) -> CELValue? {
    value(MapKey.string(name))
  }

  private func place(_ key: MapKey) -> Int? {
    guard entries.count <= CELMap.small else { return places[key] }
    for place in entries.indices where key.isKey(of: entries[place].key) { return place }
    return nil
  }

  /// Adds an entry; false when the key is there already or is of a type that keys may not have.
  @discardableResult
  public mutating func insert(_ key: CELValue, _ value: CELValue) -> Bool {
    guard let mapKey = MapKey(key), place(mapKey) == nil else { return false }
    put(mapKey, key, value)
    return true
  }

  /// Whether a value can be a key.
  static func isKey(_ value: CELValue) -> Bool { MapKey(value) != nil }

  private mutating func put(_ mapKey: MapKey, _ key: CELValue, _ value: CELValue) {
    if let place = place(mapKey) {
      entries[place] = Entry(key: key, value: value)
      return
    }
    entries.append(Entry(key: key, value: value))
    if entries.count == CELMap.small + 1 {
      for (place, entry) in entries.enumerated() {
        if let known = MapKey(entry.key) { places[known] = place }
      }
    } else if entries.count > CELMap.small {
      places[mapKey] = entries.count - 1
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

/// The names of the objects that are being read, innermost last, to find one that stands twice.
///
/// Few names are looked through by a hash of each; an object with many is sorted once at its end,
/// by the names themselves, so that no choice of names makes the search slow.
struct JSONNames {
  private static let few = 48

  private var hashes: [UInt32] = []
  private var places: [Int] = []

  /// How many names of all open objects are known.
  var count: Int { places.count }

  /// Takes the next name of the innermost object.
  ///
  /// - Parameters:
  ///   - first: how many names were known when the object began.
  ///   - seen: one bit for each name's hash, so that most names are told apart at once.
  /// - Returns: `false` when it stands twice, as far as that is looked for at once.
  @inline(__always)
  mutating func insert(
    _ place: Int, since first: Int, seen: inout UInt64, _ index: [JSONIndexEntry],
    _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let hash = Self.hash(index[place], bytes)
    let bit: UInt64 = 1 << UInt64(hash >> 26)
    let mayStandTwice = seen & bit != 0 && places.count - first < Self.few
    if mayStandTwice {
      for other in first..<hashes.count where hashes[other] == hash {
        if Self.isSame(index[places[other]], index[place], bytes) { return false }
      }
    }
    seen |= bit
    hashes.append(hash)
    places.append(place)
    return true
  }

  /// Forgets the names of the innermost object.
  mutating func forget(since first: Int) {
    hashes.removeLast(hashes.count - first)
    places.removeLast(places.count - first)
  }

  /// The first name that stands twice in an object with many; `nil` for one with few, whose names
  /// were compared on the way.
  func duplicate(
    since first: Int, _ index: [JSONIndexEntry], _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    guard places.count - first > Self.few else { return nil }
    let names = places[first...].map { place in
      (place, name: Self.resolved(index[place], bytes))
    }.sorted {
      $0.name.elementsEqual($1.name) ? $0.0 < $1.0 : $0.name.lexicographicallyPrecedes($1.name)
    }
    return zip(names, names.dropFirst()).filter { $0.name.elementsEqual($1.name) }
      .map(\.1.0).min()
  }

  private static func hash(
    _ entry: JSONIndexEntry, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> UInt32 {
    if entry.kind == .escapedString {
      return resolved(entry, bytes).withUnsafeBufferPointer { hash($0) }
    }
    return hash(UnsafeBufferPointer(rebasing: bytes[entry.start..<entry.start + entry.extent]))
  }

  /// Mixes length, first and last eight bytes: cheap, and enough for what tools name their fields.
  @inline(__always)
  private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var first: UInt64 = 0
    var last: UInt64 = 0
    if name.count >= 8, let base = name.baseAddress {
      let raw = UnsafeRawPointer(base)
      first = raw.loadUnaligned(as: UInt64.self)
      last = raw.loadUnaligned(fromByteOffset: name.count - 8, as: UInt64.self)
    } else {
      for byte in name { first = first << 8 | UInt64(byte) }
    }
    let mixed =
      (first ^ (last << 29 | last >> 35) ^ UInt64(name.count)) &* 0x9e37_79b9_7f4a_7c15
    return UInt32(truncatingIfNeeded: mixed >> 32)
  }

  private static func isSame(
    _ left: JSONIndexEntry, _ right: JSONIndexEntry, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    resolved(left, bytes).elementsEqual(resolved(right, bytes))
  }

  private static func resolved(
    _ entry: JSONIndexEntry, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> ArraySlice<UInt8> {
    let content = UnsafeBufferPointer(rebasing: bytes[entry.start..<entry.start + entry.extent])
    return entry.kind == .escapedString ? JSONText.resolved(content)[...] : Array(content)[...]
  }
}

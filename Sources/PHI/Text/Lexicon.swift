/// What is known of words, by the hash of their folded form: one table with open addressing.
///
/// A word that is not in the lists is taken for one with a chance of its number of entries in
/// 2^64; nothing is stored but hashes and flags.
final class Lexicon: Sendable {
  /// The dictionaries of the program; made once, on first use.
  static let shared = Lexicon()

  private let mask: Int
  private let hashes: [UInt64]
  private let values: [WordFlags]
  /// What a label's words, joined, stand for.
  let labels: [UInt64: PHILabel]
  /// Places whose names have several words, joined.
  let longPlaces: Set<UInt64>
  /// States, countries and regions whose names have two words, joined: no place of Safe Harbor's.
  let longStates: Set<UInt64>

  private init() {
    var builder = Builder()
    builder.add(PersonNames.given, .given)
    builder.add(PersonNames.givenWords, .givenWord)
    builder.add(PersonNames.family, .family)
    builder.add(PersonNames.familyWords, .familyWord)
    builder.add(CityNames.cities, .city)
    builder.add(CityNames.cityWords, .cityWord)
    builder.add(CommonWords.words, .common)
    for (words, flags) in WordLists.all { builder.add(words, flags) }
    var labels: [UInt64: PHILabel] = [:]
    for (label, phrases) in LabelLists.all {
      for phrase in phrases.split(separator: ";") {
        let words = phrase.split(whereSeparator: { $0 == " " || $0 == "\n" })
        guard let first = words.first else { continue }
        builder.add(Folding.hash(first), .label)
        labels[Folding.hash(words.joined())] = label
      }
    }
    var longPlaces: Set<UInt64> = []
    for phrase in WordLists.longPlaces.split(separator: ";") {
      let words = phrase.split(whereSeparator: { $0 == " " || $0 == "\n" })
      guard let first = words.first else { continue }
      builder.add(Folding.hash(first), .placeStart)
      longPlaces.insert(Folding.hash(words.joined()))
    }
    longStates = Set(
      WordLists.longStates.split(separator: ";").map { phrase in
        Folding.hash(phrase.split(whereSeparator: { $0 == " " || $0 == "\n" }).joined())
      })
    self.labels = labels
    self.longPlaces = longPlaces
    (mask, hashes, values) = builder.table()
  }

  @inline(__always)
  func flags(_ hash: UInt64) -> WordFlags {
    var place = Int(truncatingIfNeeded: hash ^ hash >> 32) & mask
    while true {
      let found = hashes[place]
      if found == hash { return values[place] }
      if found == 0 { return [] }
      place = (place + 1) & mask
    }
  }

  /// Whether a word is an everyday English word with a regular ending, which the list leaves out.
  func isInflected(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    func known(_ cut: Int, _ tail: UInt8? = nil) -> Bool {
      guard end - cut - start > 2 else { return false }
      var hash = Folding.hash(bytes, start, end - cut)
      if let tail { hash = Folding.mix(hash, tail) }
      return flags(hash).contains(.common)
    }
    let last = bytes[end - 1] | 0x20
    let e = UInt8(ascii: "e")
    switch last {
    case UInt8(ascii: "s"): return known(1) || known(2)
    case UInt8(ascii: "d"), UInt8(ascii: "r"): return known(2) || known(2, e)
    case UInt8(ascii: "g"): return known(3) || known(3, e)
    case UInt8(ascii: "y"): return known(2) || known(2, e)
    default: return false
    }
  }

  private struct Builder {
    private var flags: [UInt64: WordFlags] = {
      var flags: [UInt64: WordFlags] = [:]
      flags.reserveCapacity(80_000)
      return flags
    }()

    mutating func add(_ words: StaticString, _ flag: WordFlags) {
      let bytes = UnsafeBufferPointer(start: words.utf8Start, count: words.utf8CodeUnitCount)
      var start = 0
      for place in 0...bytes.count where place == bytes.count || bytes[place] <= 0x20 {
        if place > start { add(Folding.hash(bytes, start, place), flag) }
        start = place + 1
      }
    }

    mutating func add(_ hash: UInt64, _ flag: WordFlags) {
      flags[hash == 0 ? 1 : hash, default: []].formUnion(flag)
    }

    func table() -> (Int, [UInt64], [WordFlags]) {
      var size = 1 << 10
      while size < flags.count * 3 { size <<= 1 }
      var hashes = [UInt64](repeating: 0, count: size)
      var values = [WordFlags](repeating: [], count: size)
      for (hash, value) in flags {
        var place = Int(truncatingIfNeeded: hash ^ hash >> 32) & (size - 1)
        while hashes[place] != 0 { place = (place + 1) & (size - 1) }
        hashes[place] = hash
        values[place] = value
      }
      return (size - 1, hashes, values)
    }
  }
}

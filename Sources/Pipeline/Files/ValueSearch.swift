/// Looks for given values in bytes that arrive in parts, in each form in which a program may write
/// them: as they are, in capitals and small letters, their digits alone; each of these in base64,
/// percent-encoded, escaped for JSON and hexadecimal.
public struct ValueSearch: Sendable {
  /// Values shorter than this would be found everywhere.
  public static let leastLength = 5

  private let mask: SecretMask

  /// A search for values, each of at least `leastLength` bytes.
  public init(_ values: [[UInt8]]) { mask = SecretMask(secrets: values.flatMap(Self.spellings)) }

  /// Whether one of them occurs.
  public func occurs(in bytes: some Sequence<UInt8>) -> Bool {
    var stream = Stream(self)
    stream.take(bytes)
    return stream.isFound
  }

  /// A search through parts that follow each other.
  public struct Stream: Sendable {
    private let search: ValueSearch
    private var state = 0
    /// Whether one of the values has occurred.
    public private(set) var isFound = false

    /// Begins a search.
    public init(_ search: ValueSearch) { self.search = search }

    /// Takes the next bytes.
    public mutating func take(_ bytes: some Sequence<UInt8>) {
      guard !isFound else { return }
      for byte in bytes where search.mask.advance(&state, byte) {
        isFound = true
        return
      }
    }
  }

  private static func spellings(_ value: [UInt8]) -> [[UInt8]] {
    let lower = value.map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 }
    let upper = value.map { (0x61...0x7a).contains($0) ? $0 - 0x20 : $0 }
    let digits = value.filter { (0x30...0x39).contains($0) }
    // Digits alone only of what is a number: those of an address would be found everywhere.
    let isNumber = value.allSatisfy {
      (0x30...0x39).contains($0) || [0x20, 0x2d, 0x2e].contains($0)
    }
    return [value, lower, upper] + (isNumber && digits.count >= leastLength ? [digits] : [])
  }
}

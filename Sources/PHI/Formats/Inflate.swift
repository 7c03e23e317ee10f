import Reading

/// Expands deflate (RFC 1951), with memory for one window. Written here so that the library needs
/// no other.
struct Inflate {
  private let next: () throws -> [UInt8]
  private var input: [UInt8] = []
  private var place = 0
  private var bits: UInt32 = 0
  private var count = 0
  private var window: [UInt8] = []
  private let emit: ([UInt8]) throws -> Void
  /// Bytes that came out.
  private(set) var expanded = 0

  /// Takes what gives the next compressed bytes, none at the end, and what takes the expanded.
  init(next: @escaping () throws -> [UInt8], emit: @escaping ([UInt8]) throws -> Void) {
    self.next = next
    self.emit = emit
  }

  mutating func byte() throws -> UInt8 {
    if place == input.count {
      input = try next()
      place = 0
      guard !input.isEmpty else { throw ReadingError("the compressed content is cut off") }
    }
    place += 1
    return input[place - 1]
  }

  /// Whether more input follows.
  mutating func hasMore() throws -> Bool {
    if place == input.count {
      input = try next()
      place = 0
    }
    return place < input.count
  }

  private mutating func take(_ wanted: Int) throws -> Int {
    while count < wanted {
      bits |= UInt32(try byte()) << UInt32(count)
      count += 8
    }
    let value = Int(bits & (1 << UInt32(wanted) - 1))
    bits >>= UInt32(wanted)
    count -= wanted
    return value
  }

  /// Code lengths as counts and symbols, read bit by bit (canonical Huffman).
  private struct Code {
    var counts = [Int](repeating: 0, count: 16)
    var symbols: [Int]

    init(_ lengths: [Int]) {
      for length in lengths { counts[length] += 1 }
      counts[0] = 0
      var offsets = [Int](repeating: 0, count: 17)
      for length in 1..<16 { offsets[length + 1] = offsets[length] + counts[length] }
      symbols = [Int](repeating: 0, count: lengths.count)
      for (symbol, length) in lengths.enumerated() where length > 0 {
        symbols[offsets[length]] = symbol
        offsets[length] += 1
      }
    }
  }

  private mutating func symbol(_ code: Code) throws -> Int {
    var value = 0
    var first = 0
    var index = 0
    for length in 1..<16 {
      value |= try take(1)
      let count = code.counts[length]
      if value - first < count { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw ReadingError("the compressed content is damaged")
  }

  private mutating func put(_ byte: UInt8) throws {
    window.append(byte)
    expanded += 1
    if window.count == 1 << 17 { try flush(keeping: 1 << 15) }
  }

  private var sent = 0
  private mutating func flush(keeping kept: Int) throws {
    if sent < window.count { try emit(Array(window[sent...])) }
    if window.count > kept { window.removeFirst(window.count - kept) }
    sent = window.count
  }

  /// Expands one stream to its end.
  mutating func run() throws {
    window = []
    sent = 0
    var isLast = false
    while !isLast {
      isLast = try take(1) == 1
      switch try take(2) {
      case 0: try stored()
      case 1:
        try block(
          Code((0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }),
          Code([Int](repeating: 5, count: 30)))
      case 2: try dynamic()
      default: throw ReadingError("the compressed content is damaged")
      }
    }
    try flush(keeping: 0)
    bits = 0
    count = 0
  }

  private mutating func stored() throws {
    bits = 0
    count = 0
    let length = Int(try byte()) | Int(try byte()) << 8
    let check = Int(try byte()) | Int(try byte()) << 8
    guard length == ~check & 0xffff else { throw ReadingError("the compressed content is damaged") }
    for _ in 0..<length { try put(try byte()) }
  }

  private mutating func dynamic() throws {
    let literals = try take(5) + 257
    let distances = try take(5) + 1
    let codes = try take(4) + 4
    var lengths = [Int](repeating: 0, count: 19)
    for index in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15].prefix(codes) {
      lengths[index] = try take(3)
    }
    let code = Code(lengths)
    lengths = []
    while lengths.count < literals + distances {
      let value = try symbol(code)
      if value < 16 {
        lengths.append(value)
      } else {
        guard value > 16 || !lengths.isEmpty else {
          throw ReadingError("the compressed content is damaged")
        }
        let repeated = value == 16 ? lengths[lengths.count - 1] : 0
        let times = value == 16 ? try take(2) + 3 : value == 17 ? try take(3) + 3 : try take(7) + 11
        lengths += [Int](repeating: repeated, count: times)
      }
    }
    guard lengths.count == literals + distances else {
      throw ReadingError("the compressed content is damaged")
    }
    try block(Code(Array(lengths[..<literals])), Code(Array(lengths[literals...])))
  }

  private static let lengthBase = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBase = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]
  private static let distanceBits = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
  ]

  private mutating func block(_ literals: Code, _ distances: Code) throws {
    while true {
      let value = try symbol(literals)
      if value < 256 {
        try put(UInt8(value))
      } else if value == 256 {
        return
      } else {
        guard value < 286 else { throw ReadingError("the compressed content is damaged") }
        let length = Self.lengthBase[value - 257] + (try take(Self.lengthBits[value - 257]))
        let code = try symbol(distances)
        guard code < 30 else { throw ReadingError("the compressed content is damaged") }
        let distance = Self.distanceBase[code] + (try take(Self.distanceBits[code]))
        guard distance <= window.count else {
          throw ReadingError("the compressed content is damaged")
        }
        for _ in 0..<length { try put(window[window.count - distance]) }
      }
    }
  }
}

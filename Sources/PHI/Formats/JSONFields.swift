import Reading

/// Walks over JSON and NDJSON in stretches, and tells each string and number with its path. It reads
/// what is there: what is no JSON is stepped over, and the text is looked at as text in any case.
struct JSONFields {
  static let depthLimit = 128

  /// One step of a path: a member's name, or a place in a list.
  struct Step {
    var name: String?
    var index = 0
  }

  /// A string or a number, and where it stands in the stretch.
  struct Field {
    /// The path, with the value's own name last.
    let path: [Step]
    /// Which value of several in one content, from 0.
    let root: Int
    let start: Int
    let end: Int
    let hasEscape: Bool
    /// Whether it is the name of a member.
    let isName: Bool

    /// The last name on the path that is no place in a list.
    var name: String { path.last { $0.name != nil }?.name ?? "" }

    /// The name before that.
    var parent: String {
      var isOwn = true
      for step in path.reversed() {
        guard let name = step.name else { continue }
        if !isOwn { return name }
        isOwn = false
      }
      return ""
    }

    /// A JSON pointer (RFC 6901); the number of the value stands first where there are several.
    var pointer: String {
      var text = root == 0 ? "" : "/\(root)"
      for step in path {
        guard let name = step.name else {
          text += "/\(step.index)"
          continue
        }
        text +=
          "/" + (name.contains { $0 == "~" || $0 == "/" } ? JSONFields.escaped(name) : name)
      }
      return text
    }
  }

  private var stack: [Step] = []
  private var expectsName = false
  private var roots = 0

  /// Gives each field to `take`.
  ///
  /// - Parameters:
  ///   - isLast: whether no bytes follow; else what is cut off is left for the next stretch.
  ///   - isStrict: whether a nesting deeper than 128 is refused; text that only begins like JSON may
  ///     seem to nest without end.
  /// - Returns: how many bytes were walked over.
  /// - Throws: `ReadingError` when the nesting is deeper than 128.
  mutating func walk(
    _ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool, isStrict: Bool,
    _ take: (Field) throws -> Void
  ) throws -> Int {
    var place = 0
    while place < bytes.count {
      switch bytes[place] {
      case 0...0x20, 0x3a: place += 1
      case 0x7b, 0x5b:
        // An object where a name must stand: what came before was cut off.
        if expectsName { stack = [] }
        if stack.count >= Self.depthLimit {
          if isStrict { throw ReadingError("nested deeper than \(Self.depthLimit) levels") }
          stack = []
        }
        begin()
        expectsName = bytes[place] == 0x7b
        stack.append(expectsName ? Step(name: "") : Step())
        place += 1
      case 0x7d, 0x5d:
        if !stack.isEmpty { stack.removeLast() }
        expectsName = false
        place += 1
      case 0x2c:
        if let last = stack.last {
          expectsName = last.name != nil
          if !expectsName { stack[stack.count - 1].index += 1 }
        }
        place += 1
      case 0x22:
        guard let (end, hasEscape) = string(bytes, place + 1) else {
          guard isLast else { return place }
          return bytes.count
        }
        try field(bytes, place + 1, end, hasEscape, take)
        place = end + 1
      default:
        let start = place
        while place < bytes.count, !Self.ends[Int(bytes[place])] { place += 1 }
        if place == bytes.count, !isLast { return start }
        if place == start { place += 1 }
        if Checks.isDigit(bytes[start]) || bytes[start] == 0x2d {
          begin()
          try take(
            Field(
              path: stack, root: roots - 1, start: start, end: place, hasEscape: false,
              isName: false))
        }
      }
    }
    return place
  }

  private mutating func begin() { if stack.isEmpty { roots += 1 } }

  private mutating func field(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ hasEscape: Bool,
    _ take: (Field) throws -> Void
  ) throws {
    guard expectsName, !stack.isEmpty else {
      begin()
      return try take(
        Field(
          path: stack, root: max(0, roots - 1), start: start, end: end, hasEscape: hasEscape,
          isName: false))
    }
    expectsName = false
    let raw = UnsafeBufferPointer(rebasing: bytes[start..<end])
    guard hasEscape else {
      stack[stack.count - 1].name = String(decoding: raw, as: UTF8.self)
      return
    }
    stack[stack.count - 1].name = String(decoding: Self.unescaped(raw), as: UTF8.self)
    try take(
      Field(
        path: stack, root: roots - 1, start: start, end: end, hasEscape: true, isName: true))
  }

  /// The place of the closing quote.
  private func string(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int
  ) -> (end: Int, hasEscape: Bool)? {
    var place = start
    var hasEscape = false
    while place < bytes.count {
      let byte = bytes[place]
      if byte == 0x22 { return (place, hasEscape) }
      if byte == 0x5c {
        hasEscape = true
        place += 1
      }
      place += 1
    }
    return nil
  }

  /// What ends a bare word or number.
  private static let ends: [Bool] = (0...255).map { byte in
    byte <= 0x20 || [0x2c, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d, 0x22].contains(byte)
  }

  /// A string's bytes without its escapes.
  static func unescaped(_ raw: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(raw.count)
    var place = 0
    while place < raw.count {
      guard raw[place] == 0x5c, place + 1 < raw.count else {
        text.append(raw[place])
        place += 1
        continue
      }
      let sign = raw[place + 1]
      place += 2
      switch sign {
      case 0x6e: text.append(0x0a)
      case 0x74: text.append(0x09)
      case 0x72: text.append(0x0d)
      case 0x62, 0x66: text.append(0x20)
      case 0x75: text += unicode(raw, &place)
      default: text.append(sign)
      }
    }
    return text
  }

  private static func unicode(_ raw: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> [UInt8] {
    func unit(_ at: Int) -> UInt32? {
      guard at + 4 <= raw.count else { return nil }
      return UInt32(String(decoding: raw[at..<at + 4], as: UTF8.self), radix: 16)
    }
    guard var code = unit(place) else { return [] }
    place += 4
    if (0xd800...0xdbff).contains(code), place + 6 <= raw.count, raw[place] == 0x5c,
      let low = unit(place + 2), (0xdc00...0xdfff).contains(low)
    {
      code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      place += 6
    }
    return Unicode.Scalar(code).map { Array(String(Character($0)).utf8) } ?? []
  }

  private static func escaped(_ name: String) -> String {
    name.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
      .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
  }
}

/// The extension of texts; places count Unicode scalars.
enum MoreTextFunctions {
  static let all: [String: Implementation] = [
    "charAt": { (frame, values) throws(Fault) in
      let scalars = try scalars(values, 0, &frame)
      let place = try place(values, 1, scalars.count)
      return .string(place == scalars.count ? "" : text(scalars[place...place]))
    },
    "indexOf": { (frame, values) throws(Fault) in try indexOf(values, &frame) },
    "lastIndexOf": { (frame, values) throws(Fault) in try lastIndexOf(values, &frame) },
    "lowerAscii": { (frame, values) throws(Fault) in
      let bytes = try utf8(values, 0, &frame).map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 32 : $0 }
      return .string(String(decoding: bytes, as: UTF8.self))
    },
    "upperAscii": { (frame, values) throws(Fault) in
      let bytes = try utf8(values, 0, &frame).map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 32 : $0 }
      return .string(String(decoding: bytes, as: UTF8.self))
    },
    "trim": { (frame, values) throws(Fault) in
      let scalars = try scalars(values, 0, &frame)
      let start = scalars.firstIndex { !isSpace($0) } ?? scalars.count
      let end = scalars.lastIndex { !isSpace($0) } ?? start - 1
      return .string(text(scalars[start..<(end + 1)]))
    },
    "reverse": { (frame, values) throws(Fault) in
      .string(text(try scalars(values, 0, &frame).reversed()[...]))
    },
    "substring": { (frame, values) throws(Fault) in
      let scalars = try scalars(values, 0, &frame)
      let start = try place(values, 1, scalars.count)
      let end = values.count > 2 ? try place(values, 2, scalars.count) : scalars.count
      guard start <= end else { throw Fault("invalid substring range: \(start) to \(end)") }
      return .string(text(scalars[start..<end]))
    },
    "replace": { (frame, values) throws(Fault) in try replace(values, &frame) },
    "split": { (frame, values) throws(Fault) in try split(values, &frame) },
    "join": { (frame, values) throws(Fault) in try join(values, &frame) },
    "strings.quote": { (frame, values) throws(Fault) in
      .string(quote(try scalars(values, 0, &frame)))
    },
    "format": { (frame, values) throws(Fault) in
      guard case .string(let form) = values[0], case .list(let arguments) = values[1] else {
        throw Fault.noOverload
      }
      return .string(try Formatter.format(form, arguments, &frame))
    },
  ]

  // MARK: Arguments

  private static func string(
    _ values: [CELValue], _ index: Int, _ frame: inout Frame
  ) throws(Fault) -> String {
    guard case .string(let text) = values[index] else { throw Fault.noOverload }
    try frame.charge(text.utf8.count / 10)
    return text
  }

  private static func utf8(
    _ values: [CELValue], _ index: Int, _ frame: inout Frame
  ) throws(Fault) -> [UInt8] { Array(try string(values, index, &frame).utf8) }

  private static func scalars(
    _ values: [CELValue], _ index: Int, _ frame: inout Frame
  ) throws(Fault) -> [Unicode.Scalar] { Array(try string(values, index, &frame).unicodeScalars) }

  /// An index from zero to a count, the count too.
  private static func place(
    _ values: [CELValue], _ index: Int, _ count: Int
  ) throws(Fault) -> Int {
    guard case .int(let number) = values[index] else { throw Fault.noOverload }
    guard number >= 0, number <= count else { throw Fault("index out of range: \(number)") }
    return Int(number)
  }

  private static func limit(_ values: [CELValue], _ index: Int) throws(Fault) -> Int {
    guard values.count > index else { return -1 }
    guard case .int(let number) = values[index] else { throw Fault.noOverload }
    return number < 0 ? -1 : Int(number)
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace
  }

  // MARK: Functions

  private static func indexOf(
    _ values: [CELValue], _ frame: inout Frame
  ) throws(Fault) -> CELValue {
    let whole = try scalars(values, 0, &frame)
    let part = try scalars(values, 1, &frame)
    let start = values.count > 2 ? try place(values, 2, whole.count) : 0
    return .int(Int64(Search.first(part, in: whole, from: start) ?? -1))
  }

  private static func lastIndexOf(
    _ values: [CELValue], _ frame: inout Frame
  ) throws(Fault) -> CELValue {
    let whole = try scalars(values, 0, &frame)
    let part = try scalars(values, 1, &frame)
    let last = values.count > 2 ? try place(values, 2, whole.count) : whole.count
    // The part begins at or before `last`; seen backwards that is a first place.
    let end = min(whole.count, last + part.count)
    guard part.count <= end else { return .int(-1) }
    let found = Search.first(part.reversed(), in: whole[..<end].reversed(), from: 0)
    return .int(found.map { Int64(end - $0 - part.count) } ?? -1)
  }

  private static func replace(
    _ values: [CELValue], _ frame: inout Frame
  ) throws(Fault) -> CELValue {
    let whole = try scalars(values, 0, &frame)
    let part = try scalars(values, 1, &frame)
    let other = try scalars(values, 2, &frame)
    var left = try limit(values, 3)
    var output: [Unicode.Scalar] = []
    for piece in pieces(whole, part, &left) {
      try frame.charge(1 + other.count / 10)
      if let piece { output += piece } else { output += other }
    }
    return .string(text(output[...]))
  }

  /// The text cut at a part: slices of it, and nil for each part that was met.
  private static func pieces(
    _ whole: [Unicode.Scalar], _ part: [Unicode.Scalar], _ left: inout Int
  ) -> [ArraySlice<Unicode.Scalar>?] {
    var pieces: [ArraySlice<Unicode.Scalar>?] = []
    guard !part.isEmpty else {
      // An empty part lies before each scalar and at the end.
      for place in whole.indices {
        if left != 0 {
          pieces.append(nil)
          left -= 1
        }
        pieces.append(whole[place...place])
      }
      return left == 0 ? pieces : pieces + [nil]
    }
    var start = 0
    for place in Search.all(part, in: whole) {
      guard left != 0 else { break }
      pieces += [whole[start..<place], nil]
      start = place + part.count
      left -= 1
    }
    return pieces + [whole[start...]]
  }

  private static func split(
    _ values: [CELValue], _ frame: inout Frame
  ) throws(Fault) -> CELValue {
    let whole = try scalars(values, 0, &frame)
    let part = try scalars(values, 1, &frame)
    let limit = try limit(values, 2)
    guard limit != 0 else { return .list([]) }
    try frame.charge(whole.count)
    var list: [CELValue] = []
    if part.isEmpty {
      for place in whole.indices {
        if list.count == limit - 1 {
          list.append(.string(text(whole[place...])))
          break
        }
        list.append(.string(text(whole[place...place])))
      }
      return .list(list)
    }
    var cuts = limit < 0 ? -1 : limit - 1
    for case .some(let piece) in pieces(whole, part, &cuts) { list.append(.string(text(piece))) }
    return .list(list)
  }

  private static func join(
    _ values: [CELValue], _ frame: inout Frame
  ) throws(Fault) -> CELValue {
    guard case .list(let list) = values[0] else { throw Fault.noOverload }
    let separator = values.count > 1 ? try string(values, 1, &frame) : ""
    var output = ""
    for (index, element) in list.enumerated() {
      guard case .string(let text) = element else { throw Fault.noOverload }
      try frame.charge(1 + (text.utf8.count + separator.utf8.count) / 10)
      if index > 0 { output += separator }
      output += text
    }
    return .string(output)
  }

  private static let escapes: [Unicode.Scalar: String] = [
    "\u{07}": "\\a", "\u{08}": "\\b", "\u{0C}": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t",
    "\u{0B}": "\\v", "\\": "\\\\", "\"": "\\\"",
  ]

  private static func quote(_ scalars: [Unicode.Scalar]) -> String {
    var output = "\""
    for scalar in scalars {
      if let escape = escapes[scalar] {
        output += escape
      } else {
        output.unicodeScalars.append(scalar)
      }
    }
    return output + "\""
  }
}

extension Search {
  /// Where a part begins, again and again, without overlap, in linear time.
  static func all<Element: Equatable>(_ part: [Element], in whole: [Element]) -> [Int] {
    guard !part.isEmpty else { return [] }
    var places: [Int] = []
    var start = 0
    while let place = first(part, in: whole, from: start) {
      places.append(place)
      start = place + part.count
    }
    return places
  }
}

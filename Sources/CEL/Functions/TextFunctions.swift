/// `size`, `contains`, `startsWith`, `endsWith`, `matches`.
enum TextFunctions {
  static let all: [String: Implementation] = [
    "size": { (frame, values) throws(Fault) in .int(Int64(try size(values[0], &frame))) },
    "contains": { (frame, values) throws(Fault) in
      let (text, part) = try pair(values, &frame)
      return .bool(Search.first(Array(part.utf8), in: Array(text.utf8), from: 0) != nil)
    },
    "startsWith": { (frame, values) throws(Fault) in
      let (text, part) = try pair(values, &frame)
      return .bool(text.utf8.starts(with: part.utf8))
    },
    "endsWith": { (frame, values) throws(Fault) in
      let (text, part) = try pair(values, &frame)
      return .bool(text.utf8.reversed().starts(with: part.utf8.reversed()))
    },
    "matches": { (frame, values) throws(Fault) in
      let (text, pattern) = try pair(values, &frame)
      try frame.charge(pattern.utf8.count)
      return .bool(try Pattern(pattern).isFound(in: text, &frame))
    },
  ]

  /// Two texts, charged by their size.
  private static func pair(
    _ values: [CELValue], _ frame: inout Frame
  ) throws(Fault) -> (String, String) {
    guard case .string(let text) = values[0], case .string(let part) = values[1] else {
      throw Fault.noOverload
    }
    try frame.charge((text.utf8.count + part.utf8.count) / 10)
    return (text, part)
  }

  private static func size(_ value: CELValue, _ frame: inout Frame) throws(Fault) -> Int {
    switch value {
    case .string(let text):
      try frame.charge(text.utf8.count / 16)
      return text.unicodeScalars.count
    case .bytes(let bytes): return bytes.count
    case .list(let list): return list.count
    case .map(let map): return map.count
    default: throw Fault.noOverload
    }
  }
}

/// `matches` with a pattern that is known.
struct MatchNode: Node {
  let text: any Node
  let pattern: Pattern
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    guard case .string(let text) = try text.evaluate(&frame) else {
      throw Fault.noOverload.at(offset)
    }
    do throws(Fault) {
      return .bool(try pattern.isFound(in: text, &frame))
    } catch {
      throw error.at(offset)
    }
  }
}

/// Finds a part in linear time.
enum Search {
  /// Where a part first begins at or after a place (Knuth, Morris and Pratt), or nil.
  static func first<Element: Equatable>(
    _ part: [Element], in whole: [Element], from start: Int
  ) -> Int? {
    guard start + part.count <= whole.count else { return nil }
    guard !part.isEmpty else { return start }
    let table = table(part)
    var matched = 0
    for place in start..<whole.count {
      while matched > 0, whole[place] != part[matched] { matched = table[matched - 1] }
      if whole[place] == part[matched] { matched += 1 }
      if matched == part.count { return place + 1 - matched }
    }
    return nil
  }

  /// For each place, the length of the longest border that ends there.
  private static func table<Element: Equatable>(_ part: [Element]) -> [Int] {
    var table = Array(repeating: 0, count: part.count)
    var length = 0
    for place in part.indices.dropFirst() {
      while length > 0, part[place] != part[length] { length = table[length - 1] }
      if part[place] == part[length] { length += 1 }
      table[place] = length
    }
    return table
  }
}

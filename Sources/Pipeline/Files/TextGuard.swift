/// Looks at text for what may be PHI. What looks is handed down by the room above; none of it is
/// known here.
public struct TextGuard: Sendable {
  /// A part of a text that may be PHI.
  public struct Hit: Hashable, Sendable {
    /// What sort of identifier it may be, such as `record-number`.
    public let kind: String
    /// Where it stands, in bytes.
    public let range: Range<Int>

    /// Names a part of a text.
    public init(kind: String, range: Range<Int>) {
      self.kind = kind
      self.range = range
    }

    /// What stands in its place: the kind and never the value.
    var marker: [UInt8] { Array("[PHI: \(kind)]".utf8) }
  }

  /// Gives the hits in a text, in order and without overlaps.
  let look: @Sendable ([UInt8]) -> [Hit]

  /// A guard that looks with what it is given.
  public init(_ look: @escaping @Sendable ([UInt8]) -> [Hit]) { self.look = look }

  /// Finds nothing.
  public static let blind = TextGuard { _ in [] }

  /// A text with a marker in the place of each hit.
  public func masked(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let hits = look(bytes)
    if hits.isEmpty { return text }
    var output: [UInt8] = []
    var place = 0
    for hit in hits where hit.range.lowerBound >= place {
      output += bytes[place..<hit.range.lowerBound] + hit.marker
      place = hit.range.upperBound
    }
    return String(decoding: output + bytes[place...], as: UTF8.self)
  }

  /// Replaces hits in text that arrives in parts, in windows of whole lines: where the parts begin
  /// and end makes no difference. Memory is bounded, whatever the length of a line.
  ///
  /// Each window is looked at together with the end of the one before, so that a value below its
  /// label is found; of a line that is longer than a window may be, the end is looked at again with
  /// what follows, so that a value on the cut is found too.
  struct Stream {
    /// A window ends with the line in which it has so many bytes.
    static let window = 4 << 10
    /// A line that is longer is cut, at a space where it has one.
    static let longestLine = 64 << 10
    /// Bytes before a window that are looked at with it.
    static let before = 1 << 10
    /// Bytes at the cut of a long line that belong to the next window.
    static let held = 512

    private let textGuard: TextGuard
    private var context: [UInt8] = []
    private var pending: [UInt8] = []
    private var searched = 0
    /// How many hits were replaced, by kind.
    private(set) var counts: [String: Int] = [:]

    init(_ textGuard: TextGuard) { self.textGuard = textGuard }

    /// Takes the next bytes, and gives those that were looked at.
    mutating func take(_ bytes: [UInt8]) -> [UInt8] {
      pending += bytes
      var output: [UInt8] = []
      while let (end, isLine) = cut() {
        output += pass(end, holding: isLine ? 0 : Self.held)
      }
      return output
    }

    /// Gives what was kept back.
    mutating func finish() -> [UInt8] {
      var output: [UInt8] = []
      while !pending.isEmpty { output += pass(pending.count, holding: 0) }
      return output
    }

    /// The end of the next window; `nil` while it is not there yet.
    private mutating func cut() -> (end: Int, isLine: Bool)? {
      var place = max(searched, Self.window - 1)
      let limit = min(pending.count, Self.longestLine)
      while place < limit {
        if pending[place] == 0x0a { return (place + 1, true) }
        place += 1
      }
      searched = place
      guard pending.count >= Self.longestLine else { return nil }
      let space = pending[(Self.longestLine / 2)..<Self.longestLine].lastIndex { $0 <= 0x20 }
      return (space.map { $0 + 1 } ?? Self.longestLine, false)
    }

    private mutating func pass(_ end: Int, holding held: Int) -> [UInt8] {
      let text = context + pending[..<end]
      let base = context.count
      var boundary = text.count - held
      var output: [UInt8] = []
      var place = base
      for hit in textGuard.look(text) {
        guard hit.range.lowerBound < boundary else { break }
        guard hit.range.upperBound > place else { continue }
        output += text[place..<max(place, hit.range.lowerBound)] + hit.marker
        place = hit.range.upperBound
        boundary = max(boundary, place)
        counts[hit.kind, default: 0] += 1
      }
      output += text[place..<boundary]
      pending.removeFirst(boundary - base)
      searched = 0
      context = Array(text[..<boundary].suffix(Self.before))
      return output
    }
  }
}

/// A piece of text: a word, a run of digits, or one sign.
struct Token {
  enum Sort: UInt8 { case word, number, sign }
  enum Shape: UInt8 {
    /// No capital; what is no word has it too.
    case lower
    /// One capital, then none.
    case capitalised
    /// Capitals only, two or more.
    case upper
    /// A capital alone.
    case initial
    /// Any other mixture.
    case mixed
  }
  enum Gap: UInt8 { case none, space, wide, line, blank }

  /// Bytes of the segment.
  var start: Int32
  var end: Int32
  var sort: Sort
  var shape: Shape
  /// What stands before it.
  var gap: Gap
  /// The first byte; for signs of several bytes, what they stand for.
  var byte: UInt8
  /// The hash of the folded word.
  var hash: UInt64
  var flags: WordFlags

  var count: Int { Int(end - start) }
}

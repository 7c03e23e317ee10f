/// Reads RE2's syntax.
struct PatternParser {
  /// How deep groups may nest.
  private static let maximumDepth = 100
  /// The most that a counted repetition may count to, as in RE2.
  private static let maximumCount = 1_000

  /// The flags `(?ims U)`.
  private struct Flags {
    var ignoresCase = false
    var isMultiline = false
    var pointTakesLineFeed = false
  }

  private let scalars: [Unicode.Scalar]
  var place = 0
  private var depth = 0
  private var flags = Flags()

  init(_ source: String) { scalars = Array(source.unicodeScalars) }

  mutating func parse() throws(Fault) -> PatternTree {
    guard scalars.count <= 10_000 else { throw Fault("the pattern is too long") }
    let tree = try choice()
    guard place == scalars.count else { throw invalid("unexpected ')'") }
    return tree
  }

  func invalid(_ reason: String) -> Fault {
    Fault("invalid pattern: \(reason) at \(place + 1)")
  }

  var here: Unicode.Scalar? { scalars[safe: place] }

  mutating func accept(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard scalars[place...].starts(with: wanted) else { return false }
    place += wanted.count
    return true
  }

  private mutating func choice() throws(Fault) -> PatternTree {
    depth += 1
    defer { depth -= 1 }
    guard depth <= PatternParser.maximumDepth else { throw invalid("nested too deeply") }
    var parts = [try sequence()]
    while accept("|") { parts.append(try sequence()) }
    return parts.count == 1 ? parts[0] : .choice(parts)
  }

  private mutating func sequence() throws(Fault) -> PatternTree {
    var parts: [PatternTree] = []
    while let next = here, next != "|", next != ")" {
      guard let atom = try atom() else { continue }
      parts.append(try repeated(atom))
    }
    return .sequence(parts)
  }

  private mutating func repeated(_ atom: PatternTree) throws(Fault) -> PatternTree {
    guard let (least, most) = try count() else { return atom }
    // Whether as few or as many as possible are taken does not change what is found.
    _ = accept("?")
    // A second count, as in a**, is refused by RE2.
    let before = place
    if try count() != nil {
      place = before
      throw invalid("invalid nested repetition")
    }
    // A repetition of nothing but repetitions counts as one, or ((a*)*)* would grow.
    if least == 0, most == nil, case .times(_, 0, nil) = atom { return atom }
    return .times(atom, least: least, most: most)
  }

  /// A repetition mark, or nil.
  private mutating func count() throws(Fault) -> (Int, Int?)? {
    if accept("*") { return (0, nil) }
    if accept("+") { return (1, nil) }
    if accept("?") { return (0, 1) }
    let start = place
    guard accept("{"), let least = number() else {
      place = start
      return nil
    }
    var most: Int? = least
    if accept(",") { most = here == "}" ? nil : number() ?? -1 }
    guard accept("}"), most != -1 else {
      // Not a count: the brace stands for itself.
      place = start
      return nil
    }
    guard least <= PatternParser.maximumCount, most ?? least <= PatternParser.maximumCount,
      most ?? least >= least
    else { throw invalid("invalid repetition count") }
    return (least, most)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let digit = here, digit >= "0", digit <= "9", value ?? 0 <= 100_000 {
      value = (value ?? 0) * 10 + Int(digit.value - 0x30)
      place += 1
    }
    return value
  }

  /// One part, or nil for what only sets flags.
  private mutating func atom() throws(Fault) -> PatternTree? {
    guard let mark = here else { return nil }
    place += 1
    switch mark {
    case "(": return try group()
    case "[": return .set(try bracketed())
    case ".": return .set(flags.pointTakesLineFeed ? .any : .anyButLineFeed)
    case "^": return .anchor(flags.isMultiline ? .lineStart : .textStart)
    case "$": return .anchor(flags.isMultiline ? .lineEnd : .textEnd)
    case "*", "+", "?": throw invalid("nothing to repeat")
    case "\\": return try escaped()
    default: return .set(literal(mark))
    }
  }

  func literal(_ scalar: Unicode.Scalar) -> ScalarSet {
    var set = ScalarSet([scalar.value...scalar.value])
    if flags.ignoresCase { set.foldCase() }
    return set
  }

  // MARK: Groups

  private mutating func group() throws(Fault) -> PatternTree? {
    let outer = flags
    if accept("?") {
      if accept("P<") || accept("<") {
        let start = place
        while let next = here, next == "_" || next.properties.isAlphabetic || isDigit(next) {
          place += 1
        }
        guard place > start, accept(">") else { throw invalid("invalid group name") }
      } else {
        guard try setFlags() else { return nil }
      }
    }
    let tree = try choice()
    guard accept(")") else { throw invalid("missing ')'") }
    flags = outer
    return tree
  }

  /// Reads flags; false when they are for the rest of the group, not for one of their own.
  private mutating func setFlags() throws(Fault) -> Bool {
    var isOn = true
    while let flag = here {
      place += 1
      switch flag {
      case "i": flags.ignoresCase = isOn
      case "m": flags.isMultiline = isOn
      case "s": flags.pointTakesLineFeed = isOn
      case "U": break
      case "-" where isOn: isOn = false
      case ":": return true
      case ")": return false
      default: throw invalid("invalid group flag")
      }
    }
    throw invalid("missing ')'")
  }

  func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }

  // MARK: Classes

  private static let posix: [String: [ClosedRange<UInt32>]] = [
    "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A], "alpha": [0x41...0x5A, 0x61...0x7A],
    "ascii": [0...0x7F], "blank": [0x09...0x09, 0x20...0x20], "cntrl": [0...0x1F, 0x7F...0x7F],
    "digit": [0x30...0x39], "graph": [0x21...0x7E], "lower": [0x61...0x7A], "print": [0x20...0x7E],
    "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E],
    "space": [0x09...0x0D, 0x20...0x20],
    "upper": [0x41...0x5A], "word": [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A],
    "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66],
  ]

  private mutating func bracketed() throws(Fault) -> ScalarSet {
    var set = ScalarSet()
    let isNegated = accept("^")
    var isFirst = true
    while let next = here, next != "]" || isFirst {
      isFirst = false
      if try named(&set) { continue }
      place += 1
      var low = next
      if next == "\\" {
        guard let escape = try classEscape(&set) else { continue }
        low = escape
      }
      guard here == "-", let after = scalars[safe: place + 1], after != "]" else {
        set.insert(low.value...low.value)
        continue
      }
      place += 2
      var high = after
      if after == "\\" {
        guard let escape = try classEscape(&set) else { throw invalid("invalid range") }
        high = escape
      }
      guard low <= high else { throw invalid("invalid range") }
      set.insert(low.value...high.value)
    }
    guard accept("]") else { throw invalid("missing ']'") }
    if flags.ignoresCase { set.foldCase() }
    set.isNegated = isNegated
    return set
  }

  /// `[:alpha:]` inside of a class.
  private mutating func named(_ set: inout ScalarSet) throws(Fault) -> Bool {
    let start = place
    guard accept("[:") else { return false }
    let isNegated = accept("^")
    var name = ""
    while let next = here, next.properties.isAlphabetic {
      name.unicodeScalars.append(next)
      place += 1
    }
    guard accept(":]") else {
      place = start
      return false
    }
    guard let ranges = PatternParser.posix[name] else { throw invalid("unknown class") }
    var inner = ScalarSet(ranges)
    inner.isNegated = isNegated
    set.insert(inner)
    return true
  }

  /// An escape in a class: a scalar, or nil when it added a whole set.
  private mutating func classEscape(_ set: inout ScalarSet) throws(Fault) -> Unicode.Scalar? {
    if let known = try perlClass() {
      set.insert(known)
      return nil
    }
    return try scalarEscape()
  }
}

/// Escapes.
extension PatternParser {
  mutating func escaped() throws(Fault) -> PatternTree {
    if let known = try perlClass() { return .set(known) }
    if accept("b") { return .anchor(.wordEdge) }
    if accept("B") { return .anchor(.noWordEdge) }
    if accept("A") { return .anchor(.textStart) }
    if accept("z") { return .anchor(.textEnd) }
    if accept("C") { return .set(.any) }
    if accept("Q") {
      var parts: [PatternTree] = []
      while let next = here, !accept("\\E") {
        place += 1
        parts.append(.set(literal(next)))
      }
      return .sequence(parts)
    }
    return .set(literal(try scalarEscape()))
  }

  mutating func perlClass() throws(Fault) -> ScalarSet? {
    if accept("d") { return .digit }
    if accept("D") { return ScalarSet.digit.inverted }
    if accept("w") { return .word }
    if accept("W") { return ScalarSet.word.inverted }
    if accept("s") { return .space }
    if accept("S") { return ScalarSet.space.inverted }
    let isNegated = here == "P"
    guard accept("p") || accept("P") else { return nil }
    var name = ""
    var isInverted = isNegated
    if accept("{") {
      if accept("^") { isInverted.toggle() }
      while let next = here, next != "}", name.utf8.count < 40 {
        name.unicodeScalars.append(next)
        place += 1
      }
      guard accept("}") else { throw invalid("invalid Unicode class") }
    } else if let next = here {
      place += 1
      name.unicodeScalars.append(next)
    }
    if name == "Any" { return isInverted ? ScalarSet.any.inverted : .any }
    guard ScalarSet.isKnown(name) else { throw invalid("unknown Unicode class") }
    var set = ScalarSet()
    set.insert(property: name, isNegated: isInverted)
    return set
  }

  mutating func scalarEscape() throws(Fault) -> Unicode.Scalar {
    guard let mark = here else { throw invalid("pattern ends with a backslash") }
    place += 1
    let plain: [Unicode.Scalar: Unicode.Scalar] = [
      "a": "\u{07}", "f": "\u{0C}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{0B}",
    ]
    if let found = plain[mark] { return found }
    if mark == "x" {
      var digits = ""
      let isLong = accept("{")
      while let next = here, next.properties.isASCIIHexDigit, digits.utf8.count < (isLong ? 8 : 2) {
        digits.unicodeScalars.append(next)
        place += 1
      }
      guard !isLong || accept("}"), isLong || digits.utf8.count == 2,
        let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code)
      else { throw invalid("invalid escape") }
      return scalar
    }
    if isDigit(mark), mark == "0" || (mark < "8" && here.map { $0 >= "0" && $0 < "8" } ?? false) {
      var code = mark.value - 0x30
      var count = 1
      while let next = here, next >= "0", next < "8", count < 3 {
        code = code * 8 + next.value - 0x30
        count += 1
        place += 1
      }
      guard let scalar = Unicode.Scalar(code) else { throw invalid("invalid escape") }
      return scalar
    }
    // Marks stand for themselves; letters and digits without a meaning are refused.
    guard mark.value < 0x80, !mark.properties.isAlphabetic, !isDigit(mark) else {
      throw invalid("invalid escape")
    }
    return mark
  }
}

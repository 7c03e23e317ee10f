/// Employers and other organisations.
extension SegmentScan {
  /// "Civic Impulse LLC", from the word that ends it.
  mutating func company(at index: Int) {
    guard isCapital(at(index)), at(index).gap == .space, at(index).shape != .initial else { return }
    var first = index
    while first > 0, index - first < 8, at(first).gap == .space || at(first).gap == .none {
      let before = at(first - 1)
      if isCapital(before), !before.flags.has(any: [.grammar, .title, .month, .weekday]) {
        first -= 1
      } else if isSign(first - 1, ",") || isSign(first - 1, "-") || isSign(first - 1, "&")
        || isWord(first - 1, "and"), isCapital(at(first - 2))
      {
        first -= 1
      } else {
        break
      }
    }
    while first < index, at(first).sort == .sign { first += 1 }
    guard first < index,
      (first..<index).contains(where: { isCapital(at($0)) && at($0).shape != .initial })
    else { return }
    // "Type AB", "Stage SA": two letters are a company's only behind a name.
    if at(index).count <= 2, !(first..<index).contains(where: { at($0).flags.isEmpty }) { return }
    if (first..<index).contains(where: { at($0).flags.has(any: [.medical, .clinical]) }) { return }
    add(.organisation, first, index, 60, .company)
  }

  /// "works for Citigroup", "employed at X".
  mutating func employer(at index: Int) {
    var first = index + 1
    guard isAny(first, ["for", "at", "by", "with", "en", "para", "bei"]) else { return }
    first += 1
    if isWord(first, "the") { first += 1 }
    let token = at(first)
    guard isCapital(token), token.gap == .space,
      !token.flags.has(any: [.month, .weekday, .grammar, .country, .medical])
    else { return }
    add(.organisation, first, capitalRunEnd(first), 60, .employer)
  }
}

/// Names that stand alone on a line above an address or a telephone number.
extension SegmentScan {
  /// Looks at a line of capitalised words, from its first token on.
  mutating func letterhead(at index: Int, _ token: Token) {
    guard
      token.gap == .line || token.gap == .blank || isSign(index - 1, ">") && at(index).gap == .none
    else { return }
    let last = capitalRunEnd(index)
    guard !isOnLine(last + 1), last - index < 9, isAddressSoon(last + 1) else { return }
    let words = (index...last).filter { at($0).sort == .word && isCapital(at($0)) }
    guard words.count <= 5,
      !words.contains(where: {
        at($0).flags.has(any: [.month, .weekday, .medical, .clinical, .label])
      })
    else { return }
    let unknown = words.filter {
      !at($0).flags.has(any: [.common, .grammar]) || at($0).flags.has(any: .anyName)
    }
    guard !unknown.isEmpty else { return }
    let isName = words.count > 1 && unknown.count == words.count
    add(isName ? .name : .organisation, index, last, 50, .addressBlock)
  }

  /// Whether one of the next lines begins with a house number, or has a telephone number, and only
  /// short lines stand before it.
  private func isAddressSoon(_ index: Int) -> Bool {
    var lines = 0
    var place = index
    var start = index
    while place < index + 16, place < tokens.count {
      let token = at(place)
      if token.gap == .line || token.gap == .blank {
        lines += 1
        start = place
        if lines > 3 { return false }
      }
      if token.sort == .sign, [0x3e, 0x3f].contains(token.byte) { start = place + 1 }
      if place == start, token.sort == .number, token.count <= 5,
        isCapital(at(place + 1)) || at(place + 1).sort == .number
      {
        return true
      }
      if token.shape == .upper, isAny(place, ["psc", "fpo", "apo", "dpo"]) { return true }
      if place - start > 5 { return false }
      place += 1
    }
    return false
  }
}

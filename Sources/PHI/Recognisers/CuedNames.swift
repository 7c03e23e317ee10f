/// Names behind a title or a word that announces one.
extension SegmentScan {
  mutating func titleName(at index: Int) {
    var first = index + 1
    if isSign(first, "."), at(first).gap == .none { first += 1 }
    if at(first).flags.contains(.title), isCapital(at(first)) { return }
    guard isCapital(at(first)), at(first).gap == .space || at(first).gap == .none,
      !isWord(index, "no")
    else { return }
    let flags = at(first).flags
    guard
      !flags.has(any: [.month, .weekday, .grammar]) || flags.contains(.particle)
        || at(first).shape == .initial
    else { return }
    if flags.contains(.common), !flags.has(any: .anyName), !isSign(index + 1, ".") { return }
    // "MS like", "MD Anderson": titles in capitals are other things.
    let isNurse = isAny(index, ["np", "rn", "pa"]) && flags.has(any: .anyName)
    if at(index).shape == .upper, !isNurse { return }
    let end = nameRunEnd(first)
    add(.name, index, end, 85, .titleAndName)
  }

  /// "named X", "patient X", "pt X", "My name is X", "by X".
  mutating func cueName(at index: Int) {
    var first = index + 1
    if isAny(first, ["is", "es", "ist"]) { first += 1 }
    if at(first).shape == .lower, at(first).sort == .word { return lowerName(first) }
    let token = at(first)
    guard isCapital(token), token.gap == .space,
      token.shape != .upper || token.flags.has(any: .anyName)
    else { return }
    guard !token.flags.has(any: .notName),
      !token.flags.contains(.common) || token.flags.has(any: .anyName)
    else { return }
    let end = nameRunEnd(first)
    if isEponym(first, end) { return }
    if isFollowedByProperNoun(end), end == first { return }
    add(.name, first, end, 65, .cueAndName)
  }

  /// "pt john smith": without capitals, a given and a family name that are no everyday words.
  private mutating func lowerName(_ first: Int) {
    let next = at(first + 1)
    guard at(first).flags.contains(.given), next.gap == .space, next.sort == .word,
      next.flags.has(any: .anyFamily), next.shape == .lower,
      next.flags.isDisjoint(with: [.common, .grammar, .medical, .clinical, .label])
    else { return }
    add(.name, first, first + 1, 50, .cueAndName)
  }
}

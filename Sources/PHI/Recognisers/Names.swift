/// Names of persons.
extension SegmentScan {
  /// The last token of a run that can be one name: "Anne-Marie B.", "De la Ossa Prieto",
  /// "Hanne I. Kreutzmann".
  func nameRunEnd(_ index: Int, isLabelled: Bool = false) -> Int {
    var end = index
    var place = index
    var words = 1
    while words < 7 {
      let next = at(place + 1)
      guard place + 1 < tokens.count else { break }
      if next.sort == .sign, next.gap == .none {
        if next.byte == 0x2e,
          at(place).shape == .initial || at(place).count <= 2 && isCapital(at(place))
        {
          // "S." ends a name too; what follows decides whether the stop is part of it.
          place += 1
          end = place
          guard at(place + 1).gap == .space || at(place + 1).gap == .none, isCapital(at(place + 1)),
            !isBreak(place + 1, isLabelled)
          else { break }
          continue
        }
        if [0x2d, 0x27].contains(next.byte), at(place + 2).sort == .word,
          at(place + 2).gap == .none,
          at(place + 2).count > 1, isCapital(at(place + 2))
        {
          place += 2
          end = place
          continue
        }
        break
      }
      guard next.sort == .word, next.gap == .space || next.gap == .none && isSign(place, ".") else {
        break
      }
      if isCapital(next) {
        if isBreak(place + 1, isLabelled) { break }
        place += 1
        end = place
        words += 1
      } else if next.flags.contains(.particle), next.shape == .lower,
        isCapital(at(place + 2))
          || at(place + 2).flags.contains(.particle) && isCapital(at(place + 3)),
        isLabelled || !isAny(place + 1, ["i", "e", "do"])
      {
        place += 1
      } else {
        break
      }
    }
    return end
  }

  /// Whether a capitalised word ends a name rather than going on with it.
  private func isBreak(_ index: Int, _ isLabelled: Bool) -> Bool {
    let flags = at(index).flags
    if flags.has(any: .anyName),
      !flags.has(any: [.month, .streetBefore, .label, .facility, .title, .grammar])
    {
      return false
    }
    if at(index).shape == .initial {
      let isNumero = at(index + 1).byte == 0x01 && at(index + 1).gap == .none
      return isNumero || isSign(index + 1, "/") || isAny(index, ["i"]) && !isSign(index + 1, ".")
    }
    return flags.has(any: [
      .month, .weekday, .facility, .streetBefore, .title, .company, .medical, .country, .eponymNoun,
    ])
      || flags.contains(.grammar) && !flags.contains(.particle)
      || flags.contains(.label) && flags.isDisjoint(with: .anyName)
      || !isLabelled && flags.contains(.common)
  }

  /// A name told by its words, from its first capitalised word on.
  mutating func name(at index: Int, _ token: Token) {
    if token.flags.contains(.title) { titleName(at: index) }
    // Not in the middle of one.
    if index > 0, token.gap == .space, isCapital(at(index - 1)),
      at(index - 1).flags.isDisjoint(with: .notName),
      !at(index - 1).flags.contains(.common) || at(index - 1).flags.has(any: .anyGiven)
    {
      return
    }
    if token.gap == .none, index > 0,
      at(index - 1).sort == .word
        || [0x2d, 0x27, 0x5f, 0x40, 0x2f, 0x2e].contains(at(index - 1).byte)
    {
      return
    }
    guard token.count >= 3 || token.shape == .initial || token.flags.has(any: .anyGiven),
      token.shape != .mixed || !token.flags.contains(.common)
    else { return }
    let flags = token.flags
    if flags.has(any: [
      .month, .weekday, .facility, .grammar, .people, .state, .country, .company, .streetBefore,
      .eponymNoun,
    ]),
      !(flags.has(any: .anyGiven) && at(index + 1).flags.has(any: .anyFamily))
        || flags.contains(.weekday)
    {
      return
    }
    let end = nameRunEnd(index)
    let next = at(end + 1)
    if isEponym(index, end) { return }
    if end > index {
      fullName(index, end)
    } else if flags.contains(.given), !flags.has(any: [.medical, .facilityName, .common]),
      token.shape == .capitalised || token.shape == .mixed
    {
      if next.gap == .none, next.sort == .sign, [0x5f, 0x2f, 0x28, 0x40].contains(next.byte) {
        return
      }
      if isFollowedByProperNoun(end) { return }
      add(.name, index, end, flags.has(any: [.city, .label]) ? 45 : 55, .namesFromLists)
    } else if flags.contains(.givenWord), token.shape == .capitalised, token.count > 2,
      token.gap == .space,
      !flags.has(any: [.medical, .facilityName, .notName, .label, .city]), isInSentence(index)
    {
      add(.name, index, end, 42, .namesFromLists)
    } else if flags.contains(.family), !flags.has(any: [.medical, .facilityName, .common, .city]),
      token.shape == .capitalised
    {
      if isFollowedByProperNoun(end) { return }
      add(.name, index, end, 42, .namesFromLists)
    } else if token.shape == .capitalised || token.shape == .mixed,
      isListed(index, end) || flags.isEmpty && token.count > 3 && isActing(end)
    {
      add(.name, index, end, 45, .nameShape)
    }
  }

  /// "Ann Smith of Guidestar": where somebody belongs.
  private mutating func affiliation(after index: Int) {
    let first = index + 2
    guard isAny(index + 1, ["of", "from", "at"]), at(first).gap == .space, isCapital(at(first)),
      !at(first).flags.has(any: [
        .month, .weekday, .grammar, .medical, .country, .clinical, .state, .eponymNoun,
      ])
    else { return }
    add(.organisation, first, capitalRunEnd(first), 45, .employer)
  }

  /// "Dzhambek is from …", "Valida spent …": a word that no list knows, and what persons do.
  private func isActing(_ last: Int) -> Bool {
    isWord(last + 1, "is") && isWord(last + 2, "from")
      || isAny(
        last + 1,
        [
          "lives", "lived", "moved", "spent", "began", "visited", "said", "says", "works", "worked",
          "retired",
        ])
      || isWord(last + 1, "was") && isWord(last + 2, "born")
  }

  /// Whether a word stands alone with its capital, within a sentence and not at its beginning.
  private func isInSentence(_ index: Int) -> Bool {
    let before = at(index - 1)
    let after = at(index + 1)
    if isCapital(before) || after.gap == .space && isCapital(after) { return false }
    return before.sort == .word || isSign(index - 1, ",")
  }

  /// Two words and more.
  private mutating func fullName(_ first: Int, _ last: Int) {
    var given = 0
    var known = 0
    var unknown = 0
    var initials = 0
    var common = 0
    var lone = 0
    for index in first...last where at(index).sort == .word && isCapital(at(index)) {
      let flags = at(index).flags
      if at(index).shape == .initial {
        initials += 1
      } else if flags.has(any: .anyName) {
        known += 1
        if flags.has(any: .anyGiven) { given += 1 }
        if flags.has(any: [.common, .medical]) { common += 1 }
        if flags.contains(.givenWord) || flags.contains(.familyWord) { lone += 1 }
      } else if flags.has(any: [.common, .medical, .facilityName]) {
        common += 1
      } else if at(index).shape == .upper {
        common += 1
      } else {
        unknown += 1
      }
    }
    let firstFlags = at(first).flags
    let words = known + unknown
    var confidence = 0
    if words >= 2, given >= 1, known - common >= 1 || firstFlags.contains(.given) {
      confidence = 75
    } else if words >= 2, given >= 1, firstFlags.has(any: .anyGiven), !firstFlags.contains(.medical)
    {
      confidence = 55
    } else if words >= 2, known >= 1, common == 0 {
      confidence = 55
    } else if words == 1, initials >= 1, given >= 1, !firstFlags.contains(.medical),
      at(first).shape != .initial
    {
      confidence = 70
    } else if words >= 1, initials >= 1, at(first).shape == .initial, known - common >= 1,
      isSign(first + 1, ".")
    {
      confidence = 60
    } else if words == 2, unknown == 2, common == 0, isEnglish,
      at(first).gap != .blank
        || isOnLine(last + 1)
          && (at(last + 1).shape == .lower && at(last + 1).sort == .word || isSign(last + 1, "'"))
    {
      confidence = 42
    } else if words >= 3, unknown >= 2, common == 0, isEnglish {
      confidence = 42
    }
    guard confidence > 0,
      (first...last).contains(where: { at($0).shape != .upper }) || given > 0 && known >= 2
    else { return }
    var end = last
    // A full stop that ends the sentence belongs to an initial only.
    if isSign(end, "."), at(end - 1).shape != .initial { end -= 1 }
    add(.name, first, end, confidence, known == words ? .namesFromLists : .nameShape)
    affiliation(after: end)
  }

  /// "Wilson's disease", "Wells score", "Ferriman-Gallwey score", "síndrome de Budd-Chiari".
  private func isEponym(_ first: Int, _ last: Int) -> Bool {
    var after = last + 1
    let isPossessive = isSign(after, "'")
    if isPossessive { after += isWord(after + 1, "s") ? 2 : 1 }
    if isOnLine(after), at(after).flags.contains(.eponymNoun) { return true }
    if isOnLine(after + 1), at(after + 1).flags.contains(.eponymNoun),
      at(after).flags.has(any: [.common, .medical]), at(after).shape == .lower
    {
      return true
    }
    var before = first - 1
    if at(before).flags.contains(.particle) || isAny(before, ["of", "von"]) { before -= 1 }
    if before < first - 1, at(before).flags.contains(.eponymNoun) { return true }
    return first == last && at(first).flags.contains(.medical)
  }

  /// Whether the run is the beginning of the name of something else: "Ohio River", "Harvard Study".
  private func isFollowedByProperNoun(_ index: Int) -> Bool {
    let next = at(index + 1)
    return next.gap == .space && isCapital(next) && next.shape != .initial
      && next.flags.contains(.common) && !next.flags.has(any: .anyName)
  }

  /// "Kónya, Becker and Vasquez": one word among others that are known names.
  private func isListed(_ first: Int, _ last: Int) -> Bool {
    guard at(first).flags.isDisjoint(with: .notName), !at(first).flags.contains(.common) else {
      return false
    }
    let isListAfter = isSign(last + 1, ",") || isWord(last + 1, "and")
    let isListBefore = isSign(first - 1, ",") || isWord(first - 1, "and")
    return isListAfter && at(last + 2).flags.has(any: [.given, .family]) && isCapital(at(last + 2))
      || isListBefore && at(first - 2).flags.has(any: [.given, .family]) && isCapital(at(first - 2))
  }

  private mutating func titleName(at index: Int) {
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
    if at(index).shape == .upper { return }
    let end = nameRunEnd(first)
    add(.name, index, end, 85, .titleAndName)
  }

  /// "named X", "patient X", "pt X", "My name is X", "by X".
  mutating func cueName(at index: Int) {
    var first = index + 1
    if isAny(first, ["is", "es", "ist"]) { first += 1 }
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
}

/// Places of care, and the small words that announce a place, a name or an employer.
extension SegmentScan {
  private static let strong: [StaticString] = [
    "hospital", "clinic", "clinics", "hospitals", "infirmary", "hospice", "hosp", "klinikum",
    "krankenhaus", "clinica", "klinik", "sanatorium", "hospitalario", "policlinica",
  ]
  /// Words that, with the word for the house, name one of many.
  private static let telling: [StaticString] = [
    "st", "saint", "general", "memorial", "regional", "community", "children", "childrens",
    "veterans", "county", "central", "universitario", "university", "city",
  ]

  /// The first token of a run of capitalised words that ends at `index`.
  private func capitalRunStart(_ index: Int) -> Int {
    var first = index
    while first > 0, index - first < 10 {
      let before = at(first - 1)
      let gap = at(first).gap
      guard gap == .none || gap == .space else { break }
      if before.sort == .word, isCapital(before) || gap == .none && at(first).sort == .sign {
        let flags = before.flags
        if flags.has(any: [.month, .weekday, .clinical])
          || flags.contains(.title) && !isWord(first - 1, "st")
          || flags.contains(.medical) && !flags.has(any: [.facilityName, .given, .family, .city])
        {
          break
        }
        first -= 1
      } else if before.sort == .sign, [0x27, 0x2d, 0x2e, 0x26].contains(before.byte), first > 1,
        at(first - 2).sort == .word, before.byte != 0x2e || at(first - 2).count <= 3
      {
        first -= 1
      } else if isWord(first - 1, "s"), isSign(first - 2, "'") {
        first -= 1
      } else if isAny(first - 1, ["of", "and", "for", "de", "del", "la", "y"]),
        isCapital(at(first - 2)), at(first - 1).gap == .space,
        !at(first - 2).flags.contains(.medical)
      {
        first -= 1
      } else {
        break
      }
    }
    while first < index, at(first).sort == .sign || at(first).shape == .lower { first += 1 }
    return first
  }

  /// A place of care, from the word that says so: "St. Mary's Hospital", "Hospital La Paz".
  mutating func facility(at index: Int) {
    let isStrong = isAny(index, Self.strong)
    let first = capitalRunStart(index)
    let last = capitalRunEnd(index)
    guard last > first else { return }
    let isPlaced = hasBefore(first, within: 2, .placeWord)
    // What says which one it is.
    let isNamed = (first...last).contains { place in
      guard place != index, isCapital(at(place)) else { return false }
      let flags = at(place).flags
      return !flags.contains(.common) && !flags.has(any: [.medical, .grammar, .people])
        || flags.has(any: [.anyName, .anyCity, .facilityName, .state]) && !flags.contains(.grammar)
        || isAny(place, Self.telling)
        || isStrong && isPlaced && flags.isDisjoint(with: [.grammar, .medical])
    }
    guard isNamed else { return }
    guard
      isStrong || hasBefore(first, within: 7, [.careCue, .placeWord, .clinical])
        || (first...last).contains(where: { $0 != index && at($0).flags.contains(.facility) })
    else { return }
    add(.facility, first, regionEnd(last), isStrong ? 80 : 65, .facilityWords)
  }

  /// Small words that announce: "at", "from", "named", "works for", "clinic".
  mutating func lowerCue(at index: Int, _ token: Token) {
    if token.flags.contains(.facility), token.shape == .lower { lowerFacility(at: index) }
    if token.flags.contains(.placeWord) { placeAhead(at: index) }
    if token.flags.contains(.workCue) { employer(at: index) }
    if token.flags.has(any: [.nameCue, .relation]) { cueName(at: index) }
  }

  /// "Dallas clinic", "the Johns Hopkins hospital", "county hospital".
  private mutating func lowerFacility(at index: Int) {
    guard
      isAny(index, ["clinic", "hospital", "clinica", "center", "practice", "klinik", "office"]),
      at(index).gap == .space
    else { return }
    if isWord(index, "hospital"), isAny(index - 1, ["county", "city"]),
      hasBefore(index, within: 4, .placeWord)
    {
      return add(.facility, index - 1, index, 50, .facilityWords)
    }
    guard isCapital(at(index - 1)) else { return }
    var first = index - 1
    while first > 0, at(first).gap == .space || at(first).gap == .none, isCapital(at(first - 1)),
      index - first < 5
    { first -= 1 }
    let run = first..<index
    let isNamed =
      isCityRun(first, index - 1)
      || run.contains { at($0).flags.has(any: [.anyCity, .facilityName, .state]) }
      || run.allSatisfy { at($0).flags.isEmpty }
    let isPlain = run.contains { at($0).flags.has(any: [.medical, .grammar, .clinical]) }
    guard !isPlain else { return }
    if isNamed {
      add(.facility, first, index, 65, .facilityWords)
    } else if isWord(index, "office"), isWord(first - 1, "the"), run.count > 1 {
      add(.organisation, first, index - 1, 42, .facilityWords)
    }
  }

  /// What a word of place announces.
  private struct Announced {
    let first: Int
    let last: Int
    let isAt: Bool
    let isCare: Bool
    let isHome: Bool
  }

  /// "seen at Baylor", "admitted to UCSF", "lives in Westchester", "at Johns Hopkins, Baltimore".
  private mutating func placeAhead(at index: Int) {
    var first = index + 1
    if isAny(first, ["the", "our", "el", "la", "los", "der", "dem", "visited"]),
      at(first).shape == .lower
    {
      first += 1
    }
    let token = at(first)
    let flags = token.flags
    guard isCapital(token), token.gap == .space, token.shape != .initial,
      !flags.has(any: [.month, .weekday, .title, .grammar, .people, .country])
    else { return }
    if isLongState(first) { return }
    let last = capitalRunEnd(first)
    // "in GERD", "to Lisinopril", "in Wilson's disease".
    if flags.contains(.medical), !flags.has(any: [.facilityName, .city]) { return }
    if hasAfter(last, within: 2, .eponymNoun), !flags.contains(.facilityName) { return }
    let ahead = Announced(
      first: first, last: last, isAt: isAny(index, ["at", "visited"]),
      isCare: hasBefore(index, within: 6, .careCue),
      isHome: hasBefore(index, within: 4, .homeCue)
        || isWord(index, "from") && hasBefore(index, within: 4, .nameCue))
    if flags.contains(.facilityName), ahead.isAt || ahead.isCare {
      add(.facility, first, regionEnd(last), 75, .placeOfCare)
    } else if let end = cityEnd(first) {
      town(index, ahead, end)
    } else if !flags.contains(.state) {
      unknownPlace(index, ahead)
    }
  }

  /// Whether a state, a country or a region of two words begins there.
  private func isLongState(_ index: Int) -> Bool {
    let second = isSign(index + 1, "-") ? index + 2 : index + 1
    guard isCapital(at(second)), at(second).gap == .space || second > index + 1 else {
      return false
    }
    return lexicon.longStates.contains(
      Folding.hash(bytes, Int(at(second).start), Int(at(second).end), from: at(index).hash))
  }

  private mutating func town(_ index: Int, _ ahead: Announced, _ end: Int) {
    let flags = at(ahead.first).flags
    let region = regionEnd(end)
    if flags.contains(.state), region == end, end == ahead.first { return }
    if ahead.isAt, ahead.last > end {
      return add(.facility, ahead.first, regionEnd(ahead.last), 65, .placeOfCare)
    }
    let isSure =
      region > end || ahead.isCare || ahead.isHome || isAny(index, ["in", "near", "en", "from"])
    // A town alone after "to" may be a name.
    guard isSure || !flags.has(any: .anyName) else { return }
    add(.place, ahead.first, postalEnd(region), isSure ? 70 : 50, .placeFromLists)
  }

  private mutating func unknownPlace(_ index: Int, _ ahead: Announced) {
    let (first, last) = (ahead.first, ahead.last)
    let flags = at(first).flags
    let isSaint = isWord(first, "st") && isSign(first + 1, ".")
    if ahead.isAt {
      let isPlain = (first...last).allSatisfy {
        at($0).sort == .sign || at($0).flags.contains(.common) && !at($0).flags.has(any: .anyName)
      }
      guard !isPlain || isSaint || last > first && !hasAfter(last, within: 2, .eponymNoun) else {
        return
      }
      return add(.facility, first, regionEnd(last), ahead.isCare ? 70 : 50, .placeOfCare)
    }
    let isLong = ahead.isHome && last > first && !flags.has(any: .notName)
    guard isSaint || isLong || !flags.contains(.common) && !flags.has(any: .notName) else { return }
    // "in GERD" is no place; "in LYCKSELE" may be one.
    let isAcronym = at(first).shape == .upper && at(first).count < 6
    let isCued = ahead.isCare || ahead.isHome
    let isDirection = isAny(index, ["to", "through", "bei"])
    guard !isAcronym || ahead.isHome, isCued || !isDirection, isCued || !flags.has(any: .anyName),
      !flags.has(any: .anyGiven) || ahead.isHome
    else { return }
    // "in Sjogren's".
    if isSign(last + 1, "'") { return }
    guard isCued || isAny(index, ["in", "from", "near", "en", "aus"]) else { return }
    let isPlace = ahead.isHome || !ahead.isCare
    add(
      isPlace ? .place : .facility, first, postalEnd(regionEnd(last)), isCued ? 55 : 42,
      ahead.isHome ? .home : .placeOfCare)
  }

  /// A postal code behind a town: "Costamezzana 43015".
  private func postalEnd(_ index: Int) -> Int {
    let code = at(index + 1)
    guard code.sort == .number, code.gap == .space, (4...6).contains(code.count) else {
      return index
    }
    if isSign(index + 2, "-"), at(index + 2).gap == .none, at(index + 3).sort == .number,
      at(index + 3).gap == .none
    {
      return index + 3
    }
    return code.count == 4 && at(index + 2).flags.has(any: [.month, .yearsWord]) ? index : index + 1
  }
}

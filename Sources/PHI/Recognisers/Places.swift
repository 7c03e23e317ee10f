/// Towns, places of care and homes.
extension SegmentScan {
  /// Whether the capitalised words from `first` to `last` are together the name of a city.
  func isCityRun(_ first: Int, _ last: Int) -> Bool {
    guard first < last, last - first < 5 else { return false }
    var hash = Folding.seed
    for index in first...last where at(index).sort == .word {
      hash = Folding.hash(bytes, Int(at(index).start), Int(at(index).end), from: hash)
    }
    return lexicon.flags(hash).has(any: .anyCity)
  }

  /// The last token of the longest city name that begins there.
  func cityEnd(_ index: Int) -> Int? {
    var found = at(index).flags.contains(.city) ? index : nil
    var hash = Folding.hash(bytes, Int(at(index).start), Int(at(index).end))
    var place = index
    while place < index + 3 {
      // "St. Louis", "Winston-Salem"
      var next = place + 1
      if at(next).sort == .sign, at(next).gap == .none, [0x2e, 0x2d].contains(at(next).byte) {
        next += 1
      }
      guard isCapital(at(next)), at(next).gap == .space || at(next).gap == .none else { break }
      place = next
      hash = Folding.hash(bytes, Int(at(place).start), Int(at(place).end), from: hash)
      if lexicon.flags(hash).has(any: .anyCity) { found = place }
    }
    return found
  }

  /// The last token of a run of capitalised words, with small words between and "St.", "'s", "&".
  func capitalRunEnd(_ index: Int, limit: Int = 7) -> Int {
    var end = index
    var place = index
    while place < index + limit * 2 {
      let next = at(place + 1)
      guard place + 1 < tokens.count, next.gap == .none || next.gap == .space else { break }
      if next.sort == .word, isCapital(next) || next.gap == .none && at(place).sort == .sign {
        if next.flags.has(any: [.month, .weekday, .title]), next.gap == .space { break }
        place += 1
        end = place
      } else if next.sort == .sign, next.byte == 0x2e, next.gap == .none, at(place).count <= 4,
        at(place + 2).gap == .space, isCapital(at(place + 2)), at(place).sort == .word
      {
        place += 1
      } else if next.sort == .sign, next.gap == .none, [0x27, 0x2d].contains(next.byte),
        at(place + 2).gap == .none,
        at(place + 2).sort == .word
      {
        place += 2
        end = place
      } else if next.sort == .sign, next.byte == 0x26 || next.byte == 0x22, isCapital(at(place + 2))
      {
        place += 1
      } else if next.sort == .word,
        next.flags.has(any: .particle) || isAny(place + 1, ["of", "and", "for", "the"]),
        isCapital(at(place + 2))
          || at(place + 2).flags.contains(.particle) && isCapital(at(place + 3))
      {
        place += 1
      } else {
        break
      }
    }
    return end
  }

  /// A place of care, from the word that says so: "St. Mary's Hospital", "Hospital La Paz".
  mutating func facility(at index: Int) {
    let token = at(index)
    let isStrong = isAny(
      index,
      [
        "hospital", "clinic", "clinics", "hospitals", "infirmary", "hospice", "hosp", "klinikum",
        "krankenhaus", "clinica", "klinik", "sanatorium", "hospitalario", "policlinica",
      ])
    var first = index
    while first > 0, index - first < 10 {
      let before = at(first - 1)
      let gap = at(first).gap
      guard gap == .none || gap == .space else { break }
      if before.sort == .word, isCapital(before) || gap == .none && at(first).sort == .sign {
        if before.flags.has(any: [.month, .weekday])
          || before.flags.contains(.title) && !isAny(first - 1, ["st"])
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
      } else if before.sort == .word,
        isAny(first - 1, ["of", "and", "for", "de", "del", "la", "y"]), isCapital(at(first - 2)),
        at(first - 1).gap == .space
      {
        first -= 1
      } else {
        break
      }
    }
    while first < index, at(first).sort == .sign || at(first).shape == .lower { first += 1 }
    let last = capitalRunEnd(index)
    // What says which one it is.
    var isNamed = false
    for place in first...last where place != index && isCapital(at(place)) {
      let flags = at(place).flags
      if !flags.contains(.common) && !flags.has(any: [.medical, .grammar])
        || flags.has(any: [.anyName, .anyCity, .facilityName, .state]) && !flags.contains(.grammar)
        || isAny(
          place,
          [
            "st", "saint", "general", "memorial", "regional", "community", "children", "childrens",
            "veterans", "county", "central", "universitario",
          ])
      {
        isNamed = true
      }
    }
    guard isNamed, last > first else { return }
    guard
      isStrong
        || last - first >= 1
          && (hasBefore(first, within: 7, [.careCue, .placeWord, .clinical])
            || (first...last).contains { $0 != index && at($0).flags.contains(.facility) })
    else { return }
    _ = token
    add(.facility, first, regionEnd(last), isStrong ? 80 : 65, .facilityWords)
  }

  /// ", Baltimore", ", IA" or " in NY" behind a place.
  private func regionEnd(_ index: Int) -> Int {
    guard isSign(index + 1, ","), at(index + 1).gap == .none, at(index + 2).gap == .space else {
      return index
    }
    if at(index + 2).flags.contains(.stateCode) { return index + 2 }
    if isCapital(at(index + 2)), let end = cityEnd(index + 2),
      !at(index + 2).flags.has(any: [.given, .month])
    {
      return regionEnd(end)
    }
    return at(index + 2).flags.contains(.state) && !isMonthAfter(index + 2) ? index + 2 : index
  }

  private func isMonthAfter(_ index: Int) -> Bool { at(index + 1).flags.contains(.month) }

  /// Small words that announce: "at", "from", "named", "works for", "clinic".
  mutating func lowerCue(at index: Int, _ token: Token) {
    if token.flags.contains(.facility), token.shape == .lower { lowerFacility(at: index) }
    if token.flags.contains(.placeWord) { placeOfCare(at: index) }
    if token.flags.contains(.workCue) { employer(at: index) }
    if token.flags.contains(.nameCue) { cueName(at: index) }
  }

  /// "Dallas clinic", "the Johns Hopkins hospital".
  private mutating func lowerFacility(at index: Int) {
    guard isAny(index, ["clinic", "hospital", "clinica", "center", "practice", "klinik"]),
      at(index).gap == .space, isCapital(at(index - 1))
    else { return }
    var first = index - 1
    while first > 0, at(first).gap == .space || at(first).gap == .none, isCapital(at(first - 1)),
      index - first < 5
    { first -= 1 }
    let isNamed =
      (first..<index).contains {
        at($0).flags.has(any: [.anyCity, .facilityName, .state]) || isCityRun(first, index - 1)
      }
      || (first..<index).allSatisfy { at($0).flags.isEmpty }
    guard isNamed,
      !(first..<index).contains(where: { at($0).flags.has(any: [.medical, .grammar]) })
    else { return }
    add(.facility, first, index, 65, .facilityWords)
  }

  /// "seen at Baylor", "admitted to UCSF", "lives in Westchester", "at Johns Hopkins, Baltimore".
  private mutating func placeOfCare(at index: Int) {
    var first = index + 1
    if isAny(first, ["the", "our", "el", "la", "los", "der", "dem", "visited"]),
      at(first).shape == .lower
    {
      first += 1
    }
    let token = at(first)
    guard isCapital(token), token.gap == .space, token.shape != .initial else { return }
    guard !token.flags.has(any: [.month, .weekday, .title, .grammar, .people, .country]) else {
      return
    }
    let isAt = isAny(index, ["at", "visited"])
    let isCare = hasBefore(index, within: 6, .careCue)
    let isHome =
      hasBefore(index, within: 4, .homeCue)
      || isAny(index, ["from"]) && hasBefore(index, within: 4, [.homeCue, .nameCue])
    let last = capitalRunEnd(first)
    let flags = token.flags
    // "in Type 2 diabetes", "in GERD", "to Lisinopril", "Crohn's disease".
    if flags.contains(.medical), !flags.has(any: [.facilityName, .city]) { return }
    if hasAfter(last, within: 2, .eponymNoun), !flags.contains(.facilityName) { return }
    if flags.contains(.facilityName), isAt || isCare {
      return add(.facility, first, regionEnd(last), 75, .placeOfCare)
    }
    if let end = cityEnd(first) {
      let region = regionEnd(end)
      if isAt, last > end { return add(.facility, first, regionEnd(last), 65, .placeOfCare) }
      let isSure = region > end || isCare || isHome || isAny(index, ["in", "near", "en"])
      // A town alone after "from" or "to" may be a name.
      guard isSure || !flags.has(any: .anyName) else { return }
      return add(.place, first, region, isSure ? 70 : 50, .placeFromLists)
    }
    if flags.contains(.state) {
      return
    }
    let isUnknown = !flags.contains(.common) && !flags.has(any: .notName)
    if isAt {
      let isPlain = (first...last).allSatisfy {
        at($0).sort == .sign || at($0).flags.contains(.common) && !at($0).flags.has(any: .anyName)
      }
      guard !isPlain || isWord(first, "st") else { return }
      add(.facility, first, regionEnd(last), isCare ? 70 : 50, .placeOfCare)
    } else if isUnknown || isWord(first, "st") && isSign(first + 1, "."), isCare || isHome,
      token.shape != .upper || isHome, !isAny(index, ["to", "through", "bei"]) || isCare
    {
      guard !flags.has(any: .anyGiven) || isHome else { return }
      add(isHome ? .place : .facility, first, regionEnd(last), 55, isHome ? .home : .placeOfCare)
    }
  }

  /// A town with its state behind it, or places that are known by several words.
  mutating func place(at index: Int, _ token: Token) {
    if token.flags.contains(.placeStart) {
      let hash = Folding.hash(
        bytes, Int(at(index + 1).start), Int(at(index + 1).end), from: token.hash)
      if lexicon.longPlaces.contains(hash), isOnLine(index + 1) {
        add(.place, index, index + 1, 60, .placeFromLists)
      }
    }
    // "St. Vincent's", "St. Jude’s"
    if isWord(index, "st") || isWord(index, "mt"), isSign(index + 1, "."),
      at(index + 2).flags.has(any: .anyName), isCapital(at(index + 2)),
      isSign(index + 3, "'"), isWord(index + 4, "s"),
      at(index - 1).flags.isDisjoint(with: .streetAfter)
    {
      add(.facility, index, regionEnd(capitalRunEnd(index + 4)), 65, .facilityWords)
    }
    guard token.gap != .none, let end = cityEnd(index), isSign(end + 1, ","),
      at(end + 1).gap == .none,
      isOnLine(end + 2),
      at(end + 2).flags.contains(.stateCode)
        || at(end + 2).flags.contains(.state) && isCapital(at(end + 2))
    else { return }
    var last = end + 2
    if at(last + 1).sort == .number, at(last + 1).count == 5, at(last + 1).gap == .space {
      last += 1
    }
    add(.place, index, last, 75, .placeFromLists)
  }
}

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
        if next.flags.has(any: [.month, .weekday, .title, .streetBefore]), next.gap == .space {
          break
        }
        if next.flags.contains(.medical),
          next.flags.isDisjoint(with: [.facilityName, .given, .family, .city])
        {
          break
        }
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

  /// ", Baltimore", ", IA" or " in NY" behind a place.
  func regionEnd(_ index: Int) -> Int {
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

/// Addresses over several parts and lines.
extension SegmentScan {
  /// A flat's number, which says that an address stands before it: "… 12. Apt. 762".
  mutating func flat(at index: Int) {
    guard isAny(index, ["apt", "apartment", "suite", "ste", "flat"]) else { return }
    var number = index + 1
    if isSign(number, ".") || isSign(number, "#") { number += 1 }
    guard at(number).sort == .number, isOnLine(number) else { return }
    // Back to the number with which the street's line begins.
    var first: Int?
    var lines = 0
    for place in stride(from: index - 1, through: max(0, index - 12), by: -1) {
      let token = at(place)
      if at(place + 1).gap == .line { lines += 1 }
      if at(place + 1).gap == .blank || lines > 1 { break }
      if token.sort == .sign, ![0x2c, 0x2e, 0x27, 0x2d, 0x3e].contains(token.byte) { break }
      if token.sort == .number, token.count <= 5 { first = place }
      if lines == 1, token.gap == .line || token.gap == .blank, first != nil { break }
    }
    addressCore(first ?? index, number, 65)
  }

  /// "FPO AA 70489" and what stands on the line before it.
  mutating func militaryAddress(at index: Int) {
    guard isAny(index, ["fpo", "apo", "dpo"]), isAny(index + 1, ["aa", "ae", "ap"]),
      at(index + 2).sort == .number, at(index + 2).count == 5
    else { return }
    var first = index
    if at(index).gap == .line {
      while first > 0, index - first < 6,
        isCapital(at(first - 1)) || at(first - 1).sort == .number || isSign(first - 1, ","),
        first == index || isOnLine(first)
      {
        first -= 1
      }
    }
    add(.address, first, index + 2, 75, .addressBlock)
  }

  /// "the corner of X and Y".
  mutating func corner(at index: Int) {
    guard isWord(index, "corner"), isWord(index + 1, "of") else { return }
    var end = index + 1
    var isBoth = false
    for place in (index + 2)..<(index + 14) {
      let token = at(place)
      guard isOnLine(place) else { break }
      if token.sort == .sign {
        // "39. and": the full stop of a number goes on.
        guard token.byte == 0x2e, token.gap == .none,
          isWord(place + 1, "and") || at(place - 1).count <= 4
        else { break }
        continue
      }
      if isWord(place, "and") {
        guard !isBoth else { break }
        isBoth = true
        continue
      }
      if isBoth, token.shape == .lower, token.sort == .word, !token.flags.contains(.particle) {
        break
      }
      end = place
    }
    guard isBoth else { return }
    guard end > index + 2 else { return }
    add(.address, index, end, 60, .streetWords)
  }

  /// "6570 Jiřího z Poděbrad 1874": a number, a name, a house number, where an address can begin.
  mutating func numberedName(at index: Int) {
    guard
      at(index).gap == .line || at(index).gap == .blank || isSign(index - 1, ":")
        || isSign(index - 1, ">")
        || at(index - 1).flags.contains(.placeWord) || isAny(index - 1, ["is", "on"])
    else { return }
    var place = index + 1
    var capitals = 0
    while place < index + 8, isOnLine(place), at(place).gap != .wide {
      let token = at(place)
      if place == index + 1, token.shape == .lower, token.sort == .word { return }
      if token.sort == .number {
        guard capitals > 0, token.count <= 4, token.gap == .space,
          at(place + 1).gap != .none || at(place + 1).sort == .sign
        else { return }
        if at(place + 1).sort == .word,
          ["mg", "mcg", "ml", "g", "years", "days", "weeks", "hours"].contains(where: {
            isWord(place + 1, $0)
          })
        {
          return
        }
        return addressCore(index, place, 50)
      }
      if token.sort == .word {
        if isCapital(token) {
          if token.flags.has(any: [.month, .weekday, .medical, .clinical]) { return }
          capitals += 1
        }
      } else if ![0x27, 0x2d, 0x2e].contains(token.byte) || token.gap != .none {
        return
      }
      place += 1
    }
  }

  mutating func addressCore(_ first: Int, _ last: Int, _ confidence: Int) {
    add(.address, first, extendedAddress(from: last), confidence, .streetWords)
  }

  /// Follows an address over flat, town, state, country and postal code, on the next lines too.
  mutating func extendedAddress(from index: Int) -> Int {
    var end = index
    var lines = 0
    for _ in 0..<10 {
      guard let next = addressPart(after: end, &lines), lines <= 4 else { break }
      end = next
    }
    if end > index { addressEnd = end + 1 }
    return end
  }

  /// The last token of the part of an address that follows on `end`.
  private func addressPart(after end: Int, _ lines: inout Int) -> Int? {
    var place = end + 1
    var isNewLine = !isOnLine(place)
    var isBlank = at(place).gap == .blank
    while at(place).sort == .sign, place < end + 5,
      [0x2c, 0x3e, 0x2e, 0x28, 0x2d].contains(at(place).byte) || isNewLine && at(place).byte == 0x3f
    {
      // A full stop ends it, unless a postal code, a flat or a known place stands behind.
      if at(place).byte == 0x2e, at(place + 1).sort != .number,
        !at(place + 1).flags.has(any: [.unit, .country, .city])
      {
        return nil
      }
      place += 1
      if !isOnLine(place) { isNewLine = true }
      if at(place).gap == .blank { isBlank = true }
    }
    let token = at(place)
    guard place < tokens.count else { return nil }
    if isNewLine { lines += 1 }
    guard token.gap != .wide || isNewLine else { return nil }
    if !isBlank, token.flags.contains(.unit) {
      let number = isSign(place + 1, ".") || isSign(place + 1, "#") ? place + 2 : place + 1
      if at(number).sort == .number { return number }
    }
    if !isBlank, isWord(place, "e"), isSign(place + 1, "-"), at(place + 2).count == 5 {
      return place + 2
    }
    if !isBlank, token.sort == .number, (4...6).contains(token.count),
      at(place + 1).gap != .none || at(place + 1).sort == .sign
    {
      let isSplit =
        isSign(place + 1, "-") && at(place + 1).gap == .none && at(place + 2).sort == .number
      return isSplit ? place + 2 : place
    }
    guard isCapital(token),
      !token.flags.has(any: [.title, .month, .weekday, .grammar, .label])
        || token.flags.has(any: [.city, .country]),
      isNewLine || !token.flags.contains(.medical) || token.flags.contains(.city)
    else { return nil }
    // "80331 München": where the postal code stands before the town.
    if place == end + 1, token.gap == .space, at(end).sort == .number, at(end).count == 5,
      token.flags.isDisjoint(with: [.common, .clinical, .anyGiven])
    {
      let isJoined = isSign(place + 1, "-") && isCapital(at(place + 2))
      return isJoined && at(place + 1).gap == .none ? place + 2 : place
    }
    return townEnd(place, isNewLine: isNewLine, isBlank: isBlank, isDivided: place > end + 1)
  }

  /// A town, a state or a country: capitalised words up to a comma, a line's end or a code.
  private func townEnd(_ place: Int, isNewLine: Bool, isBlank: Bool, isDivided: Bool) -> Int? {
    var last = place
    while last < place + 6 {
      let next = at(last + 1)
      if isSign(last + 1, "-"), next.gap == .none, at(last + 2).gap == .none,
        isCapital(at(last + 2))
      {
        last += 2
      } else if next.gap == .space, !next.flags.contains(.label),
        isCapital(next)
          || next.sort == .word && (next.count <= 2 || next.flags.contains(.particle))
            && at(last + 2).gap == .space && isCapital(at(last + 2))
      {
        last += 1
      } else {
        break
      }
    }
    let run = place...last
    // What closes an address stands behind: a code, a country, on the next line too.
    let isTailed = (1...4).contains { step in
      let token = at(last + step)
      return token.sort == .number && (4...6).contains(token.count)
        || token.flags.has(any: [.country, .stateCode]) && isCapital(token)
    }
    if isBlank { return run.contains { at($0).flags.contains(.country) } && isTailed ? last : nil }
    if run.contains(where: { at($0).flags.has(any: [.anyCity, .stateCode, .state, .country]) })
      || isCityRun(place, last)
    {
      return last
    }
    let isClosed =
      !isOnLine(last + 1) || at(last + 1).sort == .number || isSign(last + 1, ",")
      || isSign(last + 1, ")")
    guard isClosed, isNewLine || isDivided else { return nil }
    if isTailed { return last }
    // A word that no list knows, at the end of the line: "…, Noorderwijk".
    if isDivided, !isNewLine, !isOnLine(last + 1),
      run.allSatisfy({
        at($0).shape == .lower || at($0).flags.isDisjoint(with: [.common, .anyGiven])
      })
    {
      return last
    }
    return isNewLine && at(place).flags.isDisjoint(with: [.common, .anyGiven]) ? last : nil
  }
}

/// Street addresses, and the lines that go on with one.
extension SegmentScan {
  private static let endings: [[UInt8]] = [
    "strasse", "straße", "gasse", "straat", "laan", "gata", "gatan", "vägen", "veien", "vegen",
    "vej", "gade",
    "katu", "weg", "allee", "platz", "stien", "plein", "torget", "dreef", "kade", "gracht", "polku",
    "kuja",
  ].map { Array($0.utf8) }

  private func isStreetWord(_ token: Token) -> Bool {
    guard token.count > 5 else { return false }
    let word = bytes[Int(token.start)..<Int(token.end)]
    return Self.endings.contains { ending in
      word.count > ending.count && word.suffix(ending.count).elementsEqual(ending)
    }
  }

  /// Whether a token can be a part of a street's name.
  private func isStreetPart(_ index: Int) -> Bool {
    let token = at(index)
    guard isOnLine(index), token.gap != .wide else { return false }
    if token.sort == .sign { return [0x27, 0x2d, 0x2e].contains(token.byte) }
    return isCapital(token) || token.flags.contains(.particle)
  }

  /// "123 Maple Street", "69 Rue Dielhère", "PSC 1437, Box 3833", from the number on.
  mutating func streetByNumber(at index: Int) {
    guard index >= addressEnd, at(index).count <= 5, isOnLine(index + 1) else { return }
    if at(index).gap == .none, index > 0, at(index - 1).sort != .sign || isSign(index - 1, ".") {
      return
    }
    var place = index + 1
    // "12B", "5th"
    if at(place).gap == .none, at(place).sort == .word, at(place).count <= 2 { place += 1 }
    // A postal code or a box before the house number: "2450 69 Crown St".
    if at(place).sort == .number, at(place).gap == .space, at(place).count <= 5 { place += 1 }
    let first = place
    while place < first + 7, isStreetPart(place) {
      let token = at(place)
      if token.flags.contains(.streetAfter), isCapital(token), place > first,
        at(place + 1).sort != .word || at(place + 1).gap != .space || !isCapital(at(place + 1))
          || at(place + 1).flags.has(any: [.unit, .stateCode, .state, .city])
      {
        let end =
          isSign(place + 1, ".") && at(place + 1).gap == .none && at(place).count <= 4
          ? place + 1 : place
        addressCore(index, end, 80)
        return
      }
      if place > first, isStreetWord(token), at(place + 1).sort == .number {
        addressCore(index, place + 1, 75)
        return
      }
      place += 1
    }
  }

  /// Streets that begin with a word: "Calle Sauceda 3", "C/ Hiedra, 8", "P.O. Box 104",
  /// "Hansinegata 120".
  mutating func street(at index: Int, _ token: Token) {
    guard index >= addressEnd else { return }
    if isWord(index, "box"), at(index + 1).sort == .number {
      var first = index
      while first > 0, isOnLine(first), index - first < 5,
        at(first - 1).shape == .upper || at(first - 1).shape == .initial
          || at(first - 1).sort == .number || isSign(first - 1, ".") || isSign(first - 1, ",")
          || isAny(first - 1, ["unit", "post", "office"])
      {
        first -= 1
      }
      if first < index { addressCore(first, index + 1, 80) }
      return
    }
    if token.flags.contains(.unit) { flat(at: index) }
    if token.count == 3, token.shape == .upper { militaryAddress(at: index) }
    let isSlashed =
      isAny(index, ["c", "p"]) && token.shape == .initial && isSign(index + 1, "/")
      && at(index + 1).gap == .none
    if isSlashed
      || token.flags.contains(.streetBefore) && token.shape != .initial
        && (token.shape != .upper || token.count > 3)
    {
      if let end = streetTail(from: isSlashed ? index + 2 : index + 1) {
        var first = index
        while first > 0, at(first - 1).sort == .number, isOnLine(first), index - first < 2 {
          first -= 1
        }
        addressCore(first, end, 75)
        return
      }
    }
    if isStreetWord(token), at(index + 1).sort == .number, at(index + 1).count <= 4,
      isOnLine(index + 1)
    {
      var first = index
      while first > 0, isOnLine(first), index - first < 3,
        isCapital(at(first - 1)) && !at(first - 1).flags.has(any: .grammar)
          || at(first - 1).sort == .number
      {
        first -= 1
      }
      addressCore(first, index + 1, 75)
      return
    }
    // A proper name and a house number, where a word says that it is a place.
    guard token.flags.isDisjoint(with: .notName),
      !token.flags.contains(.common) || token.flags.has(any: .anyName), token.count > 2
    else { return }
    var end = index
    while end < index + 4, isStreetPart(end + 1),
      at(end + 1).sort != .sign || at(end + 1).gap == .none
    { end += 1 }
    let house = end + 1
    guard at(house).sort == .number, at(house).count <= 4, at(house).gap == .space else { return }
    let isCued =
      at(index - 1).flags.contains(.placeWord) || isAny(index - 1, ["on"])
      || at(index - 1).sort == .number
      || isSign(index - 1, ":") || at(index).gap == .blank
    let after = at(house + 1)
    if after.sort == .word,
      after.gap == .none
        || ["mg", "mcg", "ml", "g", "units", "times", "mm", "kg", "tablets"].contains(where: {
          isWord(house + 1, $0)
        })
    {
      return
    }
    if isSign(house + 1, "%")
      || after.gap == .none && after.sort == .sign && ![0x2e, 0x2c].contains(after.byte)
    {
      return
    }
    guard isCued, isCapital(token), !token.flags.contains(.medical) else { return }
    let first = at(index - 1).sort == .number && isOnLine(index) ? index - 1 : index
    addressCore(first, house, 55)
  }

  /// The rest of a street behind "Calle": names, then number, floor and door.
  private func streetTail(from index: Int) -> Int? {
    var place = index
    var last: Int?
    if isSign(place, "."), at(place).gap == .none { place += 1 }
    while place < index + 9, isOnLine(place) {
      let token = at(place)
      if token.flags.has(any: [.facility, .title]) && last != nil { break }
      if token.sort == .word,
        isCapital(token) || token.flags.contains(.particle)
          || at(place - 1).flags.contains(.streetBefore)
      {
        last = place
      } else if token.sort == .sign, [0x27, 0x2d, 0x2e, 0x01].contains(token.byte),
        at(place + 1).sort == .word, token.gap == .none
      {
      } else {
        break
      }
      place += 1
    }
    guard var end = last else { return nil }
    // "3", "3 - 5º 2ª", "2, Ed. ICA, Esc. 2a, 5ºC", "s/n"
    var hasNumber = false
    var step = place
    while step < place + 16, isOnLine(step) {
      let token = at(step)
      if token.sort == .number, token.count <= 4 {
        hasNumber = true
        end = step
      } else if token.sort == .word, hasNumber || isAny(step, ["s", "km", "no", "num", "n"]),
        token.count <= 2 || token.flags.contains(.unit)
          || isAny(step, ["izda", "dcha", "esc", "ed", "km", "esq", "bajo", "bis"])
      {
        end = step
        if isWord(step, "n") { hasNumber = true }
      } else if token.sort == .sign, [0x2c, 0x2d, 0x2e, 0x01, 0x2f].contains(token.byte) {
        if token.byte == 0x01, token.gap == .none { end = step }
        if token.byte == 0x2e, at(step + 1).gap != .none, hasNumber, at(step - 1).sort == .number {
          break
        }
      } else {
        break
      }
      step += 1
    }
    return hasNumber || last.map { $0 > index } == true ? end : nil
  }
}

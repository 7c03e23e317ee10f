/// Dates that say more than a year.
extension SegmentScan {
  /// The last token of a date in digits that begins there, its time included.
  func dateEnd(at index: Int) -> Int? {
    let first = at(index)
    guard first.sort == .number, first.count <= 4 else { return nil }
    let sign = at(index + 1)
    guard sign.sort == .sign, sign.gap == .none, [0x2d, 0x2f, 0x2e].contains(sign.byte),
      at(index + 3).sort == .sign, at(index + 3).byte == sign.byte, at(index + 3).gap == .none,
      at(index + 2).gap == .none, at(index + 4).gap == .none
    else { return nil }
    let (a, b, c) = (value(first), value(at(index + 2)), value(at(index + 4)))
    let lengths = (first.count, at(index + 2).count, at(index + 4).count)
    guard lengths.1 <= 2 else { return nil }
    if lengths.0 == 4 {
      guard isYear(a), (1...12).contains(b), (1...31).contains(c), lengths.2 <= 2 else {
        return nil
      }
    } else {
      guard lengths.0 <= 2, isDayAndMonth(a, b) else { return nil }
      if lengths.2 == 4 {
        guard isYear(c) else { return nil }
      } else {
        // "1.2.13" is a version; "am 1.2.13" is a day.
        guard lengths.2 == 2,
          sign.byte != 0x2e || lengths.0 == 2 && lengths.1 == 2
            || setting == .clinical && isAny(index - 1, ["am", "vom", "seit", "bis", "den", "geb"])
        else { return nil }
      }
    }
    // Part of something longer: a version, a number, a path.
    let before = at(index - 1)
    if first.gap == .none, before.sort != .sign || [0x2d, 0x2f, 0x2e, 0x5f].contains(before.byte) {
      return nil
    }
    let after = at(index + 5)
    if after.gap == .none, after.sort == .number { return nil }
    if after.gap == .none, after.sort == .sign, at(index + 6).gap == .none {
      let next = at(index + 6).sort
      if [0x2d, 0x2f].contains(after.byte), next != .sign { return nil }
      // "24.12.10.99" is an Internet address.
      if after.byte == 0x2e, sign.byte == 0x2e, next == .number { return nil }
    }
    return timeEnd(after: index + 4)
  }

  private func isYear(_ value: Int) -> Bool { (1880...2099).contains(value) }

  private func isDayAndMonth(_ a: Int, _ b: Int) -> Bool {
    (1...31).contains(a) && (1...31).contains(b) && min(a, b) <= 12
  }

  /// The last token of a time of day behind a date, or the date's own last token.
  private func timeEnd(after index: Int) -> Int {
    var hour = index + 1
    if isWord(hour, "t"), at(hour).gap == .none { hour += 1 }
    guard at(hour).sort == .number, at(hour).count == 2, hour > index + 1 || at(hour).gap == .space,
      isSign(hour + 1, ":"), at(hour + 1).gap == .none, at(hour + 2).sort == .number,
      at(hour + 2).gap == .none
    else { return index }
    var end = hour + 2
    while at(end + 1).sort == .sign, at(end + 1).gap == .none, at(end + 2).gap == .none,
      [0x3a, 0x2e, 0x2b, 0x2d].contains(at(end + 1).byte), at(end + 2).sort == .number,
      end - hour < 10
    {
      end += 2
    }
    if isWord(end + 1, "z"), at(end + 1).gap == .none { end += 1 }
    return end
  }

  /// Whether words beside it say that the date is a document's.
  private func isOfDocument(_ first: Int, _ last: Int) -> Bool {
    hasBefore(first, within: 3, .documentWord) || hasAfter(last, within: 2, .documentWord)
  }

  /// "on 3/20": a day and a month, where a word says that it is one.
  private mutating func shortDate(at index: Int) -> Bool {
    guard at(index).count <= 2, isSign(index + 1, "/"), at(index + 1).gap == .none,
      at(index + 2).gap == .none, at(index + 2).sort == .number, at(index + 2).count <= 2,
      isDayAndMonth(value(at(index)), value(at(index + 2))), isAlone(index, index + 2),
      isAny(index - 1, ["on", "since", "until", "dated", "by", "am", "seit", "desde"])
    else { return false }
    add(.date, index, index + 2, 45, .dateShape)
    return true
  }

  mutating func numericDate(at index: Int) -> Bool {
    guard let end = dateEnd(at: index) else { return shortDate(at: index) }
    if !isOfDocument(index, end) { add(.date, index, end, 80, .dateShape) }
    return true
  }

  /// "3 May 2021", "3rd of May", "4. März 2021", "12 de mayo de 2020", from the number on.
  mutating func dayMonthDate(at index: Int) {
    guard at(index).count <= 2, (1...31).contains(value(at(index))) else { return }
    var place = index + 1
    if isAny(place, ["st", "nd", "rd", "th"]), at(place).gap == .none { place += 1 }
    if isSign(place, "."), at(place).gap == .none { place += 1 }
    if isSign(place, "-"), at(place).gap == .none { place += 1 }
    if isAny(place, ["of", "de"]) { place += 1 }
    guard at(place).flags.contains(.month), isOnLine(place) else { return }
    let year = yearEnd(after: place)
    guard
      year != nil || isCapital(at(place)) && at(place).count > 3 || isAny(place - 1, ["of", "de"])
    else { return }
    let end = year ?? place
    if !isOfDocument(index, end) { add(.date, index, end, year == nil ? 60 : 85, .dateShape) }
  }

  /// "May 3rd, 2021", "Aug 10, '23", "mayo de 2020", from the month on.
  mutating func monthDate(at index: Int) {
    if at(index - 1).sort == .number, at(index).gap != .line, at(index - 1).count <= 2 { return }
    var place = index + 1
    if isSign(place, "."), at(place).gap == .none { place += 1 }
    let day = at(place)
    let isWritten = isCapital(at(index))
    var last = index
    if day.sort == .number, day.count <= 2, isOnLine(place), (1...31).contains(value(day)),
      isWritten
    {
      last = place
      if isAny(place + 1, ["st", "nd", "rd", "th"]), at(place + 1).gap == .none { last += 1 }
      // "May 5-7, 2021"
      if isSign(last + 1, "-"), at(last + 2).sort == .number, at(last + 2).count <= 2 { last += 2 }
    }
    let year = yearEnd(after: last)
    guard year != nil || last > index else { return }
    // "in May 2021" is a date; "may 2021" of a lower-case text is one only in Spanish or with "of".
    if !isWritten, year != nil, last == index, isAny(index, ["may", "march", "mar", "sept"]) {
      return
    }
    let end = year ?? last
    if !isOfDocument(index, end) { add(.date, index, end, year == nil ? 60 : 85, .dateShape) }
  }

  /// The year behind a month or a day, the words between them stepped over.
  private func yearEnd(after index: Int) -> Int? {
    var place = index + 1
    if isSign(place, "."), at(place).gap == .none { place += 1 }
    if isSign(place, "-"), at(place).gap == .none { place += 1 }
    if isSign(place, ","), at(place).gap == .none { place += 1 }
    if isAny(place, ["of", "de", "del"]) { place += 1 }
    guard isOnLine(place) else { return nil }
    if isSign(place, "'"), at(place + 1).sort == .number, at(place + 1).count == 2 {
      return place + 1
    }
    let token = at(place)
    guard token.sort == .number, token.count == 4, isYear(value(token)) else { return nil }
    return timeEnd(after: place)
  }

  /// Behind a label: "19840203", with a time perhaps.
  mutating func compactDate(_ place: Int) {
    let token = at(place)
    guard token.sort == .number, [8, 12, 14].contains(token.count) else { return }
    var digits: [Int] = []
    for byte in Int(token.start)..<Int(token.start) + 8 { digits.append(Int(bytes[byte] & 15)) }
    let year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]
    guard isYear(year), (1...12).contains(digits[4] * 10 + digits[5]),
      (1...31).contains(digits[6] * 10 + digits[7])
    else { return }
    add(.date, place, place, 85, .labelledValue)
  }

  /// An age of 90 and over, with the word for years beside it.
  mutating func age(at index: Int) {
    let token = at(index)
    guard token.count <= 3, (90...125).contains(value(token)) else { return }
    var place = index + 1
    if isSign(place, "-") { place += 1 }
    guard at(place).flags.contains(.yearsWord), isOnLine(place) else {
      guard at(index - 1).flags.contains(.yearsWord),
        isAny(index - 1, ["aged", "age", "edad", "alter"])
      else { return }
      add(.age, index, index, 70, .ageNinety)
      return
    }
    // "a 95 year survival" speaks of no person; "95-year-old" and "95 yo" do.
    let isOld = (place...(place + 3)).contains { isAny($0, ["old", "o", "yo", "edad", "alt"]) }
    guard
      isOld || isAny(place, ["anos", "jahriger", "jahrige"])
        || hasBefore(index, within: 4, .clinical)
    else { return }
    add(.age, index, place, 75, .ageNinety)
  }
}

/// Numbers that are told by their form and check digits.
extension SegmentScan {
  mutating func number(at index: Int, _ token: Token) {
    if socialSecurity(at: index) { return }
    if setting == .source {
      if token.count >= 13 { card(at: index) }
      return
    }
    if numericDate(at: index) { return }
    if token.count <= 3 { age(at: index) }
    dayMonthDate(at: index)
    if internetAddress(at: index) { return }
    if token.count >= 4 { card(at: index) }
    phone(at: index)
    mixedNumber(at: index, token)
    streetByNumber(at: index)
    if token.count <= 5 { numberedName(at: index) }
  }

  /// Whether a run of tokens stands alone: no letter, digit or joining sign touches it.
  func isAlone(_ first: Int, _ last: Int) -> Bool {
    func touches(_ token: Token, _ other: Token) -> Bool {
      token.sort != .sign
        || [0x2d, 0x2e, 0x2f, 0x5f].contains(token.byte) && other.gap == .none
          && other.sort != .sign
    }
    if at(first).gap == .none, first > 0, touches(at(first - 1), at(first)) { return false }
    let after = at(last + 1)
    if after.gap == .none, last + 1 < tokens.count {
      if after.sort != .sign { return false }
      if [0x2d, 0x2f, 0x5f, 0x2e].contains(after.byte), at(last + 2).gap == .none,
        at(last + 2).sort != .sign
      {
        return false
      }
    }
    return true
  }

  /// 000-00-0000.
  private mutating func socialSecurity(at index: Int) -> Bool {
    guard at(index).count == 3, isSign(index + 1, "-"), at(index + 2).count == 2,
      at(index + 2).sort == .number, isSign(index + 3, "-"), at(index + 4).count == 4,
      at(index + 4).sort == .number, (index + 1...index + 4).allSatisfy({ at($0).gap == .none }),
      isAlone(index, index + 4)
    else { return false }
    let (area, group, serial) = (value(at(index)), value(at(index + 2)), value(at(index + 4)))
    let isNobodys = TestNumbers.isNobodys(area: area, group: group, serial: serial)
    if setting == .source {
      guard !isNobodys, hasLabelBefore(index, .national) else { return true }
      add(.nationalNumber, index, index + 4, 85, .socialSecurityShape)
    } else {
      add(.nationalNumber, index, index + 4, isNobodys ? 60 : 85, .socialSecurityShape)
    }
    return true
  }

  /// Whether a label of that kind ends within the five tokens before.
  func hasLabelBefore(_ index: Int, _ label: PHILabel) -> Bool {
    for start in max(0, index - 6)..<max(index, 0) where at(start).flags.contains(.label) {
      if let (found, end) = labelEnd(at: start), found == label, end <= index { return true }
    }
    return false
  }

  /// A payment card's number, in one run or in groups of four.
  private mutating func card(at index: Int) {
    var last = index
    while at(last).count == 4, last - index < 8 {
      let sign = isSign(last + 1, "-") && at(last + 1).gap == .none ? 1 : 0
      let next = at(last + 1 + sign)
      guard next.sort == .number, next.count <= 4, next.gap == (sign == 1 ? .none : .space) else {
        break
      }
      last += 1 + sign
    }
    let count = digits(index, last)
    guard (12...19).contains(count), isAlone(index, last) else { return }
    let digits = digitValues(index, last)
    let isRight = Checks.luhn(digits)
    let isNamed = hasBefore(index, within: 8, .cardCue) || hasAfter(last, within: 3, .cardCue)
    let number = digits.reduce(UInt64(0)) { $0 &* 10 &+ UInt64($1) }
    if setting == .source {
      guard isRight, isNamed, [15, 16].contains(count), !TestNumbers.cards.contains(number),
        (3...6).contains(digits[0]),
        !TestNumbers.isPlain(bytes, Int(at(index).start), Int(at(last).end))
      else { return }
      add(.accountNumber, index, last, 80, .cardNumber)
    } else if isNamed {
      add(.accountNumber, index, last, isRight ? 90 : 60, .cardNumber)
    } else if isRight, (2...6).contains(digits[0]), count >= 13 {
      add(.accountNumber, index, last, 65, .cardNumber)
    }
  }

  func digitValues(_ first: Int, _ last: Int) -> [Int] {
    var digits: [Int] = []
    for index in first...last where at(index).sort == .number {
      for place in Int(at(index).start)..<Int(at(index).end) {
        digits.append(Int(bytes[place] & 15))
      }
    }
    return digits
  }

  /// Numbers of letters and digits with check digits, and codes as hospitals write them.
  mutating func mixedNumber(at index: Int, _ token: Token) {
    if token.gap == .none, index > 0, at(index - 1).sort != .sign { return }
    guard at(index + 1).gap == .none, index + 1 < tokens.count else { return }
    var last = index
    var count = token.count
    // Letters and digits that touch; an IBAN may have single spaces.
    while at(last + 1).gap == .none, at(last + 1).sort != .sign, last + 1 < tokens.count, count < 36
    {
      last += 1
      count += at(last).count
    }
    if last > index, count <= 35 {
      if let (type, rule) = Checks.kind(of: bytes[Int(token.start)..<Int(at(last).end)]),
        isAlone(index, last)
      {
        add(type, index, last, 85, rule)
        return
      }
    }
    if token.sort == .word, count == 4, last == index + 1, at(last).count == 2 {
      iban(at: index, last)
    }
    guard token.sort == .word,
      token.shape == .upper || token.shape == .initial,
      token.count <= 6
    else { return }
    let isJoined = isSign(index + 1, "-") && at(index + 2).gap == .none
    let digits = isJoined ? index + 2 : index + 1
    guard at(digits).sort == .number, (5...12).contains(at(digits).count), isAlone(index, digits)
    else {
      return
    }
    add(.otherNumber, index, digits, 55, .codeShape)
  }

  /// An IBAN in groups of four.
  private mutating func iban(at index: Int, _ last: Int) {
    var end = last
    var text = Array(bytes[Int(at(index).start)..<Int(at(last).end)])
    while at(end + 1).gap == .space || at(end + 1).gap == .none, at(end + 1).sort != .sign,
      end + 1 < tokens.count, text.count < 34, at(end + 1).shape != .capitalised,
      at(end + 1).shape != .mixed
    {
      end += 1
      text += bytes[Int(at(end).start)..<Int(at(end).end)]
    }
    if Checks.iban(text) { add(.accountNumber, index, end, 90, .iban) }
  }

  /// "#1234567" and "#BH-112233".
  mutating func hashCode(at index: Int) {
    guard at(index + 1).gap == .none, let end = identifierEnd(index + 1),
      digits(index + 1, end) >= 5
    else { return }
    add(.otherNumber, index + 1, end, 50, .codeShape)
  }
}

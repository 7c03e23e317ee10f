@testable import PHI

/// A slow reading of the rules on forms: it tries every place of the text, byte by byte.
struct NaiveReading {
  let text: [UInt8]

  private func isWord(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
  private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
  }
  private func isJoint(_ byte: UInt8) -> Bool { [0x2d, 0x2e, 0x2f, 0x5f].contains(byte) }
  private func byte(_ place: Int) -> UInt8 { text.indices.contains(place) ? text[place] : 0x20 }

  /// Nothing touches the stretch that would make it a part of something longer.
  private func isAlone(_ start: Int, _ end: Int) -> Bool {
    if start > 0, isWord(text[start - 1]) || isJoint(text[start - 1]) { return false }
    guard end < text.count else { return true }
    if isWord(text[end]) { return false }
    return !(isJoint(text[end]) && isWord(byte(end + 1)))
  }

  /// Digits from a place on.
  private func run(_ start: Int) -> Int {
    var end = start
    while isDigit(byte(end)) { end += 1 }
    return end - start
  }

  private func number(_ start: Int, _ count: Int) -> Int {
    text[start..<start + count].reduce(0) { $0 * 10 + Int($1 & 15) }
  }

  private var numberStarts: [Int] {
    text.indices.filter { isDigit(text[$0]) && ($0 == 0 || !isDigit(text[$0 - 1])) }
  }

  func socialSecurityNumbers() -> Set<Int> {
    Set(
      text.indices.filter { start in
        guard start + 11 <= text.count, isAlone(start, start + 11) else { return false }
        return zip(text[start...], "000-00-0000".utf8).allSatisfy {
          $1 == 0x30 ? isDigit($0) : $0 == $1
        }
      })
  }

  /// Numbers of letters and digits with a right check digit.
  func checkedNumbers() -> Set<Int> {
    var starts: Set<Int> = []
    for start in text.indices where isWord(text[start]) && (start == 0 || !isWord(text[start - 1]))
    {
      for end in (start + 9)..<(start + 36) where end <= text.count && isAlone(start, end) {
        let run = text[start..<end]
        let hasBoth = run.contains { isDigit($0) } && run.contains { !isDigit($0) }
        if run.allSatisfy(isWord), hasBoth, Checks.kind(of: run) != nil { starts.insert(start) }
      }
    }
    return starts
  }

  /// Cards: digits alone or in fours, with one blank or one line between, Luhn's digit right.
  func cards() -> Set<Int> {
    Set(
      numberStarts.filter { start in
        var end = start + run(start)
        var groups = 1
        var last = end - start
        while last == 4, groups < 9, byte(end) == 0x20 || byte(end) == 0x2d,
          (1...4).contains(run(end + 1))
        {
          last = run(end + 1)
          end += 1 + last
          groups += 1
        }
        let digits = text[start..<end].filter(isDigit).map { Int($0 & 15) }
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
          sum += place % 2 == 0 ? digit : digit * 2 / 10 + digit * 2 % 10
        }
        return (13...19).contains(digits.count) && isAlone(start, end) && sum % 10 == 0
          && (2...6).contains(digits[0])
      })
  }

  /// Days in digits: year first, or year last with four digits or two.
  func dates() -> Set<Int> {
    Set(
      numberStarts.filter { start in
        if start > 0, isLetter(text[start - 1]) || isJoint(text[start - 1]) { return false }
        let first = run(start)
        let sign = byte(start + first)
        let middle = start + first + 1
        let second = run(middle)
        let third = middle + second + 1
        let last = run(third)
        guard [0x2d, 0x2f, 0x2e].contains(sign), first <= 4, (1...2).contains(second), last >= 1,
          byte(middle + second) == sign
        else { return false }
        let (a, b) = (number(start, first), number(middle, second))
        let end = third + last
        if [0x2d, 0x2f].contains(byte(end)), isWord(byte(end + 1)) { return false }
        if byte(end) == 0x2e, sign == 0x2e, isDigit(byte(end + 1)) { return false }
        func isYear(_ value: Int) -> Bool { value >= 1880 && value <= 2099 }
        if first == 4 {
          return last <= 2 && isYear(a) && (1...12).contains(b)
            && (1...31).contains(number(third, last))
        }
        guard first <= 2, (1...31).contains(a), (1...31).contains(b), a <= 12 || b <= 12 else {
          return false
        }
        if last == 4 { return isYear(number(third, last)) }
        return last == 2 && (sign != 0x2e || first == 2 && second == 2)
      })
  }

  /// Internet addresses that are no reserved ones.
  func internetAddresses() -> Set<Int> {
    Set(
      numberStarts.filter { start in
        var place = start
        var values: [Int] = []
        for part in 0..<4 {
          let count = run(place)
          guard (1...3).contains(count) else { return false }
          values.append(number(place, count))
          place += count
          if part < 3 {
            guard byte(place) == 0x2e else { return false }
            place += 1
          }
        }
        guard isAlone(start, place), values.allSatisfy({ $0 <= 255 }) else { return false }
        let three = Array(values[..<3])
        return ![0, 10, 127, 255].contains(values[0]) && Array(values[..<2]) != [192, 168]
          && !(values[0] == 172 && (16...31).contains(values[1]))
          && ![[192, 0, 2], [198, 51, 100], [203, 0, 113]].contains(three)
      })
  }

  /// Places of at signs of mail addresses.
  func mailAddresses() -> Set<Int> {
    func isPart(_ byte: UInt8) -> Bool {
      isWord(byte) || [0x2e, 0x2d, 0x5f, 0x2b, 0x25].contains(byte)
    }
    return Set(
      text.indices.filter { at in
        guard text[at] == 0x40 else { return false }
        var start = at
        while start > 0, isPart(text[start - 1]) { start -= 1 }
        guard text[start..<at].contains(where: isWord) else { return false }
        var place = at + 1
        let isBlank = byte(place) <= 0x20 || byte(place) == 0x7f
        if isBlank, ![0x09, 0x0a, 0x0d].contains(byte(place)), isPart(byte(place + 1)) {
          place += 1
        }
        var hasDot = false
        while isPart(byte(place)) {
          if byte(place) == 0x2e {
            guard isWord(byte(place + 1)) else { break }
            hasDot = true
          }
          place += 1
        }
        return hasDot
      })
  }

  /// Telephone numbers in groups of three, three and four.
  func telephones() -> Set<Int> {
    Set(
      numberStarts.filter { start in
        for sign in [0x2d, 0x2e] as [UInt8]
        where run(start) == 3 && byte(start + 3) == sign && run(start + 4) == 3
          && byte(start + 7) == sign && run(start + 8) == 4
        {
          return isAlone(start, start + 12)
            && !(start > 1 && [0x2b, 0x28, 0x29].contains(text[start - 1]))
            && !isDigitBefore(start) && !goesOn(start + 12)
        }
        return false
      })
  }

  /// Whether another group of digits stands before it on the same line.
  private func isDigitBefore(_ start: Int) -> Bool {
    var place = start
    while place > 0, !isLetter(text[place - 1]), text[place - 1] != 0x0a, text[place - 1] != 0x2c {
      place -= 1
      if isDigit(text[place]) { return true }
    }
    return false
  }

  private func goesOn(_ end: Int) -> Bool {
    var place = end
    while place < text.count, [0x20, 0x2d, 0x2e, 0x2f, 0x28, 0x29, 0x2b].contains(text[place]) {
      place += 1
    }
    return isDigit(byte(place)) || place > end + 1
  }

  /// Ages of 90 and more, with "-year-old" or " years old" behind.
  func ages() -> Set<Int> {
    Set(
      numberStarts.filter { start in
        let count = run(start)
        guard count == 2 || count == 3, (90...125).contains(number(start, count)) else {
          return false
        }
        let rest = text[(start + count)...]
        return ["-year-old", " years old"].contains { words in
          rest.starts(with: words.utf8) && !isLetter(byte(start + count + words.utf8.count))
        }
      })
  }
}

/// Telephone numbers, mail, web and Internet addresses.
extension SegmentScan {
  /// A telephone number that begins at a digit, at "+" or at "(".
  mutating func phone(at index: Int) {
    let before = at(index - 1)
    if at(index).sort == .number, index > 0 {
      // Inside a longer run; it was looked at from its beginning.
      if at(index).gap == .none,
        before.sort != .sign || [0x2b, 0x28, 0x2d, 0x2e, 0x2f, 0x5f].contains(before.byte)
      {
        return
      }
    }
    var groups: [Int] = []
    var last = index - 1
    var place = index
    var digits = 0
    var hasDot = false
    while place < min(index + 16, tokens.count) {
      let token = at(place)
      if place > index, token.gap != .none, token.gap != .space { break }
      if token.sort == .number {
        // Two numbers with nothing between them are no group.
        if token.count > 12 { break }
        groups.append(token.count)
        digits += token.count
        last = place
      } else if token.sort == .sign, [0x2d, 0x2e, 0x28, 0x29, 0x2b, 0x2f].contains(token.byte),
        token.byte != 0x2b || place == index
      {
        if token.byte == 0x2e {
          if token.gap != .none || at(place + 1).gap != .none { break }
          hasDot = true
        }
        if token.byte == 0x28, at(place + 1).sort != .number { break }
      } else {
        break
      }
      place += 1
    }
    guard (7...15).contains(digits), last > index || groups.count == 1 else { return }
    if isAny(last + 1, ["x", "ext"]) {
      let end = isSign(last + 2, ".") ? last + 3 : last + 2
      if at(end).sort == .number,
        isAlone(end, end) || at(end).gap == .none && isAlone(last + 1, end)
      {
        last = end
      }
    }
    let isNamed =
      hasBefore(index, within: 6, .phoneCue) || hasAfter(last, within: 2, .phoneCue)
    var confidence = 0
    if isSign(index, "+"), digits >= 8 {
      confidence = 85
    } else if groups.suffix(3) == [3, 3, 4], groups.count <= 4, groups.count == 3 || groups[0] <= 3
    {
      confidence = 80
    } else if isNamed, groups.count <= 6, groups.allSatisfy({ $0 >= 2 || groups.count > 2 }) {
      confidence = 65
    } else if groups == [3, 4], isSign(index + 1, "-") {
      confidence = 45
    } else if groups.count >= 2, groups.count <= 5, bytes[Int(at(index).start)] == 0x30,
      (9...12).contains(digits), groups.allSatisfy({ $0 >= 2 })
    {
      confidence = 50
    }
    if groups.count == 1, !isNamed, !isSign(index, "+") { return }
    if hasDot, groups.contains(where: { $0 < 2 }) { return }
    let isTailed = isSign(last + 1, "-") && at(last + 2).sort == .word
    guard confidence > 0, isTailed || isAlone(index, last) else { return }
    let isFax = isAny(index - 1, ["fax"]) || isAny(index - 2, ["fax"]) || isAny(last + 1, ["fax"])
    add(isFax ? .fax : .phone, index, last, confidence, .phoneShape)
  }

  /// An address around an at sign.
  mutating func email(at index: Int) {
    func isPart(_ token: Token) -> Bool {
      token.sort != .sign || [0x2e, 0x2d, 0x5f, 0x2b, 0x25].contains(token.byte)
    }
    guard index > 0, at(index).gap == .none else { return }
    var first = index
    while first > 0, index - first < 24, isPart(at(first - 1)),
      first == index || at(first).gap == .none
    {
      first -= 1
    }
    while first < index, at(first).sort == .sign { first += 1 }
    var last = index
    var hasDot = false
    while last + 1 < tokens.count, last - index < 24, isPart(at(last + 1)),
      at(last + 1).gap == .none || last == index && at(last + 1).gap == .space
    {
      if isSign(last + 1, ".") {
        guard at(last + 2).gap == .none, at(last + 2).sort != .sign else { break }
        hasDot = true
      }
      last += 1
    }
    guard first < index, hasDot, last > index else { return }
    add(.email, first, last, 90, .emailShape)
  }

  /// "https://…", from the colon.
  mutating func webAddress(at index: Int) {
    guard isSign(index + 1, "/"), isSign(index + 2, "/"), at(index + 1).gap == .none,
      isAny(index - 1, ["http", "https", "ftp"])
    else { return }
    webAddress(from: index - 1, host: index + 3)
  }

  mutating func www(at index: Int) {
    guard isWord(index, "www"), isSign(index + 1, "."), at(index + 1).gap == .none,
      !(isSign(index - 1, "/") && at(index).gap == .none)
    else { return }
    webAddress(from: index, host: index)
  }

  private mutating func webAddress(from first: Int, host: Int) {
    guard host < tokens.count, at(host).gap == .none else { return }
    var end = Int(at(host).start)
    let start = end
    while end < bytes.count, end - start < 2048, bytes[end] > 0x20, bytes[end] < 0x7f,
      ![0x22, 0x3c, 0x3e, 0x60, 0x7b, 0x7d, 0x5c].contains(bytes[end])
    {
      end += 1
    }
    while end > start,
      [0x2e, 0x2c, 0x29, 0x3b, 0x27, 0x5d, 0x3f, 0x21, 0x3a].contains(bytes[end - 1])
    {
      end -= 1
    }
    guard end - start > 3, !PublicHosts.contains(bytes[start..<end]) else { return }
    candidates.append(
      Candidate(
        type: .url, start: Int(at(first).start), end: end, confidence: 60, rule: .webAddress))
  }

  /// Four numbers up to 255, with dots.
  mutating func internetAddress(at index: Int) -> Bool {
    let parts = [0, 2, 4, 6].map { at(index + $0) }
    guard parts.allSatisfy({ $0.sort == .number && $0.count <= 3 && value($0) <= 255 }),
      (1...6).allSatisfy({ at(index + $0).gap == .none }),
      [1, 3, 5].allSatisfy({ isSign(index + $0, ".") }), isAlone(index, index + 6)
    else { return false }
    let values = parts.map { value($0) }
    let isReserved =
      [0, 10, 127, 255].contains(values[0]) || values[0] == 192 && values[1] == 168
      || values[0] == 172 && (16...31).contains(values[1])
      || [[192, 0, 2], [198, 51, 100], [203, 0, 113]].contains(Array(values[..<3]))
    if !isReserved, !isAny(index - 1, ["version", "v", "release"]) {
      add(.ipAddress, index, index + 6, 70, .internetAddress)
    }
    return true
  }

  /// Eight groups of four hexadecimal digits, or fewer with "::", from the first colon.
  mutating func internetAddress6(at index: Int) {
    guard at(index).gap == .none, index > 0, at(index - 1).sort != .sign else { return }
    var start = Int(at(index).start)
    let first = start
    func isHexadecimal(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6 }
    while start > 0, first - start < 5, isHexadecimal(bytes[start - 1]) { start -= 1 }
    guard first > start, first - start <= 4,
      start == 0 || bytes[start - 1] <= 0x20 || bytes[start - 1] == 0x5b
    else { return }
    var end = first
    var groups = 1
    var run = 0
    var double = 0
    while end < bytes.count, end - start < 40 {
      if bytes[end] == 0x3a {
        if end + 1 < bytes.count, bytes[end + 1] == 0x3a { double += 1 }
        run = 0
      } else if isHexadecimal(bytes[end]) {
        run += 1
        if run == 1 { groups += 1 }
        if run > 4 { return }
      } else {
        break
      }
      end += 1
    }
    guard bytes[end - 1] != 0x3a,
      groups == 8 && double == 0 || double == 1 && (3...7).contains(groups)
    else { return }
    candidates.append(
      Candidate(type: .ipAddress, start: start, end: end, confidence: 65, rule: .internetAddress))
  }
}

/// Hosts whose addresses name standards and code systems, not persons.
enum PublicHosts {
  private static let names: [[UInt8]] = [
    "www.w3.org", "hl7.org", "www.hl7.org", "loinc.org", "snomed.info", "schema.org", "example.com",
    "example.org", "www.example.com", "unitsofmeasure.org", "terminology.hl7.org", "ihe.net",
    "www.nlm.nih.gov", "nlm.nih.gov", "xmlns.com", "json-schema.org", "purl.org", "dicom.nema.org",
    "www.who.int", "www.cdc.gov", "www.fda.gov", "www.nice.org.uk", "doi.org", "dx.doi.org",
    "pubmed.ncbi.nlm.nih.gov", "www.ncbi.nlm.nih.gov", "standardhealthrecord.org",
    "synthetichealth.github.io",
    "localhost", "www.opensource.org", "www.apache.org", "www.gnu.org",
  ].map { Array($0.utf8) }

  static func contains(_ address: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    names.contains { name in
      address.starts(with: name)
        && (address.count == name.count
          || [0x2f, 0x3a, 0x23, 0x3f].contains(address.dropFirst(name.count).first ?? 0))
    }
  }
}

/// Values behind a label.
extension SegmentScan {
  /// The longest label that begins at a word, and the token after it.
  func labelEnd(at index: Int) -> (PHILabel, Int)? {
    var found: (PHILabel, Int)?
    var hash = Folding.seed
    var place = index
    for _ in 0..<6 {
      let token = at(place)
      guard token.sort == .word, place == index || isOnLine(place) else { break }
      hash = Folding.hash(bytes, Int(token.start), Int(token.end), from: hash)
      place += 1
      if let label = lexicon.labels[hash] { found = (label, place) }
      // "e-mail", "n.º", "patient_id", "localidad/ provincia"
      while at(place).sort == .sign, at(place).gap == .none,
        [0x2d, 0x2e, 0x5f, 0x2f, 0x27, 0x01].contains(at(place).byte), at(place + 1).sort == .word,
        at(place + 1).gap == .none || at(place).byte != 0x2d
      {
        place += 1
      }
      // "Pat.-Nr.", "Geb.-Datum"
      if isSign(place, "."), isSign(place + 1, "-"), at(place).gap == .none,
        at(place + 1).gap == .none, at(place + 2).gap == .none, at(place + 2).sort == .word
      {
        place += 2
      }
    }
    return found
  }

  mutating func label(at index: Int) {
    // Part of a longer word: "hostname", and "rename" is one token anyway.
    guard let (label, after) = labelEnd(at: index) else { return }
    if case .address = label, setting == .clinical { owner(at: after - 1) }
    var place = after
    var isMarked = false
    var isHash = false
    for _ in 0..<8 {
      let token = at(place)
      guard place < tokens.count, token.gap != .blank else { return }
      if token.sort == .sign {
        switch token.byte {
        case 0x3a, 0x3d, 0x3e, 0x7c: isMarked = true
        // "What is your name? Ann"
        case 0x3f where label.isName: isMarked = true
        case 0x23: isHash = true
        // An escape of JSON is no value; fields are looked at without them.
        case 0x5c where at(place + 1).byte == 0x75 && at(place + 1).gap == .none: return
        case 0x22, 0x27, 0x28, 0x2a, 0x60, 0x2e, 0x01, 0x2d, 0x5d, 0x5b, 0x5c: break
        default: return
        }
      } else if token.sort == .word, token.gap != .line,
        isAny(place, ["is", "was", "number", "no", "num", "nr", "id", "es", "ist", "lautet"])
      {
        if isAny(place, ["is", "was", "es", "ist"]) { isMarked = true }
      } else {
        break
      }
      place += 1
    }
    guard isMarked || at(place).gap != .line else { return }
    if setting == .source {
      sourceValue(label, index, after, place, isMarked: isMarked)
    } else {
      value(label, index, place, isMarked: isMarked, isHash: isHash)
    }
  }

  private mutating func value(
    _ label: PHILabel, _ index: Int, _ place: Int, isMarked: Bool, isHash: Bool
  ) {
    let isSure = isMarked || isHash
    switch label {
    case .record: identifier(.recordNumber, place, isSure)
    case .national: identifier(.nationalNumber, place, isSure)
    case .beneficiary: identifier(.beneficiaryNumber, place, isSure)
    case .account: identifier(.accountNumber, place, isSure)
    case .licence: identifier(.licenceNumber, place, isSure)
    case .vehicle: identifier(.vehicleNumber, place, isSure)
    case .device: identifier(.deviceNumber, place, isSure)
    case .other: identifier(.otherNumber, place, isSure)
    case .card: identifier(.accountNumber, place, false, least: 11)
    case .name, .patientName: if isMarked { labelledName(place) }
    case .clinician: if isMarked { labelledName(place) }
    case .phone: identifier(.phone, place, isSure, least: 6)
    case .fax: identifier(.fax, place, isSure, least: 6)
    case .address: if isMarked { labelledAddress(place) }
    case .place: if isMarked { labelledPlace(place) }
    case .postal:
      if isMarked || at(place).count == 5, at(place).sort == .number { labelledPostal(place) }
    case .birth, .date: if isMarked { compactDate(place) }
    case .age:
      let years = value(at(place))
      if years >= 90, years < 126 { add(.age, place, place, 85, .labelledValue) }
    case .country, .facility, .email, .url, .ip: break
    }
  }

  /// Words that stand for a patient's number in a clinic, and for much else in programs.
  private static let manifold: Set<UInt64> = Set(
    [
      "policy", "insurance", "insuranceplan", "healthplan", "episode", "episodio", "accession",
      "medicare", "poliza", "hn",
    ].map { Folding.hash($0) })

  /// In text about no patient, a label of a patient's data and a value of the right form.
  private mutating func sourceValue(
    _ label: PHILabel, _ index: Int, _ after: Int, _ place: Int, isMarked: Bool
  ) {
    guard isMarked, !(isWord(place + 1, "x") && at(place).count == 1) else { return }
    if after == index + 1, Self.manifold.contains(at(index).hash) { return }
    switch label {
    case .record, .beneficiary:
      // "insurance : 2015-02-19" is a day on which something else happened.
      guard dateEnd(at: place) == nil, let end = identifierEnd(place), digits(place, end) >= 6,
        !TestNumbers.isPlain(bytes, Int(at(place).start), Int(at(end).end))
      else { return }
      add(
        label == .record ? .recordNumber : .beneficiaryNumber, place, end, 80, .labelledValue)
    case .national:
      // The form of a social security number is looked for by itself.
      guard let end = identifierEnd(place) else { return }
      let value = bytes[Int(at(place).start)..<Int(at(end).end)]
      guard Checks.kind(of: value)?.0 == .nationalNumber,
        !TestNumbers.isPlain(bytes, Int(at(place).start), Int(at(end).end))
      else { return }
      add(.nationalNumber, place, end, 85, .labelledValue)
    case .birth:
      if let end = dateEnd(at: place) { add(.date, place, end, 80, .labelledValue) }
    case .patientName:
      let end = nameRunEnd(place)
      guard end > place, at(place).flags.has(any: .anyGiven), at(end).flags.has(any: .anyName)
      else { return }
      add(.name, place, end, 75, .labelledValue)
    default: return
    }
  }

  /// A number behind a label: letters, digits and the signs between them, with digits in it.
  private mutating func identifier(
    _ type: PHIKind, _ place: Int, _ isMarked: Bool, least: Int = 0
  ) {
    guard let end = identifierEnd(place) else { return }
    let digits = digits(place, end)
    guard digits >= (least > 0 ? least : isMarked ? 2 : 4) else { return }
    // "admitted: 12/03/2020" is a date.
    if dateEnd(at: place) == end { return }
    add(type, place, end, isMarked ? 90 : 75, .labelledValue)
  }

  /// The last token of an identifier that begins there.
  func identifierEnd(_ place: Int) -> Int? {
    guard at(place).sort != .sign else { return nil }
    var end = place
    var next = place + 1
    while next < min(place + 24, tokens.count) {
      let token = at(next)
      if token.gap == .none, token.sort != .sign {
        end = next
      } else if token.gap == .none, [0x2d, 0x2f, 0x2e, 0x5f].contains(token.byte),
        at(next + 1).gap == .none, at(next + 1).sort != .sign
      {
        // The sign counts when more follows.
      } else if token.gap == .space, token.sort == .number, at(end).sort == .number,
        token.count < 12, next - place < 10, !at(next + 1).flags.contains(.yearsWord)
      {
        end = next
      } else if token.gap == .space, token.byte == 0x2d, at(next + 1).sort == .number,
        at(next + 1).gap == .space, at(end).sort == .number
      {
        // "12 - 345678"
      } else if token.gap == .space, token.sort == .word, token.count == 1, token.shape == .initial,
        at(end).sort == .number, at(next + 1).sort == .number, at(next + 1).gap == .space
      {
        // "65 170839 J 008"
      } else {
        break
      }
      next += 1
    }
    return end
  }

  func digits(_ first: Int, _ last: Int) -> Int {
    (first...last).reduce(0) { $0 + (at($1).sort == .number ? at($1).count : 0) }
  }

  private mutating func labelledName(_ place: Int) {
    var first = place
    while at(first).flags.contains(.title), isOnLine(first + 1) {
      first += 1
      if isSign(first, ".") { first += 1 }
    }
    let token = at(first)
    guard token.sort == .word else { return }
    // "name:    hyuuma t. maida"
    let isForm = token.gap == .wide && isSign(first - 1, ":") && isCapital(at(first - 2)) == false
    guard isCapital(token) || isForm, !token.flags.contains(.clinical) else { return }
    var end = nameRunEnd(first, isLabelled: true)
    // "Smith, John"
    if isSign(end + 1, ","), at(end + 1).gap == .none, isCapital(at(end + 2)),
      at(end + 2).gap == .space, at(end + 2).flags.has(any: .anyName)
    {
      end = nameRunEnd(end + 2, isLabelled: true)
    }
    let isPlain = (first...end).allSatisfy { at($0).flags.contains(.common) }
    guard !isPlain || end - first <= 2 else { return }
    if isPlain, !at(first).flags.has(any: .anyName) { return }
    add(.name, first, end, 90, .labelledValue)
  }

  private mutating func labelledAddress(_ place: Int) {
    guard at(place).sort != .sign, at(place).sort == .number || isCapital(at(place)) else { return }
    var end = place
    var hasNumber = at(place).sort == .number
    for next in (place + 1)..<(place + 30) {
      let token = at(next)
      guard isOnLine(next), token.gap != .wide || token.sort == .number else { break }
      if token.sort == .sign, [0x22, 0x3c, 0x7c, 0x3b, 0x7b, 0x7d, 0x3f].contains(token.byte) {
        break
      }
      if token.flags.contains(.label), let (label, _) = labelEnd(at: next), label != .address,
        label != .place, token.gap != .none
      {
        break
      }
      if token.sort == .number { hasNumber = true }
      if token.sort != .sign || [0x29, 0x01].contains(token.byte) { end = next }
    }
    guard hasNumber || end > place || at(place).flags.isEmpty else { return }
    add(.address, place, extendedAddress(from: end), 85, .labelledValue)
  }

  private mutating func labelledPlace(_ place: Int) {
    guard isCapital(at(place)) else { return }
    let end = capitalRunEnd(place)
    add(.place, place, end, 80, .labelledValue)
  }

  private mutating func labelledPostal(_ place: Int) {
    guard let end = identifierEnd(place) else { return }
    let count = digits(place, end)
    if count == 3 {
      guard PostalAreas.restricted.contains(value(at(place))) else { return }
    } else {
      guard (4...9).contains(count) else { return }
    }
    add(.postalCode, place, end, 90, .labelledValue)
  }
}

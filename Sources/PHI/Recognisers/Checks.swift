/// Check digits of numbers that belong to persons.
enum Checks {
  static func luhn(_ digits: [Int]) -> Bool {
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() {
      let doubled = place % 2 == 1 ? digit * 2 : digit
      sum += doubled > 9 ? doubled - 9 : doubled
    }
    return sum % 10 == 0 && digits.contains { $0 != 0 }
  }

  /// How long the IBAN of each country is.
  private static let ibanLengths: [String: Int] = [
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29,
    "CH": 21, "CR": 22,
    "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "ES": 24, "FI": 18, "FO": 18,
    "FR": 27, "GB": 22,
    "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23,
    "IS": 26, "IT": 27,
    "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
    "MD": 24, "ME": 22,
    "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29,
    "PT": 25, "QA": 29,
    "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26,
    "UA": 29, "VG": 24,
  ]

  /// ISO 13616: the remainder by 97 is 1, and the length is the country's.
  static func iban(_ text: some Collection<UInt8>) -> Bool {
    let text = Array(text)
    guard (15...34).contains(text.count), isLetter(text[0]), isLetter(text[1]), isDigit(text[2]),
      isDigit(text[3])
    else { return false }
    guard ibanLengths[String(decoding: text[..<2], as: UTF8.self)] == text.count else {
      return false
    }
    var rest = 0
    for byte in text[4...] + text[..<4] {
      if isDigit(byte) {
        rest = (rest * 10 + Int(byte & 15)) % 97
      } else if isLetter(byte) {
        rest = (rest * 100 + Int(byte & 0x5f) - 55) % 97
      } else {
        return false
      }
    }
    return rest == 1
  }

  /// What number a run of letters and digits is, by form and check digit.
  static func kind(of text: some Collection<UInt8>) -> (PHIKind, PHIRule)? {
    let text = text.map { $0 &- 0x61 < 26 ? $0 & 0xdf : $0 }
    guard text.allSatisfy({ isDigit($0) || isLetter($0) }) else { return nil }
    switch text.count {
    case 9:
      if dni(text) { return (.nationalNumber, .numberWithCheckDigit) }
      if dea(text) { return (.licenceNumber, .numberWithCheckDigit) }
    case 10: if kvnr(text) { return (.beneficiaryNumber, .numberWithCheckDigit) }
    case 11: if mbi(text) { return (.beneficiaryNumber, .numberWithCheckDigit) }
    case 17: if vin(text) { return (.vehicleNumber, .numberWithCheckDigit) }
    default: break
    }
    return iban(text) ? (.accountNumber, .iban) : nil
  }

  /// Spain's DNI and NIE: the letter is the remainder by 23.
  static func dni(_ text: [UInt8]) -> Bool {
    guard text.count == 9, isLetter(text[8]) else { return false }
    var digits = Array(text[..<8])
    switch digits[0] {
    case UInt8(ascii: "X"): digits[0] = 0x30
    case UInt8(ascii: "Y"): digits[0] = 0x31
    case UInt8(ascii: "Z"): digits[0] = 0x32
    default: break
    }
    guard digits.allSatisfy(isDigit) else { return false }
    let value = digits.reduce(0) { $0 * 10 + Int($1 & 15) }
    return Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)[value % 23] == text[8]
  }

  /// The Drug Enforcement Administration's registration number.
  static func dea(_ text: [UInt8]) -> Bool {
    guard text.count == 9, Array("ABCDEFGHJKLMPRSTUX".utf8).contains(text[0]),
      isLetter(text[1]) || text[1] == 0x39, text[2...].allSatisfy(isDigit)
    else { return false }
    let d = text[2...].map { Int($0 & 15) }
    return (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]
  }

  /// Germany's number of the insured: a letter, eight digits, a check digit.
  static func kvnr(_ text: [UInt8]) -> Bool {
    guard text.count == 10, isLetter(text[0]), text[1...].allSatisfy(isDigit) else { return false }
    let letter = Int(text[0]) - 64
    let digits = [letter / 10, letter % 10] + text[1...].map { Int($0 & 15) }
    var sum = 0
    for (place, digit) in digits[..<10].enumerated() {
      let product = digit * (place % 2 + 1)
      sum += product > 9 ? product - 9 : product
    }
    return sum % 10 == digits[10]
  }

  /// The Medicare beneficiary identifier: its form is fixed by place, without S, L, O, I, B, Z.
  static func mbi(_ text: [UInt8]) -> Bool {
    guard text.count == 11, text[0] != 0x30 else { return false }
    return zip(text, "NAXNAXNAANN".utf8).allSatisfy { byte, form in
      let isAllowed = isLetter(byte) && !"SLOIBZ".utf8.contains(byte)
      return switch form {
      case UInt8(ascii: "N"): isDigit(byte)
      case UInt8(ascii: "A"): isAllowed
      default: isDigit(byte) || isAllowed
      }
    }
  }

  /// A vehicle's number (49 CFR 565): the ninth character is the check digit.
  static func vin(_ text: [UInt8]) -> Bool {
    guard text.count == 17, text.contains(where: isLetter), text.contains(where: isDigit) else {
      return false
    }
    let values = Array("12345678012345070923456789".utf8).map { Int($0 & 15) }
    let weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    var sum = 0
    for (byte, weight) in zip(text, weights) {
      if "IOQ".utf8.contains(byte) { return false }
      sum += (isDigit(byte) ? Int(byte & 15) : values[Int(byte) - 65]) * weight
    }
    let check = sum % 11
    return text[8] == (check == 10 ? UInt8(ascii: "X") : UInt8(0x30 + check))
  }

  /// The national provider identifier: Luhn with 80840 before it.
  static func npi(_ digits: [Int]) -> Bool {
    digits.count == 10 && (1...2).contains(digits[0]) && luhn([8, 0, 8, 4, 0] + digits)
  }

  /// The NHS number: weights 10 to 2, by 11.
  static func nhs(_ digits: [Int]) -> Bool {
    guard digits.count == 10 else { return false }
    let sum = zip(digits, (2...10).reversed()).reduce(0) { $0 + $1.0 * $1.1 }
    return (11 - sum % 11) % 11 == digits[9]
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isLetter(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
}

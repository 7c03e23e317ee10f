/// What the fields of HL7 v2 messages hold by their definition.
enum HL7Definitions {
  /// Segments that tell of a person by themselves.
  static let personsSegments: [StaticString] = ["PID", "NK1", "GT1", "MRG", "IN1", "PD1"]

  static let kinds: [String: PHIKind] = {
    var kinds: [String: PHIKind] = [:]
    func add(_ segment: String, _ fields: [Int], _ kind: PHIKind) {
      for field in fields { kinds["\(segment)-\(field)"] = kind }
    }
    add("PID", [2, 3, 4], .recordNumber)
    add("PID", [5, 6, 9], .name)
    add("PID", [7, 29], .date)
    add("PID", [11], .address)
    add("PID", [12, 23], .place)
    add("PID", [13, 14], .phone)
    add("PID", [18], .accountNumber)
    add("PID", [19], .nationalNumber)
    add("PID", [20], .licenceNumber)
    add("PID", [21], .recordNumber)
    add("PD1", [4], .name)
    add("NK1", [2, 30], .name)
    add("NK1", [4, 32], .address)
    add("NK1", [5, 6, 31], .phone)
    add("NK1", [16], .date)
    add("NK1", [12, 33], .otherNumber)
    add("NK1", [37], .nationalNumber)
    add("PV1", [7, 8, 9, 17, 52], .name)
    add("PV1", [5, 19, 50], .recordNumber)
    add("PV1", [44, 45], .date)
    add("GT1", [3, 4], .name)
    add("GT1", [5], .address)
    add("GT1", [6, 7], .phone)
    add("GT1", [8], .date)
    add("GT1", [12], .nationalNumber)
    add("GT1", [2, 19], .otherNumber)
    add("IN1", [16, 6], .name)
    add("IN1", [18], .date)
    add("IN1", [19], .address)
    add("IN1", [36, 49, 8], .beneficiaryNumber)
    add("IN2", [1, 2], .nationalNumber)
    add("IN2", [6, 8, 61], .beneficiaryNumber)
    add("MRG", [1, 2, 3, 4], .recordNumber)
    add("MRG", [7], .name)
    add("OBR", [10, 16, 28, 32, 33, 34, 35], .name)
    add("OBR", [17], .phone)
    add("OBR", [3], .otherNumber)
    add("ORC", [10, 11, 12, 19], .name)
    add("ORC", [14, 23], .phone)
    add("ORC", [24, 22], .address)
    add("OBX", [16], .name)
    add("TXA", [5, 9, 10, 11, 22], .name)
    add("SCH", [12, 16, 20], .name)
    add("SCH", [13, 17], .phone)
    add("AIP", [3], .name)
    add("RXA", [10], .name)
    add("STF", [3], .name)
    add("DG1", [16], .name)
    add("ROL", [4], .name)
    add("ACC", [1], .date)
    return kinds
  }()
}

/// Time stamps as HL7 and DICOM write them.
enum HL7Time {
  /// A time stamp of HL7: eight digits of a day, perhaps more.
  static func isDay(_ part: some Collection<UInt8>) -> Bool {
    let digits = part.prefix { Checks.isDigit($0) }.map { Int($0 & 15) }
    guard [8, 10, 12, 14].contains(digits.count) else { return false }
    let year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]
    return (1880...2099).contains(year) && (1...12).contains(digits[4] * 10 + digits[5])
      && (1...31).contains(digits[6] * 10 + digits[7])
      && part.dropFirst(digits.count).allSatisfy {
        Checks.isDigit($0) || [0x2b, 0x2d, 0x2e].contains($0)
      }
  }
}

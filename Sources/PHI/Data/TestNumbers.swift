/// Numbers that are set apart for tests and documents, and so are nobody's.
enum TestNumbers {
  /// Cards that payment companies publish for tests.
  static let cards: Set<UInt64> = [
    4_111_111_111_111_111, 4_242_424_242_424_242, 4_012_888_888_881_881, 4_000_056_655_665_556,
    5_555_555_555_554_444, 5_105_105_105_105_100, 378_282_246_310_005, 371_449_635_398_431,
    6_011_111_111_111_117, 6_011_000_990_139_424, 30_569_309_025_904, 38_520_000_023_237,
    3_530_111_333_300_000, 3_566_002_020_360_505, 5_200_828_282_828_210, 2_223_003_122_003_222,
    4_000_000_000_000_002, 4_222_222_222_222,
  ]

  /// Whether a social security number was never given out (20 CFR 422; the Administration's rules
  /// on areas, groups and serials), or is one of those printed in advertisements.
  static func isNobodys(area: Int, group: Int, serial: Int) -> Bool {
    if area == 0 || area == 666 || area >= 900 || group == 0 || serial == 0 { return true }
    // One digit in each group, as in 111-22-3333: what authors of examples write.
    if area % 111 == 0, group % 11 == 0, serial % 1111 == 0 { return true }
    // 123-45-… likewise.
    return (area, group) == (123, 45) || (area, group, serial) == (78, 5, 1120)
      || (area, group, serial) == (219, 9, 9999)
  }

  /// Whether the digits are all the same, or run up or down by one: 00000, 12345678.
  static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    var last: Int?
    var steps: Set<Int> = []
    for place in start..<end where bytes[place] &- 0x30 < 10 {
      let digit = Int(bytes[place] & 15)
      if let last { steps.insert((digit - last + 10) % 10) }
      last = digit
    }
    return steps.isEmpty
      || steps.count == 1 && (steps.contains(0) || steps.contains(1) || steps.contains(9))
  }
}

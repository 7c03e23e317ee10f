import Testing

@testable import PHI

@Suite("Check digits")
struct ChecksTests {
  @Test(
    "Numbers with right check digits are known, and one digit off they are not",
    arguments: [
      ("12345678Z", PHIKind.nationalNumber), ("X1234567L", .nationalNumber),
      ("1EG4TE5MK73", .beneficiaryNumber), ("A123456780", .beneficiaryNumber),
      ("1HGCM82633A004352", .vehicleNumber), ("GB82WEST12345698765432", .accountNumber),
      ("DE89370400440532013000", .accountNumber), ("AB1234563", .licenceNumber),
    ])
  func rightAndWrong(text: String, kind: PHIKind) throws {
    #expect(Checks.kind(of: Array(text.utf8))?.0 == kind)
    // The Medicare identifier has a form and no check digit.
    guard kind != .beneficiaryNumber || !text.hasPrefix("1EG") else { return }
    var wrong = Array(text.utf8)
    let place = try #require(wrong.indices.last { Checks.isDigit(wrong[$0]) })
    wrong[place] = wrong[place] == 0x39 ? 0x30 : wrong[place] + 1
    #expect(Checks.kind(of: wrong) == nil)
  }

  @Test("NPI, NHS numbers and cards")
  func digitsOnly() {
    func digits(_ text: String) -> [Int] { text.compactMap(\.wholeNumberValue) }
    #expect(Checks.npi(digits("1234567893")))
    #expect(!Checks.npi(digits("1234567894")))
    #expect(Checks.nhs(digits("9434765919")))
    #expect(!Checks.nhs(digits("9434765918")))
    #expect(Checks.luhn(digits("4111111111111111")))
    #expect(!Checks.luhn(digits("4111111111111112")))
  }

  @Test("Social security numbers that nobody has are known")
  func nobodys() {
    #expect(TestNumbers.isNobodys(area: 0, group: 12, serial: 1234))
    #expect(TestNumbers.isNobodys(area: 666, group: 12, serial: 1234))
    #expect(TestNumbers.isNobodys(area: 987, group: 65, serial: 4320))
    #expect(TestNumbers.isNobodys(area: 78, group: 5, serial: 1120))
    #expect(!TestNumbers.isNobodys(area: 412, group: 55, serial: 9081))
  }
}

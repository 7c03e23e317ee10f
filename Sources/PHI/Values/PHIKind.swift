/// What sort of identifier was found: Safe Harbor's eighteen (45 CFR 164.514(b)(2)(i)), and two
/// classes beside them that reports keep apart.
public enum PHIKind: String, Sendable, CaseIterable, Codable {
  /// A person's name, or a part of it.
  case name
  /// A named hospital, clinic or practice where somebody was seen: a place smaller than a state.
  case facility
  /// An employer or another organisation that somebody belongs to.
  case organisation
  /// A street address or a part of it.
  case address
  /// A town, a county or another place smaller than a state.
  case place
  /// A postal code that says more than Safe Harbor lets stand.
  case postalCode = "postal-code"
  /// A date that says more than its year.
  case date
  /// An age of 90 and over.
  case age
  /// A telephone number.
  case phone
  /// A fax number.
  case fax
  /// An e-mail address.
  case email
  /// A social security number, or another country's number of a person.
  case nationalNumber = "national-number"
  /// A medical record number, or the number of a stay.
  case recordNumber = "record-number"
  /// A number of a health plan's member.
  case beneficiaryNumber = "beneficiary-number"
  /// A number of an account, a payment card or an IBAN.
  case accountNumber = "account-number"
  /// A number of a licence or certificate: NPI, DEA, a college's number.
  case licenceNumber = "licence-number"
  /// A vehicle's number or plate.
  case vehicleNumber = "vehicle-number"
  /// A device's identifier or serial number.
  case deviceNumber = "device-number"
  /// A web address.
  case url
  /// An Internet address.
  case ipAddress = "ip-address"
  /// Finger prints, voice prints and other measures of the body.
  case biometric
  /// A photograph of a face, or an image with text burned in.
  case image
  /// Any other number or code that tells one person from others.
  case otherNumber = "other-number"

  /// The letter of the paragraph in 45 CFR 164.514(b)(2)(i).
  public var paragraph: String {
    switch self {
    case .name, .organisation: "A"
    case .facility, .address, .place, .postalCode: "B"
    case .date, .age: "C"
    case .phone: "D"
    case .fax: "E"
    case .email: "F"
    case .nationalNumber: "G"
    case .recordNumber: "H"
    case .beneficiaryNumber: "I"
    case .accountNumber: "J"
    case .licenceNumber: "K"
    case .vehicleNumber: "L"
    case .deviceNumber: "M"
    case .url: "N"
    case .ipAddress: "O"
    case .biometric: "P"
    case .image: "Q"
    case .otherNumber: "R"
    }
  }

  /// What is meant, in words for people.
  public var meaning: String {
    switch self {
    case .name: "a person's name"
    case .facility: "a named place of care"
    case .organisation: "an employer or organisation"
    case .address: "a street address"
    case .place: "a place smaller than a state"
    case .postalCode: "a postal code"
    case .date: "a date that says more than its year"
    case .age: "an age of 90 and over"
    case .phone: "a telephone number"
    case .fax: "a fax number"
    case .email: "an e-mail address"
    case .nationalNumber: "a social security number, or another national number of a person"
    case .recordNumber: "a medical record number or the number of a stay"
    case .beneficiaryNumber: "a health plan member's number"
    case .accountNumber: "the number of an account or a payment card"
    case .licenceNumber: "the number of a licence or certificate"
    case .vehicleNumber: "a vehicle's number"
    case .deviceNumber: "a device's identifier"
    case .url: "a web address"
    case .ipAddress: "an Internet address"
    case .biometric: "a measure of the body"
    case .image: "an image that may show a face or burned-in text"
    case .otherNumber: "another number that tells one person from others"
    }
  }

  /// Whether it speaks of a patient by itself.
  var isPatients: Bool {
    switch self {
    case .recordNumber, .beneficiaryNumber, .nationalNumber, .name, .date: true
    default: false
    }
  }
}

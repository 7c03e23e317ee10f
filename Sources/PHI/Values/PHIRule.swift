/// A rule by which something is found.
public enum PHIRule: String, Sendable, CaseIterable, Codable {
  case labelledValue = "labelled-value"
  case numberWithCheckDigit = "number-with-check-digit"
  case socialSecurityShape = "social-security-shape"
  case codeShape = "code-shape"
  case cardNumber = "card-number"
  case iban = "iban"
  case phoneShape = "phone-shape"
  case emailShape = "email-shape"
  case webAddress = "web-address"
  case internetAddress = "internet-address"
  case dateShape = "date-shape"
  case ageNinety = "age-ninety"
  case titleAndName = "title-and-name"
  case cueAndName = "cue-and-name"
  case namesFromLists = "names-from-lists"
  case nameShape = "name-shape"
  case nameAgain = "name-again"
  case facilityWords = "facility-words"
  case placeOfCare = "place-of-care"
  case placeFromLists = "place-from-lists"
  case home = "home"
  case streetWords = "street-words"
  case addressBlock = "address-block"
  case company = "company"
  case employer = "employer"
  case structuredField = "structured-field"

  /// What it looks at, in words for people.
  public var explanation: String {
    switch self {
    case .labelledValue:
      "A label such as \"MRN:\", \"DOB\" or \"Apellidos:\" stands before it, in English, Spanish or"
        + " German, in text or as the name of a field."
    case .numberWithCheckDigit:
      "Its check digits are right for a number of this kind, and a word near it or its exact form"
        + " says which."
    case .socialSecurityShape:
      "It has the form 000-00-0000. Numbers that were never given out are found too: in clinical"
        + " text they stand for a real one more often than not."
    case .codeShape: "Letters and at least five digits, written as hospitals write record numbers."
    case .cardNumber: "A payment card's number of 12 to 19 digits whose check digit is right."
    case .iban: "An IBAN whose remainder by 97 is 1."
    case .phoneShape: "Digits in the groups of a telephone number, or a word for one beside it."
    case .emailShape: "An address with @ and a domain."
    case .webAddress: "An address that begins with http://, https://, ftp:// or www."
    case .internetAddress:
      "An IPv4 or IPv6 address that is not reserved for documents or this host."
    case .dateShape:
      "A day or a month with a year. A year alone stays; so does the date of a guideline, a"
        + " version or a copyright."
    case .ageNinety: "An age of 90 or more; lower ages stay (164.514(b)(2)(i)(C))."
    case .titleAndName: "A title such as Dr., Mrs., Sra. or Herr stands before a capitalised word."
    case .cueAndName: "Words such as \"named\", \"patient\" or \"remitido por\" stand before it."
    case .namesFromLists: "A given name, or a given and a family name, from lists of names."
    case .nameShape: "Capitalised words that are no everyday words, of which one is a known name."
    case .nameAgain: "A name that was found earlier in the same text by a stronger rule."
    case .facilityWords: "A named hospital, clinic, centre or practice."
    case .placeOfCare: "Words such as \"seen at\" or \"admitted to\" stand before a proper name."
    case .placeFromLists: "A town from a list, with its state or after a word of place."
    case .home: "Words such as \"lives in\" or \"moved from\" stand before a proper name."
    case .streetWords: "A street's name with a house number."
    case .addressBlock: "A name alone on a line above an address, or a military address."
    case .company: "A name that ends with Inc., LLC, GmbH and the like."
    case .employer: "Words such as \"works for\" stand before a proper name."
    case .structuredField:
      "A field of a health format that holds a person's data by its definition."
    }
  }
}

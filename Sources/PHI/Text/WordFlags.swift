/// What is known of a word.
struct WordFlags: OptionSet, Hashable, Sendable {
  let rawValue: UInt64

  static let given = Self(rawValue: 1 << 0)
  static let givenWord = Self(rawValue: 1 << 1)
  static let family = Self(rawValue: 1 << 2)
  static let familyWord = Self(rawValue: 1 << 3)
  static let city = Self(rawValue: 1 << 4)
  static let cityWord = Self(rawValue: 1 << 5)
  /// An everyday word, which capitals alone do not make a name.
  static let common = Self(rawValue: 1 << 6)
  static let month = Self(rawValue: 1 << 7)
  static let weekday = Self(rawValue: 1 << 8)
  static let state = Self(rawValue: 1 << 9)
  /// A state's two capitals.
  static let stateCode = Self(rawValue: 1 << 10)
  static let country = Self(rawValue: 1 << 11)
  /// Street, Road, straße: stands behind the name.
  static let streetAfter = Self(rawValue: 1 << 12)
  /// Calle, Rue, Via: stands before the name.
  static let streetBefore = Self(rawValue: 1 << 13)
  /// Apt, Suite, piso.
  static let unit = Self(rawValue: 1 << 14)
  /// Dr, Mrs, Herr.
  static let title = Self(rawValue: 1 << 15)
  /// Hospital, Clinic, Klinikum.
  static let facility = Self(rawValue: 1 << 16)
  /// The name of a well-known place of care.
  static let facilityName = Self(rawValue: 1 << 17)
  /// A word of the clinic, not a name: eponyms, drugs, departments.
  static let medical = Self(rawValue: 1 << 18)
  /// What an eponym stands before: sign, score, syndrome.
  static let eponymNoun = Self(rawValue: 1 << 19)
  /// named, called: a name follows.
  static let nameCue = Self(rawValue: 1 << 20)
  /// seen, treated, admitted: a place of care may follow.
  static let careCue = Self(rawValue: 1 << 21)
  /// lives, moved, resident: a place may follow.
  static let homeCue = Self(rawValue: 1 << 22)
  /// Inc, LLC, GmbH.
  static let company = Self(rawValue: 1 << 23)
  /// de, la, van, von.
  static let particle = Self(rawValue: 1 << 24)
  /// A label can begin with it.
  static let label = Self(rawValue: 1 << 25)
  /// at, in, from.
  static let placeWord = Self(rawValue: 1 << 26)
  /// patient, MRN, admitted: the text is about somebody in care.
  static let clinical = Self(rawValue: 1 << 27)
  /// phone, call, fax.
  static let phoneCue = Self(rawValue: 1 << 28)
  /// card, Visa.
  static let cardCue = Self(rawValue: 1 << 29)
  /// guideline, version, copyright: a date beside it is a document's.
  static let documentWord = Self(rawValue: 1 << 30)
  /// years, Jahre, años.
  static let yearsWord = Self(rawValue: 1 << 31)
  /// mother, guardian, wife.
  static let relation = Self(rawValue: 1 << 32)
  /// A grammatical word, of English, Spanish or German.
  static let grammar = Self(rawValue: 1 << 33)
  /// A place of two or more words can begin with it.
  static let placeStart = Self(rawValue: 1 << 34)
  /// works, employed: an employer follows.
  static let workCue = Self(rawValue: 1 << 35)
  /// A people or an origin: Hispanic, German.
  static let people = Self(rawValue: 1 << 36)

  /// A small word of English, or of another language that the lists know.
  static let english = Self(rawValue: 1 << 37)
  static let otherLanguage = Self(rawValue: 1 << 38)

  static let anyGiven: Self = [.given, .givenWord]
  static let anyFamily: Self = [.family, .familyWord]
  static let anyName: Self = [.given, .givenWord, .family, .familyWord]
  static let anyCity: Self = [.city, .cityWord]
  /// What is never part of a name that was told by its shape.
  static let notName: Self = [
    .month, .weekday, .state, .country, .facility, .medical, .title, .people, .company,
    .streetAfter, .unit, .grammar, .documentWord, .clinical,
  ]

  func has(any other: Self) -> Bool { !isDisjoint(with: other) }
}

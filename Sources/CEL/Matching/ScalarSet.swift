/// A set of Unicode scalars: ranges, and general properties.
struct ScalarSet: Sendable {
  private(set) var ranges: [ClosedRange<UInt32>] = []
  private var properties: [(property: String, isNegated: Bool)] = []
  private var inner: [ScalarSet] = []
  var isNegated = false

  init(_ ranges: [ClosedRange<UInt32>] = []) { self.ranges = ranges }

  static let digit = ScalarSet([0x30...0x39])
  static let word = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
  static let space = ScalarSet([0x09...0x0A, 0x0C...0x0D, 0x20...0x20])
  static let any = ScalarSet([0...0x10FFFF])
  static let anyButLineFeed = ScalarSet([0...0x09, 0x0B...0x10FFFF])

  /// The set without the scalars of this one.
  var inverted: ScalarSet {
    var set = self
    set.isNegated.toggle()
    return set
  }

  mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }
  mutating func insert(_ set: ScalarSet) { inner.append(set) }
  mutating func insert(property: String, isNegated: Bool) {
    properties.append((property, isNegated))
  }

  /// Adds the other case of every letter.
  mutating func foldCase() {
    for range in ranges {
      // Only scalars of the ranges that are letters with cases; large ranges have both already.
      guard range.count <= 2_000 else { continue }
      for code in range {
        guard let scalar = Unicode.Scalar(code) else { continue }
        for other in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] {
          guard other.unicodeScalars.count == 1, let folded = other.unicodeScalars.first else {
            continue
          }
          if folded != scalar { ranges.append(folded.value...folded.value) }
        }
      }
    }
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let isIn =
      ranges.contains { $0.contains(scalar.value) } || inner.contains { $0.contains(scalar) }
      || properties.contains { Self.has(scalar, $0.property) != $0.isNegated }
    return isIn != isNegated
  }

  /// The names of categories and scripts that are known.
  static func isKnown(_ property: String) -> Bool {
    categories.contains(property) || "LMNPSZC".contains(property) && property.utf8.count == 1
      || scripts[property] != nil
  }

  private static func has(_ scalar: Unicode.Scalar, _ property: String) -> Bool {
    if let ranges = scripts[property] { return ranges.contains { $0.contains(scalar.value) } }
    return scalar.properties.generalCategory.abbreviation.hasPrefix(property)
  }

  private static let categories: Set<String> = [
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
    "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
  ]

  /// The main blocks of common scripts; the standard library has no table of scripts.
  private static let scripts: [String: [ClosedRange<UInt32>]] = [
    "Latin": [
      0x41...0x5A, 0x61...0x7A, 0xAA...0xAA, 0xBA...0xBA, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2B8,
      0x1E00...0x1EFF, 0x2C60...0x2C7F, 0xA722...0xA787, 0xFF21...0xFF3A, 0xFF41...0xFF5A,
    ],
    "Greek": [
      0x370...0x373, 0x375...0x377, 0x37A...0x37D, 0x384...0x3E1, 0x3F0...0x3FF, 0x1F00...0x1FFE,
    ],
    "Cyrillic": [0x400...0x52F, 0x1C80...0x1C88, 0x2DE0...0x2DFF, 0xA640...0xA69F],
    "Hebrew": [0x591...0x5F4], "Arabic": [0x600...0x6FF, 0x750...0x77F],
    "Hiragana": [0x3041...0x3096, 0x309D...0x309F], "Katakana": [0x30A1...0x30FA, 0x30FD...0x30FF],
    "Han": [
      0x2E80...0x2FD5, 0x3005...0x3007, 0x3021...0x3029, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0x20000...0x323AF,
    ],
    "Hangul": [0x1100...0x11FF, 0x3131...0x318E, 0xAC00...0xD7A3],
    "Thai": [0xE01...0xE3A, 0xE40...0xE5B],
    "Devanagari": [0x900...0x950, 0x955...0x963, 0x966...0x97F],
  ]
}

extension Unicode.GeneralCategory {
  /// The two letters of the category.
  var abbreviation: String {
    switch self {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .surrogate: "Cs"
    case .privateUse: "Co"
    case .unassigned: "Cn"
    @unknown default: "Cn"
    }
  }
}

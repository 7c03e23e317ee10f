/// Columns that hold a patient's data.
enum PatientColumns {
  /// Whether columns are those of a list of persons in care: one that only patients have, or three
  /// that persons have.
  static func are(_ names: [String]) -> Bool {
    let labels = names.compactMap(label)
    let own = labels.contains {
      [.record, .beneficiary, .birth, .patientName, .national].contains($0)
    }
    return own && labels.count >= 2
  }

  /// What a column holds as a whole.
  static func kind(_ name: String) -> PHIKind? {
    switch label(name) {
    case .name, .patientName, .clinician: .name
    case .record: .recordNumber
    case .beneficiary: .beneficiaryNumber
    case .national: .nationalNumber
    case .account, .card: .accountNumber
    case .phone: .phone
    case .fax: .fax
    case .birth, .date: .date
    case .address: .address
    case .place: .place
    case .email: .email
    case .licence: .licenceNumber
    case .device: .deviceNumber
    default: nil
    }
  }

  static func label(_ name: String) -> PHILabel? {
    Lexicon.shared.labels[Folding.hash(name.filter { $0.isLetter || $0.isNumber })]
  }
}

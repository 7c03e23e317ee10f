/// Looks at the cells of a table, each with its column's name as its label.
struct SeparatedWalk: FieldWalk {
  private let setting: PHISetting?
  private var separator: UInt8 = 0
  private var names: [String]?
  private var arePatients = false
  private var row = 1
  private var documents: [FieldDocument] = []

  init(setting: PHISetting?) { self.setting = setting }

  mutating func takeDocuments() -> [FieldDocument] {
    defer { documents = [] }
    return documents
  }

  mutating func walk(
    _ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool, isClinical: Bool, into scan: inout FieldScan
  ) throws -> Int {
    var place = 0
    if names == nil {
      place = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
      guard let sign = SeparatedFields.separator(of: Array(bytes.prefix(1 << 16))[...]) else {
        return bytes.count
      }
      separator = sign
      let header = SeparatedFields.record(bytes, &place, sign).fields
      let names = header.map { String(decoding: $0.value, as: UTF8.self) }
      self.names = names
      arePatients = PatientColumns.are(names)
    }
    guard let names, isClinical || setting == .clinical || arePatients else { return bytes.count }
    while place < bytes.count {
      let start = place
      let (fields, isWhole) = SeparatedFields.record(bytes, &place, separator)
      guard isWhole || isLast else { return start }
      row += 1
      for (index, field) in fields.enumerated() {
        cell(field, index < names.count ? names[index] : "", index, &scan)
      }
    }
    return place
  }

  private mutating func cell(
    _ field: SeparatedFields.Field, _ name: String, _ index: Int, _ scan: inout FieldScan
  ) {
    let place = { [row] in "row \(row), \(name.isEmpty ? "column \(index + 1)" : name)" }
    if let kind = PatientColumns.kind(name) {
      scan.defined(place(), kind, field.value, at: field.start, length: field.length)
    } else if let content = EncodedText.document(in: field.value) {
      documents.append(FieldDocument(place: place(), content: content, setting: .clinical))
    } else {
      scan.text(place(), name, field.value, at: field.start, length: field.length)
    }
  }
}

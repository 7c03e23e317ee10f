/// Looks at the values of dumps.
struct SQLWalk: FieldWalk {
  private var fields = SQLFields()
  private var documents: [FieldDocument] = []

  mutating func takeDocuments() -> [FieldDocument] {
    defer { documents = [] }
    return documents
  }

  mutating func walk(
    _ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool, isClinical: Bool, into scan: inout FieldScan
  ) throws -> Int {
    var found: [FieldDocument] = []
    let used = fields.walk(bytes, isLast: isLast) { field in
      let place = "column \(field.column)"
      if let kind = PatientColumns.kind(field.column) {
        scan.defined(place, kind, field.value, at: field.start, length: field.length)
      } else if let content = EncodedText.document(in: field.value) {
        found.append(FieldDocument(place: place, content: content, setting: .clinical))
      } else {
        scan.text(place, field.column, field.value, at: field.start, length: field.length)
      }
    }
    documents += found
    return used
  }
}

/// Looks at the fields of JSON and NDJSON.
struct JSONWalk: FieldWalk {
  private var fields = JSONFields()
  /// Whether the text is FHIR's, by the first stretch that says so.
  private var isFHIR = false
  private let setting: PHISetting?
  private var documents: [FieldDocument] = []

  init(setting: PHISetting?) { self.setting = setting }

  mutating func takeDocuments() -> [FieldDocument] {
    defer { documents = [] }
    return documents
  }

  mutating func walk(
    _ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool, isClinical: Bool, into scan: inout FieldScan
  ) throws -> Int {
    isFHIR = isFHIR || ByteSearch.has("\"resourceType\"", in: bytes)
    let isPersons = isFHIR || isClinical || setting == .clinical
    scan.setting = isPersons ? .clinical : .source
    var found: [FieldDocument] = []
    let inner: PHISetting? = isPersons ? .clinical : setting
    let used = try fields.walk(bytes, isLast: isLast, isStrict: isPersons) { field in
      let raw = UnsafeBufferPointer(rebasing: bytes[field.start..<field.end])
      let length = raw.count
      // Without persons, the text was looked at already; what it could not see is left.
      if !isPersons, !field.hasEscape, length < EncodedText.leastLength { return }
      let value = field.hasEscape ? JSONFields.unescaped(raw) : Array(raw)
      let (name, parent) = (field.name, field.parent)
      if isFHIR, !field.isName, let kind = FHIRFields.kind(name, in: parent) {
        return scan.defined(field.pointer, kind, value, at: field.start, length: length)
      }
      if let content = EncodedText.document(in: value) {
        return found.append(
          FieldDocument(place: field.pointer, content: content, setting: inner))
      }
      if !isPersons, !field.hasEscape { return }
      if isFHIR, FHIRFields.isCode(name, in: parent) { return }
      scan.text(field.pointer, field.isName ? "" : name, value, at: field.start, length: length)
    }
    documents += found
    return used
  }
}

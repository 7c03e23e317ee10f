import Reading

/// Looks at the elements and attributes of FHIR's XML and of C-CDA; other XML is looked at as text.
struct XMLWalk: FieldWalk {
  /// Elements whose `extension` attribute is a person's number.
  private static let owners: [String: PHIKind] = [
    "patientRole": .recordNumber, "encompassingEncounter": .recordNumber,
    "assignedAuthor": .licenceNumber, "assignedEntity": .licenceNumber,
    "associatedEntity": .otherNumber, "relatedSubject": .otherNumber, "patient": .recordNumber,
    "guardian": .otherNumber,
  ]
  private static let times: Set<String> = [
    "birthTime", "time", "effectiveTime", "low", "high", "center",
  ]
  private static let readAttributes: Set<String> = ["@value", "@title", "@alt", "@displayName"]

  private var fields = XMLFields()
  private var isFHIR = false
  private var isCCDA = false
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
    let head = UnsafeBufferPointer(rebasing: bytes.prefix(1 << 14))
    isFHIR = isFHIR || ByteSearch.has("http://hl7.org/fhir", in: head)
    isCCDA = isCCDA || ByteSearch.has("urn:hl7-org:v3", in: head)
    let isPersons = isFHIR || isCCDA || isClinical || setting == .clinical
    scan.setting = isPersons ? .clinical : .source
    let (isFHIR, isCCDA) = (isFHIR, isCCDA)
    let inner: PHISetting? = isPersons ? .clinical : setting
    var found: [FieldDocument] = []
    let used = try fields.walk(bytes, isLast: isLast, isStrict: isFHIR || isCCDA) { field in
      let raw = bytes[field.start..<field.end]
      // Without persons, the text was looked at already; what it could not see is left.
      let isHidden = raw.contains(0x26)
      if !isPersons, !isHidden, raw.count < EncodedText.leastLength { return }
      let value = field.isRaw ? Array(raw) : XMLFields.unescaped(raw)
      let place = "/" + field.path.joined(separator: "/")
      if isPersons,
        Self.known(field, value, place, isFHIR: isFHIR, isCCDA: isCCDA, &scan)
      {
        return
      }
      if let content = EncodedText.document(in: value) {
        return found.append(FieldDocument(place: place, content: content, setting: inner))
      }
      if !isPersons, !isHidden { return }
      let names = field.path.filter { !$0.hasPrefix("@") }
      let name = names.last ?? ""
      if isFHIR, FHIRFields.isCode(name, in: names.dropLast().last ?? "") { return }
      scan.text(place, name, value, at: field.start, length: raw.count)
    }
    documents += found
    return used
  }

  /// Whether the place says what a value is, or that it is none to look at.
  private static func known(
    _ field: XMLFields.Field, _ value: [UInt8], _ place: String, isFHIR: Bool, isCCDA: Bool,
    _ scan: inout FieldScan
  ) -> Bool {
    let length = field.end - field.start
    let path = field.path
    let parent = path.count > 2 ? path[path.count - 3] : ""
    if path.last == "@extension", path.dropLast().last == "id", let kind = owners[parent] {
      scan.defined(place, kind, value, at: field.start, length: length)
      return true
    }
    if path.last == "@value", path.count > 1 {
      let element = path[path.count - 2]
      if isCCDA, times.contains(element) {
        scan.defined(place, .date, value, at: field.start, length: length)
        return true
      }
      if isCCDA, element == "telecom" {
        let kind = value.contains(0x40) ? PHIKind.email : .phone
        scan.defined(place, kind, value, at: field.start, length: length)
        return true
      }
    } else if let last = path.last, last.hasPrefix("@"), !readAttributes.contains(last) {
      // Other attributes are codes, but where somebody hid a value behind references.
      return isFHIR || isCCDA ? !value.contains(0x20) : false
    }
    let names = path.filter { !$0.hasPrefix("@") }
    guard isFHIR || isCCDA,
      let kind = FHIRFields.kind(names.last ?? "", in: names.dropLast().last ?? "")
    else { return false }
    scan.defined(place, kind, value, at: field.start, length: length)
    return true
  }
}

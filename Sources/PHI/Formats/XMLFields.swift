import Reading

/// Looks at the elements and attributes of FHIR's XML and of C-CDA; other XML is looked at as text.
extension ContentScan {
  /// Elements whose `extension` attribute is a person's number.
  private static let owners: [String: PHIKind] = [
    "patientRole": .recordNumber, "encompassingEncounter": .recordNumber,
    "assignedAuthor": .licenceNumber,
    "assignedEntity": .licenceNumber, "associatedEntity": .otherNumber,
    "relatedSubject": .otherNumber,
    "patient": .recordNumber, "guardian": .otherNumber,
  ]

  func xml(_ content: [UInt8], isClinical: Bool) throws {
    let head = String(decoding: content.prefix(1 << 14), as: UTF8.self)
    let isFHIR = head.contains("http://hl7.org/fhir")
    let isCCDA = head.contains("urn:hl7-org:v3")
    guard isFHIR || isCCDA || isClinical || setting == .clinical else { return }
    var walk = XMLFields(content)
    var scan = FieldScan(file: file, prefix: prefix, setting: .clinical, content: content)
    var attachments: [(String, [UInt8])] = []
    try walk.walk { field in
      var names = field.path
      if isFHIR, names.last == "@value" { names.removeLast() }
      let place = "/" + field.path.joined(separator: "/")
      let parent = field.path.count > 2 ? field.path[field.path.count - 3] : ""
      if field.path.suffix(2) == ["id", "@extension"], let kind = Self.owners[parent] {
        return scan.defined(place, kind, field.value, at: field.start, length: field.length)
      }
      if field.path.last == "@value", field.path.count > 1 {
        let element = field.path[field.path.count - 2]
        if isCCDA,
          ["birthTime", "time", "effectiveTime", "low", "high", "center"].contains(element)
        {
          return scan.defined(place, .date, field.value, at: field.start, length: field.length)
        }
        if isCCDA, element == "telecom" {
          let isMail = field.value.contains(0x40)
          return scan.defined(
            place, isMail ? .email : .phone, field.value, at: field.start, length: field.length)
        }
      } else if let last = field.path.last, last.hasPrefix("@"),
        !["@value", "@title", "@alt", "@displayName"].contains(last)
      {
        return
      }
      if let kind = FHIRFields.kind(names.filter { !$0.hasPrefix("@") }), isFHIR || isCCDA {
        scan.defined(place, kind, field.value, at: field.start, length: field.length)
      } else if field.value.count >= 24, let decoded = Base64Text.decode(field.value) {
        attachments.append((place, decoded))
      } else if !isFHIR || !FHIRFields.isCode(names) {
        let name = names.last(where: { !$0.hasPrefix("@") }) ?? ""
        scan.text(place, name, field.value, at: field.start, length: field.length)
      }
    }
    take(scan.hits)
    for (place, decoded) in attachments { try nested(place, decoded, setting: .clinical) }
  }
}

/// A tolerant walk over XML that knows where values stand. `Reading`'s reader is strict and keeps
/// no places of values; here a broken document must be looked at too.
struct XMLFields {
  struct Field {
    let path: [String]
    let value: [UInt8]
    let start: Int
    let length: Int
  }

  private let bytes: [UInt8]
  private static let depthLimit = 128

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Gives each attribute and each stretch of text to `take`.
  ///
  /// - Throws: `ReadingError` when the nesting is deeper than 128.
  mutating func walk(_ take: (Field) -> Void) throws {
    var path: [String] = []
    var place = 0
    while place < bytes.count {
      guard bytes[place] == 0x3c else {
        let start = place
        while place < bytes.count, bytes[place] != 0x3c { place += 1 }
        text(start, place, path, take)
        continue
      }
      if begins(place, "<!--") {
        let start = place + 4
        place = find("-->", from: start)
        text(start, place, path + ["comment()"], take)
        place = min(bytes.count, place + 3)
      } else if begins(place, "<![CDATA[") {
        let start = place + 9
        place = find("]]>", from: start)
        take(
          Field(path: path, value: Array(bytes[start..<place]), start: start, length: place - start)
        )
        place = min(bytes.count, place + 3)
      } else if begins(place, "<?") || begins(place, "<!") {
        place = min(bytes.count, find(">", from: place) + 1)
      } else if begins(place, "</") {
        place = min(bytes.count, find(">", from: place) + 1)
        if !path.isEmpty { path.removeLast() }
      } else {
        guard path.count < Self.depthLimit else {
          throw ReadingError("nested deeper than \(Self.depthLimit) levels")
        }
        element(&place, &path, take)
      }
    }
  }

  private func element(_ place: inout Int, _ path: inout [String], _ take: (Field) -> Void) {
    place += 1
    path.append(name(&place))
    while place < bytes.count, bytes[place] != 0x3e {
      if bytes[place] == 0x2f, place + 1 < bytes.count, bytes[place + 1] == 0x3e {
        path.removeLast()
        place += 1
        break
      }
      guard bytes[place] > 0x20, bytes[place] != 0x2f else {
        place += 1
        continue
      }
      let attribute = name(&place)
      while place < bytes.count, bytes[place] <= 0x20 || bytes[place] == 0x3d { place += 1 }
      guard place < bytes.count, bytes[place] == 0x22 || bytes[place] == 0x27 else {
        if attribute.isEmpty { place += 1 }
        continue
      }
      let quote = bytes[place]
      let start = place + 1
      place = start
      while place < bytes.count, bytes[place] != quote { place += 1 }
      take(
        Field(
          path: path + ["@" + attribute], value: Self.unescaped(bytes[start..<place]), start: start,
          length: place - start))
      place = min(bytes.count, place + 1)
    }
    place = min(bytes.count, place + 1)
  }

  private func name(_ place: inout Int) -> String {
    var start = place
    while place < bytes.count, bytes[place] > 0x20,
      ![0x3d, 0x3e, 0x2f, 0x22, 0x27].contains(bytes[place])
    {
      // Prefixes are left out: "cda:name" is "name".
      if bytes[place] == 0x3a { start = place + 1 }
      place += 1
    }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private func text(_ start: Int, _ end: Int, _ path: [String], _ take: (Field) -> Void) {
    let raw = bytes[start..<end]
    guard raw.contains(where: { $0 > 0x20 }) else { return }
    let first = raw.firstIndex { $0 > 0x20 } ?? start
    let last = (raw.lastIndex { $0 > 0x20 } ?? first) + 1
    take(
      Field(
        path: path, value: Self.unescaped(bytes[first..<last]), start: first, length: last - first))
  }

  private func begins(_ place: Int, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard place + count <= bytes.count else { return false }
    for offset in 0..<count where bytes[place + offset] != text.utf8Start[offset] { return false }
    return true
  }

  private func find(_ text: StaticString, from place: Int) -> Int {
    var place = place
    while place < bytes.count, !begins(place, text) { place += 1 }
    return min(place, bytes.count)
  }

  /// References resolved: the five of XML, and numbers.
  static func unescaped(_ raw: ArraySlice<UInt8>) -> [UInt8] {
    guard raw.contains(0x26) else { return Array(raw) }
    var text: [UInt8] = []
    var rest = raw
    while let byte = rest.first {
      guard byte == 0x26, let end = rest.prefix(12).firstIndex(of: 0x3b) else {
        text.append(byte)
        rest = rest.dropFirst()
        continue
      }
      let name = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
      switch name {
      case "lt": text.append(0x3c)
      case "gt": text.append(0x3e)
      case "amp": text.append(0x26)
      case "quot": text.append(0x22)
      case "apos": text.append(0x27)
      default:
        let code =
          name.hasPrefix("#x")
          ? UInt32(name.dropFirst(2), radix: 16)
          : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
        if let scalar = code.flatMap(Unicode.Scalar.init) {
          text += Array(String(Character(scalar)).utf8)
        } else {
          text += rest[rest.startIndex...end]
        }
      }
      rest = rest[(end + 1)...]
    }
    return text
  }
}

/// What the elements of FHIR R4 hold by their definition; the same names serve C-CDA.
enum FHIRFields {
  /// The kind of an element, by its path without indices.
  static func kind(_ path: [String]) -> PHIKind? {
    guard let name = path.last else { return nil }
    let parent = path.count > 1 ? path[path.count - 2] : ""
    switch name {
    case "family", "given": return .name
    case "text" where ["name", "contact"].contains(parent): return .name
    case "line", "streetAddressLine": return .address
    case "text" where parent == "address": return .address
    case "city", "district", "county": return ["address", "addr"].contains(parent) ? .place : nil
    case "postalCode": return .postalCode
    case "birthDate", "birthTime": return .date
    case "value" where parent == "identifier": return .otherNumber
    case "subscriberId", "policyNumber": return .beneficiaryNumber
    case "serialNumber", "deviceIdentifier", "carrierHRF", "lotNumber": return .deviceNumber
    case "patientInstruction": return nil
    default: return nil
    }
  }

  /// Elements that name codes and systems, not persons.
  static func isCode(_ path: [String]) -> Bool {
    guard let name = path.last else { return false }
    let parent = path.count > 1 ? path[path.count - 2] : ""
    return [
      "system", "code", "url", "resourceType", "status", "use", "profile", "unit", "type", "mode",
      "intent", "fullUrl", "reference", "version",
    ]
    .contains(name) || ["coding", "profile", "meta", "security"].contains(parent)
  }
}

/// Looks at the fields of JSON.
extension ContentScan {
  func json(_ content: [UInt8], isClinical: Bool) throws {
    var fields: [JSONFields.Field] = []
    var isFHIR = false
    var walk = JSONFields(content)
    // Two passes: what the resource is may stand last.
    try walk.walk { field in
      if field.path.last == "resourceType" { isFHIR = true }
      fields.append(field)
    }
    guard isFHIR || isClinical || setting == .clinical else { return }
    var scan = FieldScan(
      file: file, prefix: prefix, setting: .clinical, content: content)
    var attachments: [(String, [UInt8])] = []
    for field in fields {
      let names = field.path.filter { $0.isEmpty || !$0.utf8.allSatisfy(Checks.isDigit) }
      let pointer = JSONFields.pointer(field.path)
      if isFHIR, let kind = FHIRFields.kind(names) {
        scan.defined(pointer, kind, field.value, at: field.start, length: field.length)
      } else if field.value.count >= 24, let decoded = Base64Text.decode(field.value) {
        attachments.append((pointer, decoded))
      } else if !isFHIR || !FHIRFields.isCode(names) {
        scan.text(pointer, names.last ?? "", field.value, at: field.start, length: field.length)
      }
    }
    take(scan.hits)
    for (pointer, decoded) in attachments { try nested(pointer, decoded, setting: .clinical) }
  }
}

/// Base64, where a field may hold a document.
enum Base64Text {
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (index, byte) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
      .enumerated()
    {
      values[Int(byte)] = UInt8(index)
    }
    values[0x2d] = 62
    values[0x5f] = 63
    return values
  }()

  /// The decoded bytes, when all of it is base64 and as long as base64 is.
  static func decode(_ text: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count * 3 / 4)
    var bits: UInt32 = 0
    var count = 0
    var letters = 0
    for byte in text {
      if byte == 0x3d || byte == 0x0a || byte == 0x0d { continue }
      let value = values[Int(byte)]
      guard value != 255 else { return nil }
      letters += 1
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    guard letters % 4 != 1, text.last == 0x3d || letters % 4 == 0 else { return nil }
    return bytes
  }
}

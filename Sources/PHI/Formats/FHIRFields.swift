/// What the elements of FHIR R4 hold by their definition; the same names serve C-CDA.
enum FHIRFields {
  /// The kind of an element, by its name and its parent's.
  static func kind(_ name: String, in parent: String) -> PHIKind? {
    switch name {
    case "family", "given": .name
    case "text" where parent == "name" || parent == "contact": .name
    case "line", "streetAddressLine": .address
    case "text" where parent == "address": .address
    case "city", "district", "county": parent == "address" || parent == "addr" ? .place : nil
    case "postalCode": .postalCode
    case "birthDate", "birthTime": .date
    case "value" where parent == "identifier": .otherNumber
    case "subscriberId", "policyNumber": .beneficiaryNumber
    case "serialNumber", "deviceIdentifier", "carrierHRF", "lotNumber": .deviceNumber
    default: nil
    }
  }

  private static let codes: Set<String> = [
    "system", "code", "url", "resourceType", "status", "use", "profile", "unit", "type", "mode",
    "intent", "fullUrl", "reference", "version",
  ]

  /// Elements that name codes and systems, not persons.
  static func isCode(_ name: String, in parent: String) -> Bool {
    codes.contains(name)
      || parent == "coding" || parent == "profile" || parent == "meta" || parent == "security"
  }
}

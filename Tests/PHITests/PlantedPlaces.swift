import PHI

/// A place that holds a person's data by a format's own definition, with no label beside it.
struct PlantedPlace: Sendable {
  let name: String
  let kind: PHIKind
  let content: [UInt8]
  let value: String

  /// A segment of HL7 with the value in a field.
  private static func hl7(
    _ field: String, _ kind: PHIKind, _ value: String, before: String = ""
  ) -> PlantedPlace {
    let parts = field.split(separator: "-")
    let bars = String(repeating: "|", count: Int(parts[1]) ?? 1)
    return PlantedPlace(
      name: "HL7 \(field)\(before.isEmpty ? "" : ", second repetition")", kind: kind,
      content: Array(
        ("MSH|^~\\&|A|B|C|D|20240502||ADT^A01|1|P|2.5\r" + parts[0] + bars + before + value + "\r")
          .utf8),
      value: value)
  }

  private static let messages: [PlantedPlace] = [
    hl7("PID-3", .recordNumber, "00482913^^^HOSP^MR"),
    hl7("PID-3", .recordNumber, "00482913^^^HOSP^MR", before: "77^^^X~"),
    hl7("PID-5", .name, "OKAFOR^MARGARET^J"), hl7("PID-5", .name, "kern^olga", before: "X^Y~"),
    hl7("PID-6", .name, "KERN^OLGA"), hl7("PID-7", .date, "19610412"),
    hl7("PID-9", .name, "MAGGIE"), hl7("PID-11", .address, "14 BEACON HILL^^BOSTON^MA^02108"),
    hl7("PID-13", .phone, "^PRN^PH^^1^617^3042298"), hl7("PID-18", .accountNumber, "9912345"),
    hl7("PID-19", .nationalNumber, "412559081"), hl7("PID-20", .licenceNumber, "S99988801^MA"),
    hl7("PID-23", .place, "Springfield"), hl7("PID-29", .date, "20240502103000"),
    hl7("NK1-2", .name, "OKAFOR^PETER"), hl7("NK1-5", .phone, "6173042298"),
    hl7("GT1-3", .name, "OKAFOR^PETER"), hl7("GT1-12", .nationalNumber, "412559081"),
    hl7("IN1-36", .beneficiaryNumber, "1EG4TE5MK73"), hl7("IN1-16", .name, "OKAFOR^PETER"),
    hl7("MRG-1", .recordNumber, "00482914"), hl7("PV1-7", .name, "1234^OBI^AMARA"),
    hl7("PV1-19", .recordNumber, "V0099123"), hl7("PV1-44", .date, "202405021030"),
    hl7("OBX-14", .date, "20240502"), hl7("ORC-12", .name, "1234^OBI^AMARA"),
  ]

  private static func x12(_ segment: String, _ kind: PHIKind, _ value: String) -> PlantedPlace {
    PlantedPlace(
      name: "X12 \(segment.prefix { $0 != "*" })", kind: kind,
      content: Array(PlantedForm.x12(segment.replacing("@", with: value)).utf8), value: value)
  }

  private static let claims: [PlantedPlace] = [
    x12("NM1*IL*1*@*OLGA****MI*11223344", .name, "KERN"),
    x12("NM1*QC*1*X*@", .name, "MARGARET"),
    x12("NM1*IL*1*X*Y****MI*@", .beneficiaryNumber, "1EG4TE5MK73"),
    x12("N3*@", .address, "14 BEACON HILL ROAD"), x12("N4*@*MA*02108", .place, "BOSTON"),
    x12("N4*BOSTON*MA*@", .postalCode, "021081234"), x12("DMG*D8*@*F", .date, "19610412"),
    x12("DTP*472*D8*@", .date, "20240502"), x12("REF*SY*@", .nationalNumber, "412559081"),
    x12("REF*EA*@", .recordNumber, "00482913"), x12("PER*IC*X*TE*@", .phone, "6173042298"),
    x12("CLM*@*100", .accountNumber, "ACC99123"),
  ]

  private static func fhir(_ json: String, _ kind: PHIKind, _ value: String) -> PlantedPlace {
    PlantedPlace(
      name: "FHIR \(json)", kind: kind,
      content: Array(
        "{\"resourceType\":\"Patient\",\(json.replacing("@", with: value))}".utf8), value: value)
  }

  private static let resources: [PlantedPlace] = [
    fhir("\"name\":[{\"family\":\"@\"}]", .name, "kern"),
    fhir("\"name\":[{\"given\":[\"x\",\"@\"]}]", .name, "olga"),
    fhir("\"contact\":[{\"name\":{\"text\":\"@\"}}]", .name, "Kern, Olga"),
    fhir("\"birthDate\":\"@\"", .date, "1961-04-12"),
    fhir("\"deceasedDateTime\":\"@\"", .date, "2024-05-02T10:30:00Z"),
    fhir("\"address\":[{\"line\":[\"@\"]}]", .address, "14 Beacon Hill"),
    fhir("\"address\":[{\"city\":\"@\"}]", .place, "Bexhill"),
    fhir("\"address\":[{\"postalCode\":\"@\"}]", .postalCode, "02108"),
    fhir("\"telecom\":[{\"system\":\"phone\",\"value\":\"@\"}]", .phone, "617-304-2298"),
    fhir("\"telecom\":[{\"system\":\"email\",\"value\":\"@\"}]", .email, "o.kern@mail.example"),
    fhir("\"identifier\":[{\"system\":\"urn:x\",\"value\":\"@\"}]", .otherNumber, "00482913"),
    fhir("\"subscriberId\":\"@\"", .beneficiaryNumber, "11223344"),
    fhir("\"serialNumber\":\"@\"", .deviceNumber, "SN-99112"),
    fhir("\"subject\":{\"display\":\"@\"}", .name, "Olga Kern"),
  ]

  private static func cda(_ xml: String, _ kind: PHIKind, _ value: String) -> PlantedPlace {
    PlantedPlace(
      name: "C-CDA \(xml)", kind: kind,
      content: Array(
        "<ClinicalDocument xmlns=\"urn:hl7-org:v3\">\(xml.replacing("@", with: value))</ClinicalDocument>"
          .utf8), value: value)
  }

  private static let documents: [PlantedPlace] = [
    cda(
      "<patientRole><id root=\"2.16.840.1\" extension=\"@\"/></patientRole>", .recordNumber,
      "00482913"),
    cda("<patient><name><given>x</given><family>@</family></name></patient>", .name, "kern"),
    cda("<birthTime value=\"@\"/>", .date, "19610412"),
    cda("<addr><streetAddressLine>@</streetAddressLine></addr>", .address, "14 Beacon Hill"),
    cda("<telecom use=\"HP\" value=\"@\"/>", .phone, "tel:+1-617-304-2298"),
    cda("<effectiveTime><low value=\"@\"/></effectiveTime>", .date, "20240502"),
    cda("<patient><name>@</name></patient>", .name, "Olga Kern"),
  ]

  private static func dicom(
    _ group: Int, _ element: Int, _ form: String, _ kind: PHIKind, _ value: String
  ) -> PlantedPlace {
    let whole = DICOMSample.text(group, element, form, value)
    return PlantedPlace(
      name: "DICOM \(String(group, radix: 16)),\(String(element, radix: 16))", kind: kind,
      content: DICOMSample.file([
        DICOMSample.text(8, 0x60, "CS", "CT"),
        DICOMSample.sequence(0x0040, 0x0275, [whole]),
      ]), value: value)
  }

  private static let images: [PlantedPlace] = [
    dicom(0x10, 0x10, "PN", .name, "KERN^OLGA"), dicom(0x10, 0x20, "LO", .recordNumber, "00482913"),
    dicom(0x10, 0x30, "DA", .date, "19610412"),
    dicom(0x10, 0x1040, "LO", .address, "14 Beacon Hill"),
    dicom(0x10, 0x2154, "SH", .phone, "617 304 2298"), dicom(0x8, 0x80, "LO", .facility, "County"),
    dicom(0x8, 0x50, "SH", .recordNumber, "A0099"), dicom(0x8, 0x90, "PN", .name, "OBI^AMARA"),
    dicom(0x8, 0x2a, "DT", .date, "20240502103000"), dicom(0x10, 0x1010, "AS", .age, "093Y"),
    dicom(0x18, 0x1000, "LO", .deviceNumber, "SN99112"),
    dicom(0x40, 0xa123, "PN", .name, "KERN^OLGA"),
    dicom(0x29, 0x1018, "PN", .name, "KERN^OLGA"), dicom(0x29, 0x1019, "DA", .date, "19610412"),
    dicom(0x29, 0x1020, "UN", .name, "KERN^OLGA"), dicom(0x29, 0x1021, "UN", .date, "19610412"),
  ]

  private static let lines: [PlantedPlace] = [
    PlantedPlace(
      name: "HL7 in a line of a log", kind: .name,
      content: Array(
        "2024-05-02 INFO received PID|1||00482913^^^A^MR||kern^olga||19610412|F from ward\n".utf8),
      value: "kern^olga"),
    PlantedPlace(
      name: "HL7 in a line of a log, ends escaped", kind: .recordNumber,
      content: Array("x MSH|^~\\&|A|B|||2024||ADT\\rPID|1||00482913^^^A^MR||kern^olga\\r\n".utf8),
      value: "00482913^^^A^MR"),
    PlantedPlace(
      name: "HL7 in source code", kind: .date,
      content: Array("let m = \"PID|1||00482913||kern^olga||19610412|F\"\n".utf8),
      value: "19610412"),
  ]

  static let all = messages + claims + resources + documents + images + lines
}

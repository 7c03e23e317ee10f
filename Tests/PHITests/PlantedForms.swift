import Foundation
import TestKit

/// What is planted: identifiers with the form in which each is written.
struct Planted: Sendable {
  let name: String
  let value: String
  /// The column or field that holds it.
  let field: String

  static let all = [
    Planted(name: "record number", value: "MR00482913", field: "mrn"),
    Planted(name: "social security number", value: "412-55-9081", field: "ssn"),
    Planted(name: "birth date", value: "1961-04-12", field: "dob"),
    Planted(name: "name", value: "Margaret Okafor", field: "patient_name"),
    Planted(name: "telephone", value: "(617) 304-2298", field: "phone"),
    Planted(name: "mail", value: "m.okafor@mail.example", field: "email"),
    Planted(name: "address", value: "14 Beacon Hill Road", field: "address"),
    Planted(name: "beneficiary", value: "1EG4TE5MK73", field: "medicare_id"),
  ]
}

/// A place in a format where a value can stand. What is beside it says that a patient is spoken of.
struct PlantedForm: Sendable {
  let name: String
  let make: @Sendable (Planted) -> [UInt8]

  init(_ name: String, _ make: @escaping @Sendable (Planted) -> [UInt8]) {
    self.name = name
    self.make = make
  }

  init(text name: String, _ make: @escaping @Sendable (Planted) -> String) {
    self.init(name) { Array(make($0).utf8) }
  }

  static func escaped(_ text: String) -> String {
    text.utf16.map {
      "\\u" + String(repeating: "0", count: 4 - String($0, radix: 16).count) + String($0, radix: 16)
    }
    .joined()
  }

  static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  static func note(_ planted: Planted) -> String {
    "The patient was admitted to the clinic after surgery. \(planted.field): \(planted.value)\nDiagnosis: pneumonia.\n"
  }

  static let text: [PlantedForm] = [
    PlantedForm(text: "prose") { note($0) },
    PlantedForm(text: "log line") {
      "2024-05-02T10:11:12Z INFO view patient mrn=MR00771123 \($0.field)=\"\($0.value)\" took=12ms\n"
    },
    PlantedForm(text: "Swift") {
      "let fixture = Patient(mrn: \"MR00771123\")\nfixture.\($0.field) = \"\($0.value)\"\n"
    },
    PlantedForm(text: "Python") { "ROW = {'mrn': 'MR00771123', '\($0.field)': '\($0.value)'}\n" },
    PlantedForm(text: "YAML") { "patient:\n  mrn: MR00771123\n  \($0.field): \($0.value)\n" },
    PlantedForm(text: "YAML, quoted, in a list") {
      "patients:\n- mrn: \"MR00771123\"\n  \($0.field): '\($0.value)'\n"
    },
  ]

  static let tables: [PlantedForm] = [
    PlantedForm(text: "CSV") { "mrn,\($0.field)\nMR00771123,\($0.value)\n" },
    PlantedForm(text: "CSV, quoted with a line end") {
      "mrn,note,\($0.field)\r\nMR00771123,\"two\r\nlines\",\"\($0.value)\"\r\n"
    },
    PlantedForm(text: "TSV") { "dob\t\($0.field)\tmrn\n1950-02-03\t\($0.value)\tMR00771123\n" },
    PlantedForm(text: "SQL insert") {
      "INSERT INTO patient (id, mrn, \($0.field)) VALUES (1, 'MR00771123', '\($0.value)');\n"
    },
    PlantedForm(text: "SQL copy") {
      "COPY public.patient (mrn, \($0.field)) FROM stdin;\nMR00771123\t\($0.value)\n\\.\n"
    },
  ]

  static let json: [PlantedForm] = [
    PlantedForm(text: "JSON") { "{\"mrn\": \"MR00771123\", \"\($0.field)\": \"\($0.value)\"}" },
    PlantedForm(text: "JSON, nested") {
      "{\"mrn\": \"MR00771123\", \"a\": [[{\"b\": {\"\($0.field)\": \"\($0.value)\"}}]]}"
    },
    PlantedForm(text: "JSON, escaped") {
      "{\"mrn\": \"MR00771123\", \"\($0.field)\": \"\(escaped($0.value))\"}"
    },
    PlantedForm(text: "NDJSON") {
      "{\"mrn\": \"MR00771123\"}\n{\"mrn\": \"MR00771124\", \"\($0.field)\": \"\($0.value)\"}\n"
    },
    PlantedForm(text: "FHIR narrative") {
      "{\"resourceType\": \"Patient\", \"text\": {\"div\": \"<div>\($0.field): \($0.value)</div>\"}}"
    },
    PlantedForm(text: "FHIR attachment in base64") {
      "{\"content\": [{\"attachment\": {\"data\": \"\(base64(note($0)))\"}}], \"resourceType\": \"DocumentReference\"}"
    },
    PlantedForm(text: "FHIR extension") {
      "{\"resourceType\": \"Patient\", \"extension\": [{\"url\": \"http://x.example/\($0.field)\", \"valueString\": \"\($0.field) \($0.value)\"}]}"
    },
    PlantedForm(text: "FHIR XML") {
      "<Patient xmlns=\"http://hl7.org/fhir\"><extension><valueString value=\"\($0.field): \($0.value)\"/></extension></Patient>"
    },
    PlantedForm(text: "C-CDA text with references") {
      "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><text>\($0.field): \(references($0.value))</text></ClinicalDocument>"
    },
    PlantedForm(text: "C-CDA comment") {
      "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><!-- \($0.field): \($0.value) --></ClinicalDocument>"
    },
    PlantedForm(text: "C-CDA section of raw text") {
      "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><text><![CDATA[\($0.field): \($0.value)]]></text></ClinicalDocument>"
    },
  ]

  static func references(_ text: String) -> String {
    text.unicodeScalars.map { "&#x\(String($0.value, radix: 16));" }.joined()
  }

  static func hl7(_ rest: String) -> String {
    "MSH|^~\\&|A|B|C|D|20240502||ADT^A01|1|P|2.5\r" + rest + "\r"
  }

  static let messages: [PlantedForm] = [
    PlantedForm(text: "HL7 note") { hl7("NTE|1||\($0.field): \($0.value)") },
    PlantedForm(text: "HL7 observation, second repetition") {
      hl7("OBX|1|ST|8302-2^Note||none~\($0.field) \($0.value)||||||F")
    },
    PlantedForm(text: "HL7 escaped") {
      hl7("NTE|1||seen\\.br\\\($0.field): \($0.value)\\.br\\end")
    },
    PlantedForm(text: "HL7 attachment in base64") {
      hl7("OBX|1|ED|PDF^Report||^TEXT^^Base64^\(base64(note($0)))||||||F")
    },
    PlantedForm(text: "HL7 segment of a site's own") { hl7("ZPI|1|\($0.field): \($0.value)") },
    PlantedForm(text: "HL7 with other separators") {
      "MSH#*~\\&#A#B#C#D#20240502##ADT*A01#1#P#2.5\rNTE#1##\($0.field): \($0.value)\r"
    },
    PlantedForm(text: "X12 note") {
      "ISA*00*          *00*          *ZZ*SUBMITTERID    *ZZ*RECEIVERID     *230101*1253*^*00501*000000905*0*T*:~"
        + "NTE*ADD*\($0.field): \($0.value)~IEA*1*000000905~"
    },
  ]

  static let images: [PlantedForm] = [
    PlantedForm("DICOM comment") {
      DICOMSample.file([DICOMSample.text(0x0010, 0x4000, "LT", note($0))])
    },
    PlantedForm("DICOM private element") {
      DICOMSample.file([
        DICOMSample.text(0x0009, 0x0010, "LO", "VENDOR"),
        DICOMSample.text(0x0009, 0x1001, "UN", "\($0.field): \($0.value)"),
      ])
    },
    PlantedForm("DICOM sequence of undefined length") {
      DICOMSample.file([
        DICOMSample.sequence(0x0040, 0x0275, [DICOMSample.text(0x0040, 0x1400, "LT", note($0))])
      ])
    },
    PlantedForm("DICOM, implicit") {
      DICOMSample.file(
        [DICOMSample.text(0x0010, 0x4000, nil, note($0))], syntax: "1.2.840.10008.1.2")
    },
  ]

  static let archives: [PlantedForm] = [
    PlantedForm("gzip") { Packed.gzip(Array(note($0).utf8)) },
    PlantedForm("tar") { Packed.tar("notes.txt", Array(note($0).utf8)) },
    PlantedForm("tar in gzip") { Packed.gzip(Packed.tar("a/b/notes.txt", Array(note($0).utf8))) },
    PlantedForm("ZIP, stored") { Packed.zip("notes.txt", Array(note($0).utf8)) },
    PlantedForm("ZIP in tar") {
      Packed.tar("x.zip", Packed.zip("notes.txt", Array(note($0).utf8)))
    },
    PlantedForm("gzip in gzip") { Packed.gzip(Packed.gzip(Array(note($0).utf8))) },
  ]

  static let all =
    text + moreText + tables + moreTables + json + moreJSON + messages + moreMessages + images
    + moreImages + archives + moreArchives
}

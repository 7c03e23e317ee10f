import Foundation

/// Places in text and source code.
extension PlantedForm {
  static func percent(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }

  /// Base64 in lines of 76 signs, as mail has it.
  static func lines(_ text: String) -> String {
    let all = Array(base64(text))
    return stride(from: 0, to: all.count, by: 76)
      .map { String(all[$0..<min($0 + 76, all.count)]) }.joined(separator: "\r\n")
  }

  static func wide(_ text: String, isBig: Bool, hasMark: Bool) -> [UInt8] {
    let units = (hasMark ? [0xfeff] : []) + Array(text.utf16)
    return units.flatMap { unit in
      let pair = [UInt8(unit >> 8), UInt8(unit & 255)]
      return isBig ? pair : pair.reversed()
    }
  }

  private static func long(_ planted: Planted) -> String {
    String(repeating: "The patient was seen in the clinic and was well. ", count: 4) + note(planted)
  }

  static let moreText: [PlantedForm] = [
    PlantedForm("UTF-16, little end first") { wide(note($0), isBig: false, hasMark: true) },
    PlantedForm("UTF-16, big end first, without a mark") {
      wide(note($0), isBig: true, hasMark: false)
    },
    PlantedForm("table in UTF-16") {
      wide("mrn,\($0.field)\r\nMR00771123,\($0.value)\r\n", isBig: false, hasMark: true)
    },
    PlantedForm(text: "lines that end with CR LF") {
      note($0).replacing("\n", with: "\r\n")
    },
    PlantedForm(text: "query of a web address in a log") {
      "10.0.0.1 - - [02/May/2024] \"GET /p?mrn=MR00771123&\($0.field)=\(percent($0.value)) HTTP/1.1\" 200\n"
    },
    PlantedForm(text: "JSON in a line of a log") {
      "2024-05-02 INFO body={\"mrn\":\"MR00771123\",\"\($0.field)\":\"\($0.value)\"} ms=3\n"
    },
    PlantedForm(text: "escaped JSON in a line of a log") {
      "2024-05-02 INFO body=\"{\\\"mrn\\\":\\\"MR00771123\\\",\\\"\($0.field)\\\":\\\"\($0.value)\\\"}\"\n"
    },
    PlantedForm(text: "base64 in YAML") {
      "kind: Secret\ndata:\n  note.txt: \(base64(long($0)))\n"
    },
    PlantedForm(text: "base64 in lines, as in mail") {
      "Content-Transfer-Encoding: base64\r\n\r\n\(lines(long($0)))\r\n"
    },
    PlantedForm(text: "base64 in source code") {
      "static const char *note = \"\(base64(long($0)))\";\n"
    },
    PlantedForm(text: "block in YAML") {
      "patient:\n  mrn: MR00771123\n  note: |\n    \($0.field): \($0.value)\n"
    },
    PlantedForm(text: "environment") { "MRN=MR00771123\n\($0.field.uppercased())=\($0.value)\n" },
    PlantedForm(text: "INI and TOML") {
      "[patient]\nmrn = \"MR00771123\"\n\($0.field) = \"\($0.value)\"\n"
    },
    PlantedForm(text: "table in Markdown") {
      "The patient of the clinic\n\n| mrn | \($0.field) |\n|---|---|\n| MR00771123 | \($0.value) |\n\n\($0.field): \($0.value)\n"
    },
    PlantedForm(text: "HTML") {
      "<html><body><p>Patient mrn: MR00771123</p><p>\($0.field): <b>\($0.value)</b></p></body></html>"
    },
    PlantedForm(text: "JavaScript") {
      "const p = { mrn: 'MR00771123', \($0.field): '\($0.value)' };\n"
    },
    PlantedForm(text: "C") {
      "p.mrn = \"MR00771123\";\nstrcpy(p.\($0.field), \"\($0.value)\"); // \($0.field): \($0.value)\n"
    },
    PlantedForm(text: "difference") {
      "--- a\n+++ b\n@@ -1 +1,2 @@\n-mrn: none\n+mrn: MR00771123\n+\($0.field): \($0.value)\n"
    },
    PlantedForm(text: "binary with text in it") {
      "\0\0\u{1}mrn: MR00771123\n\($0.field): \($0.value)\n\0"
    },
  ]

  static let moreTables: [PlantedForm] = [
    PlantedForm(text: "CSV with semicolons and a mark") {
      "\u{feff}mrn;\($0.field);ward\nMR00771123;\($0.value);3\n"
    },
    PlantedForm(text: "table with bars") { "mrn|\($0.field)|ward\nMR00771123|\($0.value)|3\n" },
    PlantedForm(text: "CSV, last of many rows") {
      "mrn,\($0.field)\n" + String(repeating: "MR00771123,x\n", count: 3000)
        + "MR00771124,\($0.value)\n"
    },
    PlantedForm(text: "JSON in a cell") {
      "mrn,dob,body\nMR00771123,1950-02-03,\"{\"\"\($0.field)\"\": \"\"\($0.value)\"\"}\"\n"
    },
    PlantedForm(text: "SQL insert without columns") {
      "CREATE TABLE `patient` (\n  `id` int(11) NOT NULL,\n  `mrn` varchar(20),\n  `\($0.field)` varchar(80)\n);\nINSERT INTO `patient` VALUES (1,'MR00771123','x'),(2,'MR00771124','\($0.value)');\n"
    },
    PlantedForm(text: "SQL insert, second row, with quotes") {
      "INSERT INTO patient (mrn, note, \($0.field)) VALUES ('MR00771123', 'it''s (a) note; well', 'x'), ('MR00771124', '', '\($0.value)');\n"
    },
    PlantedForm(text: "SQL update") {
      "UPDATE patient SET \($0.field) = '\($0.value)' WHERE mrn = 'MR00771123';\n"
    },
  ]

  static let moreJSON: [PlantedForm] = [
    PlantedForm(text: "JSON in a string of JSON") {
      let inner = "{\"mrn\":\"MR00771123\",\"\($0.field)\":\"\($0.value)\"}"
      return "{\"level\":\"info\",\"message\":\"\(inner.replacing("\"", with: "\\\""))\"}"
    },
    PlantedForm(text: "JSON, escaped as a whole, in a string of JSON") {
      let inner = "{\"mrn\":\"MR00771123\",\"\($0.field)\":\"\($0.value)\"}"
      return "{\"level\":\"info\",\"message\":\"\(escaped(inner))\"}"
    },
    PlantedForm(text: "HL7 in a string of JSON") {
      let inner = hl7("PID|1||MR00771123||X\rNTE|1||\($0.field): \($0.value)")
      let text = inner.replacing("\\", with: "\\\\").replacing("\r", with: "\\r")
      return "{\"level\":\"info\",\"message\":\"\(text)\"}"
    },
    PlantedForm(text: "name of a member") {
      "{\"mrn\": \"MR00771123\", \"\($0.field): \($0.value)\": true}"
    },
    PlantedForm(text: "name of a member, escaped") {
      "{\"mrn\": \"MR00771123\", \"\(escaped("\($0.field): \($0.value)"))\": true}"
    },
    PlantedForm(text: "FHIR whose type stands last, in a contained resource") {
      "{\"contained\": [{\"note\": [{\"text\": \"\(escaped("\($0.field): \($0.value)"))\"}]}], \"resourceType\": \"Observation\"}"
    },
    PlantedForm(text: "FHIR NDJSON, behind a broken line") {
      "{\"resourceType\": \"Patient\", \"text\": {\"div\": \"<div/>\"}\n{\"resourceType\": \"Patient\", \"note\": \"\(escaped("\($0.field): \($0.value)"))\"}\n"
    },
    PlantedForm(text: "FHIR attachment that is FHIR itself") {
      let inner =
        "{\"resourceType\": \"Patient\", \"text\": {\"div\": \"\($0.field): \($0.value)\"}}"
      return "{\"resourceType\": \"Binary\", \"data\": \"\(base64(inner))\"}"
    },
    PlantedForm(text: "FHIR attachment, packed") {
      "{\"resourceType\": \"Binary\", \"data\": \"\(Data(Packed.gzip(Array(note($0).utf8))).base64EncodedString())\"}"
    },
    PlantedForm(text: "data: address") {
      "{\"resourceType\": \"Binary\", \"note\": \"data:text/plain;base64,\(base64(note($0)))\"}"
    },
    PlantedForm(text: "C-CDA attribute") {
      "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><a title=\"\($0.field): \(references($0.value))\"/></ClinicalDocument>"
    },
    PlantedForm(text: "C-CDA body in base64") {
      "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><nonXMLBody><text mediaType=\"text/plain\" representation=\"B64\">\n\(lines(note($0)))\n</text></nonXMLBody></ClinicalDocument>"
    },
    PlantedForm(text: "XML with a prefix, in an XML value") {
      "<f:Patient xmlns:f=\"http://hl7.org/fhir\"><f:note><f:text value=\"&lt;b&gt;\($0.field): \($0.value)&lt;/b&gt;\"/></f:note></f:Patient>"
    },
    PlantedForm(text: "XML of no standard, in references") {
      "<row><c>\(references("mrn: MR00771123 \($0.field): \($0.value)"))</c></row>"
    },
  ]
}

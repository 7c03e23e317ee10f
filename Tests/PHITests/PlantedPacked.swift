import Foundation

/// Places in messages, images and archives.
extension PlantedForm {
  static let moreMessages: [PlantedForm] = [
    PlantedForm(text: "HL7 note over two segments") {
      hl7("NTE|1||\($0.field):\rNTE|2||\($0.value)")
    },
    PlantedForm(text: "HL7 observation over repetitions") {
      hl7("OBX|1|TX|8302-2^Note||\($0.field):~\($0.value)||||||F")
    },
    PlantedForm(text: "HL7 in hexadecimal") {
      let digits = $0.value.utf8.map { String($0, radix: 16) }.joined()
      return hl7("NTE|1||\($0.field): \\X\(digits)\\")
    },
    PlantedForm(text: "HL7, second message with other separators") {
      hl7("NTE|1||none")
        + "MSH#*~\\&#A#B#C#D#20240502##ADT*A01#1#P#2.5\rNTE#1##\($0.field): \($0.value)\r"
    },
    PlantedForm(text: "HL7 framed for a line") {
      "\u{b}" + hl7("NTE|1||\($0.field): \($0.value)") + "\u{1c}\r"
    },
    PlantedForm(text: "HL7 that holds a C-CDA") {
      let document =
        "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><text>\($0.field): \($0.value)</text></ClinicalDocument>"
      return hl7("OBX|1|ED|1^Doc||^TEXT^XML^Base64^\(base64(document))||||||F")
    },
    PlantedForm(text: "X12 over two elements") {
      x12("MSG*\($0.field):*\($0.value)")
    },
    PlantedForm(text: "X12 component") { x12("SVC*HC:99213:\($0.field) \($0.value)*100") },
    PlantedForm(text: "X12, second interchange with other separators") {
      x12("MSG*none")
        + x12("MSG*\($0.field): \($0.value)").replacing("*", with: "|").replacing("~", with: "!")
    },
  ]

  static func x12(_ segment: String) -> String {
    "ISA*00*          *00*          *ZZ*SUBMITTERID    *ZZ*RECEIVERID     *230101*1253*^*00501*000000905*0*T*:~"
      + segment + "~IEA*1*000000905~"
  }

  static let moreImages: [PlantedForm] = [
    PlantedForm("DICOM, big end first") {
      DICOMSample.file(
        [DICOMSample.bigText(0x0010, 0x4000, "LT", note($0))], syntax: "1.2.840.10008.1.2.2")
    },
    PlantedForm("DICOM, deflated") {
      var file = DICOMSample.file([], syntax: "1.2.840.10008.1.2.1.99")
      file += Packed.deflated(DICOMSample.text(0x0010, 0x4000, "LT", note($0)))
      return file
    },
    PlantedForm("DICOM without its first 128 bytes") {
      Array(DICOMSample.file([DICOMSample.text(0x0010, 0x4000, "LT", note($0))]).dropFirst(132))
    },
    PlantedForm("DICOM private sequence, nested") {
      DICOMSample.file([
        DICOMSample.sequence(
          0x0029, 0x1010,
          [
            DICOMSample.sequence(
              0x0029, 0x1011,
              [DICOMSample.text(0x0029, 0x1012, "LO", "\($0.field): \($0.value)")])
          ])
      ])
    },
    PlantedForm("DICOM private bytes") {
      DICOMSample.file([
        DICOMSample.text(0x0029, 0x1010, "OB", "\u{1}\0\u{2}\0\($0.field): \($0.value)\0\u{7f}\0")
      ])
    },
    PlantedForm("DICOM behind pixels in pieces") {
      DICOMSample.file([
        DICOMSample.pixels, DICOMSample.text(0x7fe1, 0x1010, "LO", "\($0.field): \($0.value)"),
      ])
    },
    PlantedForm("DICOM content tree") {
      DICOMSample.file([
        DICOMSample.sequence(
          0x0040, 0xa730, [DICOMSample.text(0x0040, 0xa160, "UT", note($0))])
      ])
    },
    PlantedForm("DICOM document inside") {
      DICOMSample.file([DICOMSample.text(0x0042, 0x0011, "OB", note($0))])
    },
  ]

  static let moreArchives: [PlantedForm] = [
    PlantedForm("gzip, packed") {
      [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3] + Packed.deflated(Array(note($0).utf8))
        + Packed.trailer(Array(note($0).utf8))
    },
    PlantedForm("gzip, second member") {
      Packed.gzip(Array("none\n".utf8)) + Packed.gzip(Array(note($0).utf8))
    },
    PlantedForm("zstd") { Packed.zstd(Array(note($0).utf8)) },
    PlantedForm("bzip2") { Packed.bzip2(Array(note($0).utf8)) },
    PlantedForm("xz") { Packed.xz(Array(note($0).utf8)) },
    PlantedForm("tar in zstd") { Packed.zstd(Packed.tar("a", Array(note($0).utf8))) },
    PlantedForm("ZIP, packed") {
      Packed.zip("notes.txt", Packed.deflated(Array(note($0).utf8)), method: 8)
    },
    PlantedForm("comment of a ZIP") {
      Packed.zip("notes.txt", Array("none".utf8), comment: note($0))
    },
    PlantedForm("tar without a sign of its form") {
      Packed.tar("a", Array(note($0).utf8), magic: "")
    },
    PlantedForm("second file of a tar") {
      Packed.tar("a", Array("none".utf8)).dropLast(1024) + Packed.tar("b", Array(note($0).utf8))
    },
    PlantedForm("ar") {
      let content = Array(note($0).utf8)
      let size = String(content.count)
      return Array(
        "!<arch>\nnotes/          0           0     0     644     \(size)\(String(repeating: " ", count: 10 - size.count))`\n"
          .utf8) + content
    },
    PlantedForm("layer of an image: gzip in tar, FHIR in it") {
      let text =
        "{\"resourceType\": \"Patient\", \"text\": {\"div\": \"\($0.field): \($0.value)\"}}"
      return Packed.tar(
        "blobs/sha256/0a", Packed.gzip(Packed.tar("app/fixture", Array(text.utf8))))
    },
    PlantedForm("DICOM in ZIP in gzip") {
      Packed.gzip(
        Packed.zip(
          "image", DICOMSample.file([DICOMSample.text(0x0010, 0x4000, "LT", note($0))])))
    },
    PlantedForm("table in UTF-16 in ZIP") {
      Packed.zip(
        "export",
        wide("mrn,\($0.field)\r\nMR00771123,\($0.value)\r\n", isBig: false, hasMark: true))
    },
  ]
}

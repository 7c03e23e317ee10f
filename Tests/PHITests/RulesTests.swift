import PHI
import Testing

/// What is found in a text, as its kind and the words.
func told(in text: String, _ setting: PHISetting? = .clinical) -> [String] {
  let bytes = Array(text.utf8)
  return PHIScanner.findings(in: bytes, setting: setting).map {
    "\($0.type.rawValue) \(String(decoding: bytes[$0.start..<$0.end], as: UTF8.self))"
  }
}

@Suite("Safe Harbor's meaning")
struct RulesTests {
  @Test(
    "What is no PHI by Safe Harbor is left alone",
    arguments: [
      "A 55-year-old man was diagnosed in 2019.",
      "An 89-year-old woman with atrial fibrillation.",
      "According to the guideline of March 2023 metformin comes first.",
      "A patient from California with a Wells score of 6.",
      "Wilson's disease, Crohn's disease, a positive Babinski sign and Hodgkin lymphoma.",
      "Síndrome de Budd-Chiari, maniobra de Pringle y escala de Glasgow.",
      "Take 20 mg of Lisinopril twice a day; INR 2.5, HbA1c 7.5 %, BP 120/80.",
      "My zip code is 880", "an address begins with https://",
      "Is Paxlovid safe with Lipitor in stage 3 CKD?",
      "See version 1.2.13 and section 4.5.6 of the ADA guidelines.",
    ])
  func leftAlone(text: String) { #expect(told(in: text) == []) }

  @Test(
    "What is PHI is found, whole",
    arguments: [
      ("She is 93 years old.", ["age 93 years"]),
      ("Seen on 3/14/2022.", ["date 3/14/2022"]),
      ("Seen on January 5th, 2023", ["date January 5th, 2023"]),
      ("Ingresó el 12 de mayo de 2020", ["date 12 de mayo de 2020"]),
      ("Aufnahme am 4. März 2021", ["date 4. März 2021"]),
      ("ZIP: 03601 and zip code is 036", ["postal-code 03601", "postal-code 036"]),
      ("MRN: #CS123456", ["record-number CS123456"]),
      ("NHC: 2405698.", ["record-number 2405698"]),
      ("NASS: 27 2226350 05.", ["beneficiary-number 27 2226350 05"]),
      ("Versichertennummer: A123456780", ["beneficiary-number A123456780"]),
      ("SSN 987-65-4321", ["national-number 987-65-4321"]),
      (
        "Médico: Ángela Núñez-Prat NºCol: 28 28 74102.",
        ["name Ángela Núñez-Prat", "licence-number 28 28 74102"]
      ),
      ("call (617) 555-0142 ext. 12", ["phone (617) 555-0142 ext. 12"]),
      ("write to a.b@clinic.example.", ["email a.b@clinic.example"]),
      (
        "a patient named Olga K., seen at Elm Street Clinic",
        ["name Olga K.", "facility Elm Street Clinic"]
      ),
      ("Dr. Amara Obi's notes", ["name Dr. Amara Obi"]),
      (
        "lives at 12 Maple Street, Springfield, IL 62704",
        ["address 12 Maple Street, Springfield, IL 62704"]
      ),
      ("Domicilio: Calle Mayor, 3, 2º B", ["address Calle Mayor, 3, 2º B"]),
      (
        "She was seen at St. Luke's Hospital, Boston, MA.",
        ["facility St. Luke's Hospital, Boston, MA"]
      ),
      ("card 4539 1488 0343 6467", ["account-number 4539 1488 0343 6467"]),
      (
        "from 2001:db8:85a3:0:0:8a2e:370:7334 today", ["ip-address 2001:db8:85a3:0:0:8a2e:370:7334"]
      ),
      ("VIN 1HGCM82633A004352", ["vehicle-number 1HGCM82633A004352"]),
    ])
  func whole(text: String, expected: [String]) { #expect(told(in: text) == expected) }

  @Test(
    "German: labels, titles, days, streets and numbers",
    arguments: [
      (
        "Patient: Müller, Hans-Peter, geb. 12.03.1958, wohnhaft Lindenstraße 14, 80331 München.",
        ["name Müller, Hans-Peter", "date 12.03.1958", "address Lindenstraße 14, 80331 München"]
      ),
      (
        "Herr Karl Weber, 93 Jahre alt, Versichertennummer A123456780, Tel.: 089 / 123 45 678.",
        [
          "name Herr Karl Weber", "age 93 Jahre", "beneficiary-number A123456780",
          "phone 089 / 123 45 678",
        ]
      ),
      (
        "Patientenname: Yilmaz, Ayse; Geb.-Dat.: 5.7.1980; Pat.-Nr.: 778812",
        ["name Yilmaz, Ayse", "date 5.7.1980", "record-number 778812"]
      ),
      ("Aufgenommen am 12.6.23, entlassen am 17.6.23.", ["date 12.6.23", "date 17.6.23"]),
      (
        "Personalausweis: L01X00T47, LANR 123456789",
        ["national-number L01X00T47", "licence-number 123456789"]
      ),
      (
        "Ehefrau: Maria Schneider, 0151-23456789.", ["name Maria Schneider", "phone 0151-23456789"]
      ),
      ("Der 85-jährige Patient mit Morbus Crohn klagt seit Januar über Schmerzen.", []),
    ])
  func german(text: String, expected: [String]) { #expect(told(in: text) == expected) }

  @Test(
    "In text about no patient, a label must tie a value to a person",
    arguments: [
      "Copyright (C) 2019 Jane Doe <jane@project.example>, 12 Main Street, Boston, MA 02114",
      "Released on 2021-03-04 by John Smith; call (617) 555-0142",
      "let uuid = \"412-55-9081\"", "serial: 4539148803436467", "ssn: 123-45-6789", "mrn: 000000",
      "patient_id = 12", "0x1HGCM82633A004352",
      "// insurance : 2015-02-19 Registry LLC", "dni: 12345678Z", "ssn => '123-45-9999'",
      "IP_XFRM_POLICY = 33554432", "mrn = 0x4000000", "insurance: 33554432",
      "Account: NL91 ABNA 0417 1643 00",
    ])
  func quietInSource(text: String) { #expect(told(in: text, .source) == []) }

  @Test("A label and a right check digit count in source code too")
  func checkedInSource() {
    #expect(told(in: "dni: \"52814790M\"", .source) == ["national-number 52814790M"])
    #expect(told(in: "dni: \"52814790R\"", .source) == [])
  }

  @Test(
    "A patient's number in a text makes the rest of it a patient's",
    arguments: [
      "name = \"Olga Kern\"\nmrn = \"00482913\"", "// ssn: 412-55-9081\nlet name = \"Olga Kern\"",
      "name: Olga Kern\ndob: 1961-04-12\n",
    ])
  func escalates(text: String) {
    let all = told(in: text, nil)
    #expect(all.contains("name Olga Kern"), "\(all)")
    #expect(all.count == 2)
  }
}

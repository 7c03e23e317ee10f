/// What a label says that its value is: "MRN:", "Fecha de nacimiento:", `"birthDate":`.
enum PHILabel: Sendable {
  case name, patientName, clinician, record, beneficiary, national, account, card, licence, vehicle,
    device
  case phone, fax, email, address, place, postal, date, birth, age, url, ip, other, country,
    facility
}

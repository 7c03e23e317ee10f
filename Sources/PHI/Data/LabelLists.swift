/// Labels in English, Spanish and German, folded; phrases end with a semicolon. Field names of
/// source code are the same words joined.
enum LabelLists {
  static let all: [(PHILabel, String)] = [
    (
      .record,
      """
      mrn; mr no; medical record number; medical record no; medical record; medical record id;
      record number; record no; chart number; chart no; patient id; patient identifier; patient no;
      patient number; pt id; patientid; encounter id; encounter number; visit number; visit id;
      case number; episode; accession number; accession no; accession; hospital number; unit number;
      hospital no; nhc; nhc nhc; cipa nhc; historia clinica; numero de historia; numero de historia clinica;
      n historia; num historia; episodio; numero de episodio; n episodio; id paciente;
      patientennummer; patienten nr; patientnr; fallnummer; fall nr; aufnahmenummer;
      krankenaktennummer; patienten id; pat nr; pat id; patnr; patid; fallnr; fall id;
      aufnahmenr; patientenkennung; fallkennung; specimen id; specimen number; hn;
      """
    ),
    (
      .national,
      """
      ssn; social security number; social security no; social security; social; soc sec no; nhs number;
      nhs no; cipa; dni; nie; nif; dni nie; documento de identidad; pasaporte; passport number; passport no;
      passport; national id; national insurance number; itin; tax id; tin; personalausweisnummer;
      ausweisnummer; steuer id; steueridentifikationsnummer; reisepassnummer; ssnumber; curp; nss;
      sozialversicherungsnummer; rentenversicherungsnummer; rv nummer; rvnr; sv nummer; svnr;
      personalausweis; personalausweis nr; reisepass; reisepass nr; steuernummer;
      """
    ),
    (
      .beneficiary,
      """
      hmo id; hmo number; ppo id; ppo number; payer id; insurance id; insurance number; insurance no; insurance; insurance policy number; insurance policy;
      insurance plan id; insurance plan number; insurance plan; policy number; policy no; policy id; policy;
      member id; member number; member no; subscriber id; subscriber number; group number; plan id;
      plan number; health plan number; health plan id; health plan beneficiary number; health plan;
      health insurance id; health insurance number; health insurance; beneficiary id; beneficiary number;
      medicare number; medicare id; medicare; medicaid id; medicaid number; mbi; hicn; hpbn; ins id; ins no; nass; cip;
      numero de seguridad social; seguridad social; numero de afiliacion; n afiliacion; naf;
      tarjeta sanitaria; cip sns; poliza; numero de poliza; versichertennummer; kvnr;
      krankenversicherungsnummer; krankenversichertennummer; versicherungsnummer; versicherten nr; versicherten id;
      egk nummer; egk nr; mitgliedsnummer; insuranceid; memberid;
      """
    ),
    (
      .account,
      """
      account number; account no; acct no; acct number; account id; acct; account; bank account; iban;
      routing number; numero de cuenta; cuenta; kontonummer; konto nr; billing account; guarantor number;
      """
    ),
    (
      .card,
      "credit card number; credit card; card number; card no; cc number; debit card; cc; card;"
    ),
    (
      .licence,
      """
      npi; npi number; dea; dea number; dea no; license number; licence number; license no; license;
      medical license; certificate number; driver license; drivers license; driver s license;
      driver s license number; driving licence; ncol; n col; no col; num col; numero de colegiado;
      numero colegiado; colegiado; n colegiado; col; lanr; bsnr; arztnummer; approbationsnummer; ik nummer; institutionskennzeichen;
      """
    ),
    (
      .vehicle,
      "vin; plate; license plate; plate number; vehicle id; matricula; kennzeichen; plate no;"
    ),
    (
      .device,
      """
      device id; serial number; serial no; device serial number; device serial; implant serial number;
      implant serial; udi; imei; mac address; numero de serie; seriennummer; pacemaker serial number;
      pacemaker serial; device identifier; sn;
      """
    ),
    (
      .other,
      """
      site id; subject id; study id; participant id; biometric id; user id; unique id; unique identifier;
      reference number; ref no; claim number; claim no; order number; prescription number; rx number; identifier; badge number; employee id;
      """
    ),
    (
      .name,
      """
      name; full name; fullname; first name;
      firstname; last name; lastname; surname; family name; given name; givenname; familyname; middle name; maiden name; nombre;
      apellidos; apellido; primer apellido; segundo apellido; nombre y apellidos;
      vorname; nachname; familienname; geburtsname; mothers maiden name;
      guarantor name; guarantor; emergency contact; next of kin; subscriber name; contact name; contact person;
      patient; madre; padre; tutor; patientin; name patient; spouse name; mother s name; father s name; mothermaidenname;
      """
    ),
    (
      .patientName,
      """
      patient name; patients name; patient s name; patientname; pt name; name of patient; patient full name;
      patient first name; patient last name; patientfirstname; patientlastname; nombre del paciente;
      nombre paciente; name des patienten; patientenname; paciente;
      """
    ),
    (
      .clinician,
      """
      physician; attending physician; attending; referring physician; provider; doctor; surgeon; nurse;
      medico; medica; medico responsable; responsable clinico; facultativo; remitido por; autor; autora; autores; firmado por; firmado; referido por;
      enviado por; informado por; elaborado por; responsable; behandelnder arzt; arzt; hausarzt; arztin; signed by;
      dictated by; electronically signed by; author; pcp; primary care provider; attendingdoctor;
      """
    ),
    (
      .birth,
      """
      dob; d o b; date of birth; birth date; birthdate; birthday; born; birth; dateofbirth;
      fecha de nacimiento; fecha nacimiento; f nacimiento; nacido; nacida; geburtsdatum; geb; geboren; geboren am; geb am; geb datum; geb dat; gebdat;
      fnac;
      """
    ),
    (
      .date,
      """
      admission date; admit date; date of admission; discharge date; date of discharge; date of death;
      death date; date of service; service date; visit date; admitted; discharged; appointment date; surgery date;
      fecha de ingreso; fecha ingreso; fecha de alta; fecha alta; fecha; fecha de intervencion; fecha de defuncion;
      aufnahmedatum; entlassungsdatum; sterbedatum; aufnahme am; deceaseddate;
      """
    ),
    (
      .phone,
      """
      phone; phone number; phone no; tel; telephone; telephone number; mobile; mobile phone; cell; cell phone;
      home phone; work phone; contact number; contact phone; telefono; telf; tfno; tlf; tlfno; movil;
      telefon; telefonnummer; handy; mobil; desk; phonenumber; pager; rufnummer;
      """
    ),
    (.fax, "fax; fax number; fax no; telefax; faxnummer;"),
    (
      .email,
      """
      email; e mail; mail; email address; correo electronico; correo; emailaddress;
      """
    ),
    (
      .address,
      """
      address; home address; street address; mailing address; street; residence; billing address; patient address; addr;
      domicilio; direccion; direccion postal; calle; anschrift; adresse; strasse; wohnort; wohnhaft; streetaddress; addressline; address line;
      """
    ),
    (
      .place,
      """
      city; town; county; localidad; localidad provincia; provincia; municipio; poblacion; ciudad;
      ort; stadt; lugar de nacimiento; place of birth; birthplace; geburtsort; birth place;
      """
    ),
    (.country, "pais; pais de nacimiento; country of birth;"),
    (
      .postal,
      "zip; zip code; zipcode; postal code; postcode; postalcode; cp; codigo postal; c p; plz; postleitzahl;"
    ),
    (
      .facility,
      "hospital; centro; centro de salud; facility; clinic; krankenhaus; klinik; hospital name; facility name;"
    ),
    (.age, "age; edad; alter; aged; patient age;"),
    (.url, "website; homepage; url; web;"),
    (.ip, "ip; ip address; client ip; remote addr; remoteaddr; ipaddress;"),
  ]
}

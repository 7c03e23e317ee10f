/// Words with a meaning for the rules, folded; written for this program from general knowledge.
enum WordLists {
  static let all: [(StaticString, WordFlags)] = [
    (months, .month), (weekdays, .weekday), (states, .state), (stateCodes, .stateCode),
    (countries, .country), (streetAfter, .streetAfter), (streetBefore, .streetBefore),
    (units, .unit), (titles, .title), (facilities, .facility), (facilityNames, .facilityName),
    (EponymLists.eponyms, .medical), (EponymLists.medical, .medical),
    (EponymLists.nouns, .eponymNoun),
    (nameCues, .nameCue), (careCues, .careCue), (homeCues, .homeCue), (companies, .company),
    (particles, .particle), (placeWords, .placeWord), (clinical, .clinical),
    (phoneCues, .phoneCue), (cardCues, .cardCue), (documentWords, .documentWord),
    (years, .yearsWord), (relations, .relation), (grammar, .grammar), (workCues, .workCue),
    (peoples, .people), (townNicknames, .city), (english, .english),
    (otherLanguages, .otherLanguage),
  ]

  static let months: StaticString = """
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec
    enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre
    januar februar marz maerz mai juni juli oktober dezember
    """
  static let weekdays: StaticString = """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri
    lunes martes miercoles jueves viernes sabado domingo
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
    """
  static let states: StaticString = """
    alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho
    illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi
    missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia
    washington wisconsin wyoming bayern hessen sachsen thuringen brandenburg
    """
  static let stateCodes: StaticString = """
    al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok
    or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr ap ae aa
    """
  static let countries: StaticString = """
    afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan bahamas bahrain
    bangladesh barbados belarus belgium belize benin bolivia botswana brazil brasil bulgaria cambodia cameroon canada
    chile china colombia congo croatia cuba cyprus czechia denmark ecuador egypt eritrea estonia ethiopia finland
    france gabon gambia germany ghana greece greenland guatemala guinea guyana haiti honduras hungary iceland india
    indonesia iran iraq ireland israel italy jamaica japan kenya kuwait laos latvia lebanon lesotho liberia libya
    liechtenstein lithuania luxembourg madagascar malawi malaysia maldives mali malta mauritius mexico moldova monaco
    mongolia montenegro morocco mozambique namibia nepal netherlands nicaragua niger nigeria norway oman pakistan
    palestine panama paraguay peru philippines poland portugal qatar romania russia rwanda senegal serbia singapore
    slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tanzania thailand togo tunisia turkey
    uganda ukraine uruguay usa uk uzbekistan venezuela vietnam yemen zambia zimbabwe scotland wales england
    africa asia europe america americas oceania antarctica midwest northeast southeast southwest northwest caribbean
    mediterranean scandinavia balkans saharan appalachia
    espana alemania francia italia marruecos rumania deutschland osterreich schweiz spanien frankreich italien
    polen turkei
    """
  static let streetAfter: StaticString = """
    street st avenue ave road rd drive dr lane ln boulevard blvd court ct place pl way terrace ter circle cir
    highway hwy parkway pkwy square sq trail trl turnpike crescent cres close walk row loop bypass expressway pike
    alley plaza mews strasse str gasse weg allee platz ufer damm ring stieg utca tere korut rakpart rkp ulica
    drive crossing mall harbor underpass
    """
  static let streetBefore: StaticString = """
    calle avenida avda av paseo pso plaza pza carrer camino carretera ctra ronda travesia travessera glorieta
    avinguda urbanizacion urb poligono barrio rambla rue via viale corso piazza rua praca ulica ul rúa quai chemin
    impasse strada cite calzada placa passeig cno cuesta callejon pasaje psje
    """
  static let units: StaticString = """
    apt apartment suite ste unit floor fl room rm bldg building box dept lot piso planta puerta bajo escalera
    wohnung stock no
    """
  static let titles: StaticString = """
    mr mrs ms miss mx dr drs prof professor doctor sir madam rev reverend sr sra srta dra don dona
    senor senora herr herrn frau hr fr doktor nurse rn np pa captain judge
    """
  static let facilities: StaticString = """
    hospital hospitals clinic clinics center centre centers infirmary sanatorium hospice healthcare health medical med
    memorial institute dispensary polyclinic rehab rehabilitation surgicenter hosp ctr cntr clinica klinik klinikum
    krankenhaus spital universitatsklinikum ambulatorio consultorio fundacion complejo policlinico policlinica
    hospitalario instituto residencia sanatorio praxis poliklinik nursing laboratory laboratories labs pharmacy
    university universidad universitat facultad college
    """
  static let facilityNames: StaticString = """
    mayo kaiser permanente baylor brigham cedars cedar johns hopkins langone presbyterian methodist bellevue sinai
    kettering stanford ucla ucsf ucsd uclahealth geisinger scripps sutter intermountain vanderbilt emory duke beaumont
    montefiore rush northwestern providence mercy lahey dana nyu nyp mgh bidmc chop upmc mdanderson charite
    ochsner bronxcare bannerhealth swedish hennepin henry cleveland jefferson
    """
  static let nameCues: StaticString = """
    named called name pt patient paciente patientin patienten patients llamado llamada namens regarding dear
    hello hi signed sincerely says said asked replied told wrote shouted starring directed says dijo sagt
    add
    """
  static let careCues: StaticString = """
    seen treated evaluated admitted visited followed consulted attended hospitalized hospitalised monitored managed operated
    presented presenting diagnosed care discharged assessed examined transferred referred checked appointment reviewed visit visits
    scheduled surgery evaluation currently living receiving received undergoing underwent enrolled hospitalization
    atendido atendida ingresado ingresada tratado tratada visitado remitido trasladado derivado derivada acude
    behandelt aufgenommen entlassen untersucht vorgestellt uberwiesen eingewiesen
    """
  static let homeCues: StaticString = """
    lives live living resides residing resident moved residence home from born originally travelling traveling
    vive reside residente natural procedente nacido nacida wohnt wohnhaft geboren stammt
    travel trip returned arrived flew flown traveled travelled relocated viaja
    """
  static let companies: StaticString = """
    inc llc corp corporation ltd limited gmbh plc group holdings technologies technology solutions software systems
    associates partners sons company industries enterprises consulting ag sa sl sarl oy ab bv kg
    """
  static let particles: StaticString = """
    de del la las los el y i e da do dos das van von der den ter ten te di du le zu al bin ibn san santa
    """
  static let placeWords: StaticString = """
    at in from to near en desde hasta im aus bei nach through visited
    """
  static let clinical: StaticString = """
    patient patients pt mrn diagnosed diagnosis admitted discharged hospital clinic physician nurse symptoms treatment
    therapy prescribed prescribing medication dose mg surgery chronic acute disease syndrome hx dx rx tx pmh dob
    allergies vitals bp prognosis follow male female paciente pacientes diagnostico ingreso tratamiento sintomas antecedentes
    varon mujer nino nina hombre lactante exploracion clinico clinica enfermedad alta patientin diagnose aufnahme entlassung befund anamnese therapie arzt
    insurance
    """
  static let phoneCues: StaticString = """
    phone tel telephone mobile cell fax call called calling dial contact desk office pager telefono telf tfno movil
    telefon handy mobil reach answering number ring text voicemail
    """
  static let cardCues: StaticString = """
    card cards credit debit visa mastercard amex maestro cc tarjeta kreditkarte
    """
  static let documentWords: StaticString = """
    guideline guidelines version edition release released revision published publication copyright article statement
    update recommendations act law draft journal jama lancet nejm issue volume license reviewed protocol
    """
  static let years: StaticString = """
    years year yr yrs yo y old anos ano jahre jahriger jahrige jahrigen aged age edad alter
    """
  static let relations: StaticString = """
    mother father brother sister wife husband son daughter guardian spouse partner uncle aunt cousin grandmother
    grandfather friend colleague kid child nephew niece hermano hermana esposa marido hijo hija mutter vater bruder
    schwester tochter sohn ehefrau ehemann
    """
  static let grammar: StaticString = """
    the a an and or but if of for with without on by is are was were be been has have had do does did not no yes
    this that these those there here what which who whom whose when where why how can could should would will may might
    must i you he she it we they my your his her its our their me him us them as so than then also just very
    all any some each every both few more most other such only own same too please let get
    el los las un una unos unas que con por para sin sobre entre se lo su sus es son fue al como mas pero si ya
    der die das und oder ist sind war mit ohne auf fur ein eine einer eines dem den des nicht von zu zur zum bei
    sie er es wir ihr ich
    """
  static let workCues: StaticString = """
    work works worked working employed employee employer employs job trabaja arbeitet
    """
  static let peoples: StaticString = """
    american african asian hispanic latino latina caucasian european indian chinese japanese korean mexican russian
    german french italian spanish english british irish scottish polish turkish greek arab arabic jewish hungarian
    czech slovak swedish danish norwegian finnish dutch belgian austrian swiss portuguese brazilian canadian
    australian christian muslim islamic catholic espanol espanola aleman frances ingles colombiano colombiana
    ramadan easter passover christmas diwali hanukkah lent thanksgiving cuban puerto rican vietnamese filipino pakistani native pacific ashkenazi iranian
    """
  static let english: StaticString =
    "the of and is was for with to this that my your are at by from"
  static let otherLanguages: StaticString = """
    el la los las de del que con por para una se y le les et der die das und ist mit ein eine nicht von den
    """
  /// Short names of towns.
  static let townNicknames: StaticString = "nyc philly dc sf"
  /// Places of two words and more, and states that are none of Safe Harbor's identifiers.
  static let longPlaces = """
    the bronx; long island; staten island; cape cod; silicon valley;
    """
  /// States and countries of two words.
  static let longStates = """
    new england; middle east; latin america; central america; north america; south america; southeast asia;
    east africa; west africa; sub saharan; pacific northwest; gulf coast; new jersey; new mexico; new hampshire; north carolina; south carolina; north dakota; south dakota;
    rhode island; west virginia; united states; united kingdom; south africa; new zealand; czech republic;
    costa rica; el salvador; sri lanka; saudi arabia; south korea; north korea; puerto rico;
    """
}

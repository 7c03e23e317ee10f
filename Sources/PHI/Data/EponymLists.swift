/// Words of medicine that look like names: eponyms, drugs' names, bodies that write guidelines.
enum EponymLists {
  static let eponyms: StaticString = """
    addison alzheimer alzheimers apgar asherman babinski barrett bartholin bartter basedow bechterew behcet
    beck bence billroth blalock braden brown-sequard brudzinski brugada buerger
    burkitt caroli chaddock chagas chiari chvostek conn crohn crohns
    cushing dandy danlos darier dercum doppler downs dressler duchenne dupuytren ebstein ehlers eisenmenger ewing
    fabry fallot fanconi felty ferriman fontan framingham gallwey gaucher giardia gleason
    goodpasture gottron gram graves guillain barre hartmann hashimoto hashimotos henoch hirschsprung
    hodgkin hodgkins hoffmann holter homans huntington kaposi karnofsky kartagener
    kawasaki kayser kernig klinefelter koch korsakoff kugelberg lachman laennec leber legg lennox lesch leydig
    lhermitte libman lister lyme marburg marfan marfans mcardle mcburney meniere menieres
    munchausen nissen noonan osgood paget pagets pap papanicolaou parkinsons
    patau perthes peutz peyronie pompe prader pringle prinzmetal quincke ranson raynaud raynauds reiter
    reye reyes rinne romberg rorschach rovsing salmonella schwann sezary simmonds
    sjogren sjogrens spitz sturge ganz takayasu tay tinel tourette
    tourettes trendelenburg trousseau valsalva virchow vogt vonhippel waldenstrom waterhouse wegener wegeners
    wernicke wells whipple wiley willebrand wilms wilsons wolff yersinia zollinger zenker
    epworth barthel tinetti zung bristol beighton likert medicare medicaid
    chevron winslow breslow bismuth forrester killip borg bosniak salter
    """
  static let medical: StaticString = """
    pfizer biontech moderna novartis roche astrazeneca sanofi bayer merck abbott medtronic glaxosmithkline gsk
    genentech janssen novavax lilly amgen gilead biogen novo nordisk abbvie
    ada aha acc acr acog aap cdc fda who nih nice gold gina kdigo esc nccn asco idsa aasld jama nejm cochrane uptodate
    medline pubmed covid sars hiv aids copd gerd ckd htn cad chf afib dvt als sle ra uti mrsa mri ecg ekg eeg cbc
    bmi psa inr hba1c hgba1c crp esr ldl hdl tsh bnp egfr lvef ct pet ace arb nsaid ssri snri icu er ed ob gyn meld
    chads has bled gcs sofa nyha tnm birads humira plavix lipitor paxlovid ozempic advair keytruda eliquis xarelto
    coumadin tylenol advil aspirin metformin lisinopril warfarin atorvastatin amlodipine losartan metoprolol
    albuterol insulin prednisone amoxicillin tamoxifen methotrexate tramadol lithium heparin apixaban
    dupixent enbrel entresto farxiga gleevec herceptin januvia jardiance lantus lasix lexapro lyrica neurontin nexium
    norvasc opdivo pepcid pradaxa prilosec prozac remicade singulair spiriva stelara synthroid trulicity viagra
    wegovy zantac zithromax zocor zoloft zyprexa ibuprofen levothyroxine
    stage type grade class score medicine oncology cardiology neurology urology nephrology dermatology pediatrics
    psychiatry radiology surgery emergency internal gastroenterology endocrinology hematology rheumatology
    streptococcus staphylococcus escherichia candida clostridium pseudomonas helicobacter borrelia mycobacterium
    nefrologia urologia cardiologia oftalmologia neurologia neurocirugia pediatria oncologia dermatologia
    traumatologia ginecologia hematologia radiologia urgencias anatomia patologica servicio seccion departamento
    unidad area gerencia secretaria aparato cirugia medicina patologia atencion informe tomografia resonancia antigeno
    acido hipertrofia estadio cuidados intensivos paliativos interna digestivo forense primaria vigilancia equipo
    fecha edad sexo diagnostico principal motivo historia actual exploracion resumen evolucion comentarios especialidad
    procedencia antecedentes correo electronico anticuerpos acelerador grupo proyecto programa banco catedra jefe
    abteilung station innere medizin chirurgie zentrum notaufnahme befund
    tac rmn eco hemograma leucocitos hematies
    """
  static let nouns: StaticString = """
    sign signs score scores reflex syndrome disease diseases criteria scale test tests index level levels lymphoma
    classification stage grade guidelines guideline study trial method maneuver manoeuvre procedure operation esophagus
    fracture lesion body bodies cell cells duct gland node nodes tumor tumour carcinoma sarcoma anemia palsy
    contracture phenomenon thyroiditis arteritis risk questionnaire inventory stain technique position catheter
    criterion syndromes lymphomas purpura cirrhosis encephalopathy ataxia dystrophy monitor ulcer
    consensus campaign doctrine vaccine vaccines booster boosters cohort protocol regimen rule rules trials model
    article journal review database rule law equation formula
    sindrome enfermedad signo maniobra escala tecnica prueba test clasificacion operacion indice criterios
    morbus krankheit zeichen
    """
}

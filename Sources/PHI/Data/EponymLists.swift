/// Words of medicine that look like names: eponyms, drugs' names, bodies that write guidelines.
enum EponymLists {
  static let eponyms: StaticString = """
    addison alzheimer alzheimers apgar asherman babinski barrett bartholin bartter basedow bechterew becker behcet bell
    beck bence berger bernard billroth bishop blalock bloom braden brooke brown-sequard brudzinski brugada budd buerger
    burkitt caroli chaddock chagas charcot chiari child christmas chvostek conn cooley coombs cornell crohn crohns
    cushing dandy danlos darier dercum down doppler downs dressler duchenne dupuytren duke ebstein ehlers eisenmenger ewing
    fabry fallot fanconi felty ferriman fontan framingham friedreich gallwey gaucher giardia gilbert glasgow gleason
    goodpasture gottron gram grave graves guillain barre hamilton hansen hartmann hashimoto hashimotos henoch hirschsprung
    hodgkin hodgkins hoffmann holter homans horner horton huntington hunter hurler kaposi kaplan karnofsky kartagener
    kawasaki kayser kernig klinefelter koch korsakoff kugelberg lachman lambert laennec leber legg leigh lennox lesch leydig
    lhermitte libman lister lou lyme lynch mallory marburg marfan marfans mcardle mcburney meckel meniere menieres merkel
    mini moro morton munchausen murphy myers nissen noonan osgood osler paget pagets pap papanicolaou parkinson parkinsons
    patau pearson perthes peutz peyronie pick pompe pott prader pringle prinzmetal quincke ranson raynaud raynauds reed reiter
    rett reye reyes riedel rinne romberg rorschach rovsing sachs salmonella schilling schwann sezary sheehan simmonds sims
    sjogren sjogrens snellen southey spitz starling stevens still sturge swan ganz takayasu tanner tay tinel tourette
    tourettes trendelenburg trousseau turner valsalva virchow vogt vonhippel waldenstrom waterhouse weber wegener wegeners
    wernicke wells whipple wiley willebrand williams wilms wilson wilsons wolff wright yersinia zollinger ellison zenker
    epworth edmonton norton barthel katz lawton tinetti zung bristol beighton wong likert medicare medicaid
    chevron winslow clark breslow ann arbor bismuth stanford dukes forrester killip fisher borg bosniak salter
    """
  static let medical: StaticString = """
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
    tac rmn eco hemograma leucocitos hematies
    """
  static let nouns: StaticString = """
    sign signs score scores reflex syndrome disease diseases criteria scale test tests index level levels lymphoma
    classification stage grade guidelines guideline study trial method maneuver manoeuvre procedure operation esophagus
    fracture lesion body bodies cell cells duct gland node nodes tumor tumour carcinoma sarcoma anemia palsy
    contracture phenomenon thyroiditis arteritis risk questionnaire inventory stain technique position catheter
    criterion syndromes lymphomas purpura cirrhosis encephalopathy ataxia dystrophy monitor ulcer
    article journal review database rule law equation formula
    sindrome enfermedad signo maniobra escala tecnica prueba test clasificacion operacion indice criterios
    morbus krankheit zeichen
    """
}

import type { Sensitivity } from "../core/vocabulary.ts";

/**
 * What reveals one sensitivity, wherever it stands in a resource. ICD-10 and ATC entries are prefixes written without the
 * dot, the others whole codes; `words` are tried on what codes and short texts say. These are seeds, not complete value
 * sets: a site adds its own through `labelsOf`'s `seeds`, and can only add.
 */
export interface SensitivitySeeds {
  readonly sensitivity: Sensitivity;
  readonly icd10?: readonly string[];
  /** ICD-10 prefixes within the former that do not count. */
  readonly icd10Except?: readonly string[];
  readonly atc?: readonly string[];
  readonly loinc?: readonly string[];
  readonly snomed?: readonly string[];
  readonly rxnorm?: readonly string[];
  /** HL7 ActCodes of insurance programmes that name what they insure. */
  readonly actCode?: readonly string[];
  /** DICOM modalities. */
  readonly dicom?: readonly string[];
  /** Addresses of extensions. */
  readonly extensions?: readonly string[];
  readonly words?: readonly RegExp[];
}

const usCore = "http://hl7.org/fhir/us/core/StructureDefinition";
const core = "http://hl7.org/fhir/StructureDefinition";

export const sensitivityRules: readonly SensitivitySeeds[] = [
  {
    sensitivity: "mental-health",
    icd10: ["F2", "F3", "F4", "F5", "F6", "F9"],
    icd10Except: ["F64"],
    atc: ["N05A", "N05B", "N06A", "N06B"],
    loinc: ["44261-6", "44249-1", "55758-7", "70274-6", "69737-5"],
    snomed: ["370143000", "36923009", "35489007", "58214004", "13746004", "197480006", "47505003", "80583007"],
    actCode: ["MENTPOL", "MENTPRG"],
    words: [
      /psychiatr|psychos[ie]s|psychotic|schizo|bipolar|depressive/i,
      /(?<!respiratory |marrow |segment |st )depression|anxiety|panic disorder|suicid|self[- ]harm/i,
      /post[- ]?traumatic stress|obsessive|personality disorder|attention deficit|anorexia nervosa|bulimi/i,
      /\bPHQ-?[29]\b|\bGAD-?7\b|sertraline|fluoxetine|citalopram|venlafaxine|mirtazapine|quetiapine/i,
      /olanzapine|risperidone|aripiprazole|haloperidol|clozapine|lithium carbonate|alprazolam|lorazepam/i,
      /diazepam|methylphenidate/i,
    ],
  },
  {
    sensitivity: "alcohol",
    icd10: ["F10"],
    atc: ["N07BB"],
    loinc: ["75626-2", "72109-2"],
    snomed: ["7200002", "15167005", "66590003"],
    actCode: ["SUBPOL", "SUBPRG"],
    words: [
      /alcoholism|alcohol (use|abuse|misuse|dependen|withdrawal|intoxication|intake|consumption|drinking)/i,
      /(?<!non-?)(?<!non )alcoholic (hepat|liver|fatty|cirrho)|AUDIT-C|disulfiram|acamprosate/i,
      /substance (use|abuse|misuse)/i,
    ],
  },
  {
    sensitivity: "drugs",
    icd10: ["F11", "F12", "F13", "F14", "F15", "F16", "F18", "F19"],
    atc: ["N07BC"],
    loinc: ["82667-7"],
    snomed: ["5602001", "75544000", "361055000", "55680006", "191816009"],
    actCode: ["SUBPOL", "SUBPRG"],
    words: [
      /(opioid|drug|cannabis|cocaine|heroin|amphetamine|sedative) (use disorder|abuse|misuse|dependen|addict)/i,
      /(opioid|drug|cocaine|heroin|amphetamine) (overdose|withdrawal)/i,
      /misuses drugs|\b(heroin|methamphetamine|buprenorphine|methadone)\b|\bDAST-10\b/i,
      /substance (use|abuse|misuse)/i,
    ],
  },
  {
    sensitivity: "hiv",
    icd10: ["B20", "B21", "B22", "B23", "B24", "Z21", "R75", "O987"],
    atc: ["J05AE", "J05AF", "J05AG", "J05AR", "J05AX"],
    loinc: ["55277-8", "75622-1", "56888-1", "7917-8", "20447-9", "25836-8"],
    snomed: ["86406008", "165816005", "62479008", "278977008"],
    actCode: ["HIVAIDS"],
    words: [
      /\bHIV\b|human immunodeficiency virus|acquired immun\w+ syndrome|antiretroviral|emtricitabine/i,
      /tenofovir|lamivudine|abacavir|zidovudine|efavirenz|rilpivirine|dolutegravir|bictegravir|raltegravir/i,
      /darunavir|atazanavir/i,
    ],
  },
  {
    sensitivity: "sexually-transmitted",
    icd10: ["A50", "A51", "A52", "A53", "A54", "A55", "A56", "A57", "A58", "A59", "A60", "A63", "A64"],
    snomed: ["8098009", "15628003", "76272004", "240589008", "33839006"],
    words: [
      /sexually transmitted|gonorrh|syphili|chlamydia(?! pneum)|trichomon|genital (herpes|warts)|treponema/i,
      /neisseria gonorr/i,
    ],
  },
  {
    sensitivity: "sexual-health",
    icd10: ["O", "Z30", "Z31", "Z32", "Z33", "Z34", "Z35", "Z36", "Z37", "Z38", "Z39", "N96", "N97"],
    atc: ["G03A", "G03G", "G02B"],
    loinc: ["82810-3", "86645-9", "11996-6", "11778-8", "2106-3"],
    snomed: ["19169002", "17369002", "72892002", "77386006", "424441002", "424619006"],
    rxnorm: ["748879", "757594", "978950"],
    words: [
      /contracepti|pregnan|gestation|prenatal|antenatal|postpartum|miscarr|abortion|infertil/i,
      /in vitro fertili|erectile|vasectomy|tubal ligation|intrauterine (device|system)|levonorgestrel/i,
      /ethinyl estradiol|norethindrone|drospirenone|etonogestrel|medroxyprogesterone|mifepristone/i,
    ],
  },
  {
    sensitivity: "violence",
    icd10: ["T74", "T76", "Y07", "Z69"],
    loinc: ["28245-9", "76501-6"],
    snomed: ["706893006"],
    words: [
      /domestic (abuse|violence)|intimate partner|(child|elder|physical|emotional|sexual) abuse/i,
      /abuse status|sexual assault|(?<!oilseed )\brape\b(?! ?(seed|pollen))|military sexual trauma/i,
    ],
  },
  {
    sensitivity: "genetic",
    icd10: ["Q9", "Z14", "Z15", "D56", "D57", "E84", "G10"],
    loinc: ["51969-4", "81247-9"],
    snomed: ["417357006", "127040003", "190905008", "58756001", "41040004"],
    words: [
      /\bgenetic|genomic|hereditary|sickle cell|thalassa?emia|cystic fibrosis/i,
      /huntington'?s? (disease|chorea)|trisomy|\bBRCA[12]?\b/i,
    ],
  },
  {
    sensitivity: "gender",
    icd10: ["F64"],
    loinc: ["76690-7", "76691-5"],
    snomed: ["93461009"],
    extensions: [
      `${usCore}/us-core-genderIdentity`,
      `${core}/patient-genderIdentity`,
      `${core}/individual-genderIdentity`,
    ],
    words: [/gender (identity|dysphoria|incongruence|reassign|affirm)|sexual orientation|transgender|transsexual/i],
  },
  {
    sensitivity: "cognitive",
    icd10: ["F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08", "F09", "F7", "F8"],
    atc: ["N06D"],
    snomed: ["52448006", "26929004", "386806002", "408856003", "110359009"],
    words: [
      /dementia|alzheimer|cognitive (impairment|disorder|decline|disabilit)|autis[mt]/i,
      /intellectual disabilit|developmental (delay|disorder|disabilit)|donepezil|memantine|rivastigmine/i,
      /galantamine/i,
    ],
  },
  { sensitivity: "whereabouts", loinc: ["71802-3"] },
  {
    sensitivity: "origin-and-belief",
    extensions: [
      `${usCore}/us-core-race`,
      `${usCore}/us-core-ethnicity`,
      `${usCore}/us-core-tribal-affiliation`,
      `${core}/patient-religion`,
      `${core}/patient-nationality`,
      `${core}/patient-citizenship`,
    ],
  },
  { sensitivity: "unscreened", dicom: ["SR"] },
];

/** Resources that are free text or pictures by nature: nobody has read them for private content yet. */
export const unscreenedTypes: ReadonlySet<string> = new Set([
  "DocumentReference",
  "DocumentManifest",
  "Binary",
  "Communication",
  "CommunicationRequest",
  "ClinicalImpression",
  "Composition",
  "Media",
]);

/** Elements that hold free text or attachments in any resource. */
export const unscreenedElements: readonly string[] = ["presentedForm", "note", "conclusion", "valueAttachment"];

/** Elements with texts that are short when they name something, and free text when they tell something. */
export const namingElements: readonly string[] = ["valueString", "description", "comment"];

/** Elements that say what a resource is about: here a concept without a code known to the seeds counts as free text. */
export const conceptElements: readonly string[] = [
  "code",
  "medicationCodeableConcept",
  "vaccineCode",
  "itemCodeableConcept",
  "valueCodeableConcept",
  "reasonCode",
  "reasonCodeableConcept",
  "reportedReason",
  "diagnosisCodeableConcept",
  "procedureCodeableConcept",
  "productOrService",
  "codeCodeableConcept",
  "conclusionCode",
  "outcomeCodeableConcept",
  "description",
  "substance",
  "manifestation",
  "finding",
];

/** A text of `namingElements` longer than this many characters is a narrative, not a result such as "negative". */
export const longestScreenedText = 80;

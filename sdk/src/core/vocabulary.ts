import { AnamnesisError } from "../errors/index.ts";

/** A label bit: its name in code, the words the patient signs, the HL7 ActCodes that mean it (first: written out). */
interface LabelDefinition {
  readonly bit: number;
  readonly name: string;
  readonly words: string;
  readonly actCodes: readonly string[];
}

/** Clinical categories, bits 0–39 (40–47 reserved). A record carries one, an indivisible document maybe several. */
export const categories = [
  { bit: 0, name: "demographics", words: "name and contact details", actCodes: [] },
  { bit: 1, name: "allergies", words: "allergies", actCodes: [] },
  { bit: 2, name: "problems", words: "health problems", actCodes: [] },
  { bit: 3, name: "diagnoses", words: "diagnoses from visits", actCodes: [] },
  { bit: 4, name: "medications", words: "prescriptions and medicines", actCodes: [] },
  { bit: 5, name: "dispenses", words: "medicines handed out", actCodes: [] },
  { bit: 6, name: "immunizations", words: "vaccinations", actCodes: [] },
  { bit: 7, name: "procedures", words: "operations and procedures", actCodes: [] },
  { bit: 8, name: "vital-signs", words: "vital signs", actCodes: [] },
  { bit: 9, name: "laboratory", words: "lab results", actCodes: [] },
  { bit: 10, name: "pathology", words: "pathology", actCodes: [] },
  { bit: 11, name: "imaging", words: "X-rays and scans", actCodes: [] },
  { bit: 12, name: "cardiology", words: "heart tests", actCodes: [] },
  { bit: 13, name: "examinations", words: "examination findings", actCodes: [] },
  { bit: 14, name: "clinical-tests", words: "other tests", actCodes: [] },
  { bit: 15, name: "activity", words: "activity and wearables", actCodes: [] },
  { bit: 16, name: "questionnaires", words: "questionnaires", actCodes: [] },
  { bit: 17, name: "social-history", words: "lifestyle", actCodes: [] },
  { bit: 18, name: "social-needs", words: "living situation", actCodes: [] },
  { bit: 19, name: "functional-status", words: "daily abilities", actCodes: [] },
  { bit: 20, name: "pregnancy", words: "pregnancy and birth", actCodes: [] },
  { bit: 21, name: "genomics", words: "genetic tests", actCodes: [] },
  { bit: 22, name: "family-history", words: "family history", actCodes: [] },
  { bit: 23, name: "notes", words: "doctors' notes", actCodes: [] },
  { bit: 24, name: "summaries", words: "summaries and discharge letters", actCodes: [] },
  { bit: 25, name: "documents", words: "other documents", actCodes: [] },
  { bit: 26, name: "orders", words: "referrals and orders", actCodes: [] },
  { bit: 27, name: "care-plans", words: "care plans and goals", actCodes: [] },
  { bit: 28, name: "care-team", words: "care team", actCodes: [] },
  { bit: 29, name: "encounters", words: "visits", actCodes: [] },
  { bit: 30, name: "appointments", words: "appointments", actCodes: [] },
  { bit: 31, name: "devices", words: "devices and implants", actCodes: [] },
  { bit: 32, name: "dental", words: "dental", actCodes: [] },
  { bit: 33, name: "vision", words: "eyes", actCodes: [] },
  { bit: 34, name: "alerts", words: "warnings and risks", actCodes: [] },
  { bit: 35, name: "advance-directives", words: "wishes for care", actCodes: [] },
  { bit: 36, name: "coverage", words: "insurance", actCodes: [] },
  { bit: 37, name: "claims", words: "bills and claims", actCodes: [] },
  { bit: 38, name: "messages", words: "messages", actCodes: [] },
  { bit: 39, name: "other", words: "everything else", actCodes: [] },
] as const satisfies readonly LabelDefinition[];

/** Sensitivities, bits 48–63. A record carries any number, and a grant must hold all. ETH and SUD mean two at once. */
export const sensitivities = [
  { bit: 48, name: "mental-health", words: "mental health", actCodes: ["PSY", "BH", "MH", "EMOTDIS"] },
  { bit: 49, name: "alcohol", words: "alcohol use", actCodes: ["ETHUD", "ETH", "SUD"] },
  { bit: 50, name: "drugs", words: "drug use", actCodes: ["OPIOIDUD", "ETH", "SUD"] },
  { bit: 51, name: "hiv", words: "HIV", actCodes: ["HIV"] },
  { bit: 52, name: "sexually-transmitted", words: "sexually transmitted infections", actCodes: ["STD"] },
  { bit: 53, name: "sexual-health", words: "sexual and reproductive health", actCodes: ["SEX"] },
  { bit: 54, name: "violence", words: "violence and abuse", actCodes: ["SDV", "VIO", "MST"] },
  { bit: 55, name: "genetic", words: "inherited conditions", actCodes: ["GDIS", "SCA", "SICKLE"] },
  { bit: 56, name: "gender", words: "gender and orientation", actCodes: ["GENDER"] },
  { bit: 57, name: "cognitive", words: "memory and development", actCodes: ["COGN", "DVD"] },
  { bit: 58, name: "adolescent", words: "private from parents", actCodes: ["ADOL"] },
  { bit: 59, name: "psychotherapy-notes", words: "psychotherapy notes", actCodes: ["PSYTHPN"] },
  { bit: 60, name: "whereabouts", words: "where I live", actCodes: ["LOCIS", "LIVARG"] },
  { bit: 61, name: "origin-and-belief", words: "origin and belief", actCodes: ["RACE", "REL"] },
  { bit: 62, name: "hidden", words: "hidden by me", actCodes: ["PRS", "PDS"] },
  { bit: 63, name: "unscreened", words: "not yet checked for private content", actCodes: [] },
] as const satisfies readonly LabelDefinition[];

/**
 * Purposes after HL7 PurposeOfUse: a consent is for exactly one. `actReason` is written out; the codes of `accepts`,
 * whose nearest listed parent it is in HL7's hierarchy, are read in as well.
 */
export const purposes = [
  { id: 1, name: "treatment", words: "treatment", actReason: "TREAT", accepts: ["CLINTRL"] },
  { id: 2, name: "emergency", words: "emergency", actReason: "BTG", accepts: ["ETREAT", "ERTREAT"] },
  {
    id: 3,
    name: "payment",
    words: "payment",
    actReason: "HPAYMT",
    accepts: ["CLMATTCH", "COVAUTH", "COVERAGE", "ELIGDTRM", "ELIGVER", "ENROLLM", "MILDCRG", "REMITADV"],
  },
  {
    id: 4,
    name: "operations",
    words: "running the hospital or practice",
    actReason: "HOPERAT",
    accepts: [
      "CAREMGT",
      "DONAT",
      "FRAUD",
      "GOV",
      "HACCRED",
      "HCOMPL",
      "HDECD",
      "HDIRECT",
      "HDM",
      "HPRGRP",
      "HSYSADMIN",
      "HTEST",
      "LABELING",
      "METAMGT",
      "MEMADMIN",
      "MILCDM",
      "PATADMIN",
      "PATSFTY",
      "RECORDMGT",
      "SYSDEV",
    ],
  },
  {
    id: 5,
    name: "research",
    words: "research",
    actReason: "HRESCH",
    accepts: ["BIORCH", "DSRCH", "POARCH", "TRANSRCH"],
  },
  {
    id: 6,
    name: "clinical-trial",
    words: "clinical trial",
    actReason: "CLINTRCH",
    accepts: ["CLINTRCHPC", "CLINTRCHNPC", "PRECLINTRCH"],
  },
  { id: 7, name: "public-health", words: "public health", actReason: "PUBHLTH", accepts: ["THREAT", "DISASTER"] },
  { id: 8, name: "patient-request", words: "my own request", actReason: "PATRQT", accepts: [] },
  { id: 9, name: "family", words: "family request", actReason: "FAMRQT", accepts: ["PWATRNY", "SUPNWK"] },
  { id: 10, name: "coordination", words: "coordinating my care", actReason: "COC", accepts: ["POPHLTH"] },
  { id: 11, name: "legal", words: "legal", actReason: "HLEGAL", accepts: [] },
  { id: 12, name: "quality", words: "quality of care", actReason: "HQUALIMP", accepts: ["HOUTCOMS", "PERFMSR"] },
  { id: 13, name: "training", words: "training", actReason: "TRAIN", accepts: [] },
  { id: 14, name: "marketing", words: "marketing", actReason: "HMARKT", accepts: [] },
] as const;

/** What a grant lets its reader do. `share` lets them pass a part of it on to somebody else. */
export const actions = [
  { bit: 1, name: "read", words: "read" },
  { bit: 2, name: "write", words: "add" },
  { bit: 4, name: "share", words: "pass on" },
] as const;

export type Category = (typeof categories)[number]["name"];
export type Sensitivity = (typeof sensitivities)[number]["name"];
export type Label = Category | Sensitivity;
export type Purpose = (typeof purposes)[number]["name"];
export type Action = (typeof actions)[number]["name"];

/** Every label, in ascending bits. */
export const labels: readonly { readonly bit: number; readonly name: Label; readonly words: string }[] = [
  ...categories,
  ...sensitivities,
];

/** Bits 0–39. */
export const categoryBits: bigint = 0xff_ffff_ffffn;
/** Bits 48–63. */
export const sensitivityBits: bigint = 0xffffn << 48n;
/** Every bit a label mask may hold; 40–47 are reserved. */
export const validLabelBits: bigint = categoryBits | sensitivityBits;
/** Every bit an action mask may hold. */
export const validActionBits = 7;
/** Purposes are the whole numbers from 1 to this one. */
export const lastPurposeId = 14;

const labelBits: ReadonlyMap<string, bigint> = new Map(labels.map(({ name, bit }) => [name, 1n << BigInt(bit)]));

/** The bit mask (uint64) of the labels named. @throws INPUT_UNKNOWN_LABEL */
export function labelMask(names: readonly Label[]): bigint {
  let mask = 0n;
  for (const name of names) {
    const bit = labelBits.get(name);
    if (bit === undefined) throw new AnamnesisError("INPUT_UNKNOWN_LABEL", { label: name });
    mask |= bit;
  }
  return mask;
}

function labelsIn(mask: bigint): (typeof labels)[number][] {
  if (mask < 0n || (mask & ~validLabelBits) !== 0n) {
    throw new AnamnesisError("INPUT_UNKNOWN_LABEL", { mask: mask < 0n ? String(mask) : `0x${mask.toString(16)}` });
  }
  return labels.filter(({ bit }) => (mask >> BigInt(bit)) & 1n);
}

/** The labels in a mask, in ascending bits. @throws INPUT_UNKNOWN_LABEL for a reserved bit. */
export const labelsOfMask = (mask: bigint): Label[] => labelsIn(mask).map(({ name }) => name);

/** The words a patient signs for a mask, in ascending bits. @throws INPUT_UNKNOWN_LABEL for a reserved bit. */
export const labelWords = (mask: bigint): string[] => labelsIn(mask).map(({ words }) => words);

/** True for what contracts accept: at least one label, and no reserved bit. */
export const isLabelMask = (mask: bigint): boolean => mask > 0n && (mask & ~validLabelBits) === 0n;

/**
 * True if a grant for `grantMask` reaches a record labelled `recordMask` (with what the patient added by restricting):
 * the record's category and every one of its sensitivities must be granted. A record without labels is never reached.
 */
export const covers = (grantMask: bigint, recordMask: bigint): boolean =>
  isLabelMask(recordMask) && isLabelMask(grantMask) && (recordMask & ~grantMask) === 0n;

/** The number (uint8) of a purpose. @throws INPUT_UNKNOWN_PURPOSE */
export function purposeId(name: Purpose): number {
  const found = purposes.find((purpose) => purpose.name === name);
  if (!found) throw new AnamnesisError("INPUT_UNKNOWN_PURPOSE", { purpose: name });
  return found.id;
}

function purposeOf(id: number): (typeof purposes)[number] {
  const found = purposes.find((purpose) => purpose.id === id);
  if (!found) throw new AnamnesisError("INPUT_UNKNOWN_PURPOSE", { id });
  return found;
}

/** The name of a purpose's number. @throws INPUT_UNKNOWN_PURPOSE */
export const purposeName = (id: number): Purpose => purposeOf(id).name;

/** The words a patient signs for a purpose's number. @throws INPUT_UNKNOWN_PURPOSE */
export const purposeWords = (id: number): string => purposeOf(id).words;

/** The bit mask (uint8) of the actions named. @throws INPUT_UNKNOWN_ACTION */
export function actionMask(names: readonly Action[]): number {
  let mask = 0;
  for (const name of names) {
    const found = actions.find((action) => action.name === name);
    if (!found) throw new AnamnesisError("INPUT_UNKNOWN_ACTION", { action: name });
    mask |= found.bit;
  }
  return mask;
}

function actionsIn(mask: number): (typeof actions)[number][] {
  if (!Number.isInteger(mask) || mask < 0 || mask > validActionBits)
    throw new AnamnesisError("INPUT_UNKNOWN_ACTION", { mask });
  return actions.filter(({ bit }) => mask & bit);
}

/** The actions in a mask, in ascending bits. @throws INPUT_UNKNOWN_ACTION for an unknown bit. */
export const actionsOfMask = (mask: number): Action[] => actionsIn(mask).map(({ name }) => name);

/** The words a patient signs for a mask of actions, in ascending bits. @throws INPUT_UNKNOWN_ACTION */
export const actionWords = (mask: number): string[] => actionsIn(mask).map(({ words }) => words);

/** True for what contracts accept: at least one action, and no unknown bit. */
export const isActionMask = (mask: number): boolean => Number.isInteger(mask) && mask >= 1 && mask <= validActionBits;

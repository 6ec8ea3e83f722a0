import { readContract, refusalOf } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import { consentTimeWords } from "../../core/time.ts";
import type { Address, DelegateKind, DenialReason } from "../../core/types.ts";
import { type Label, labelMask } from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";
import { type Delegate, delegateOf } from "../identity/delegate-of.ts";

export interface ExplainDelegateParameters extends AbortOptions {
  readonly patient: PatientId;
  /** Who acts, or would act, for the patient. */
  readonly delegate: Address;
  readonly labels: readonly Label[];
}

/** Why somebody may read for the patient, or may not. Times are Unix seconds. */
export interface DelegateExplanation {
  readonly allowed: boolean;
  readonly reason: DenialReason | undefined;
  /** One or two sentences for the patient. */
  readonly words: string;
  /** As what they were appointed; undefined for who never was, or was dismissed. */
  readonly kind: DelegateKind | undefined;
  readonly until: number | undefined;
}

const minute = (seconds: number): string => consentTimeWords(seconds - (seconds % 60));

const may: Readonly<Record<DelegateKind, (until: string) => string>> = {
  guardian: (until) => `A guardian may read this for you until ${until}, when you come of age.`,
  proxy: (until) => `A proxy whom you appointed may read this for you until ${until}.`,
  executor: (until) => `An executor whom you appointed may read this after your attested death, until ${until}.`,
};

/** What brought a refusal about. */
function causeOf(reason: DenialReason, found: Delegate | undefined): string {
  if (reason === "labels-not-covered") return " Part of it is private from guardians.";
  if (found === undefined) return "";
  if (found.kind === "executor")
    return " An executor begins some time after an attested death to which you do not object.";
  return ` They were appointed until ${minute(found.until)}.`;
}

/** Answers "why may they read for me, or why not?" by asking the contract that would decide. Leaves no trace. @throws INPUT_…, CHAIN_UNREACHABLE */
export async function explainDelegate(
  client: Client,
  { patient, delegate, labels, signal }: ExplainDelegateParameters,
): Promise<DelegateExplanation> {
  const id = patientId(patient);
  const { accessGate } = client.contracts;
  const [denial] = await readContract(client, () => accessGate.decideDelegate(id, delegate, labelMask(labels)), {
    signal,
  });
  const found = await delegateOf(client, { patient: id, delegate, signal });
  const known = { kind: found?.kind, until: found?.until };
  if (denial === 0n && found) {
    return { allowed: true, reason: undefined, words: may[found.kind](minute(found.until)), ...known };
  }
  const { reason, words } = refusalOf(denial);
  const isPrivate = reason === "labels-not-covered";
  const told = isPrivate ? "The one who acts for you may not read all of this." : words;
  return { allowed: false, reason, words: `${told}${causeOf(reason, found)}`, ...known };
}

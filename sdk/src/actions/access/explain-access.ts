import { encodeVia, readContract, refusalOf, toVia, type ViaLike } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import {
  noId,
  type PatientId,
  type ProviderId,
  patientId,
  providerId,
  type SeriesId,
  type SessionId,
  seriesId,
  sessionId,
} from "../../core/ids.ts";
import { consentTimeWords } from "../../core/time.ts";
import type { DenialReason, Via } from "../../core/types.ts";
import {
  type Action,
  actionMask,
  actionsOfMask,
  actionWords,
  type Label,
  labelMask,
  labelsOfMask,
  labelWords,
  type Purpose,
  purposeId,
  purposeWords,
} from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";
import type { causesOf as CausesOf } from "./refusal-causes.ts";

export interface ExplainAccessParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly actor: ProviderId;
  readonly via?: ViaLike | undefined;
  readonly purpose: Purpose;
  readonly labels: readonly Label[];
  readonly series?: SeriesId | undefined;
  /** "read" by default. */
  readonly action?: Action | undefined;
}

/** Why somebody may, or may not. Times are Unix seconds; undefined where no permission applies. */
export interface AccessExplanation {
  readonly allowed: boolean;
  readonly reason: DenialReason | undefined;
  /** One or two sentences for the patient. */
  readonly words: string;
  readonly grantTag: Hex | undefined;
  readonly grantedLabels: readonly Label[];
  /** Labels asked for that the permission does not cover. */
  readonly missingLabels: readonly Label[];
  readonly grantedActions: readonly Action[];
  readonly from: number | undefined;
  readonly until: number | undefined;
  /** Labels that the patient added to the record asked about. */
  readonly restrictions: readonly Label[];
  /** The patient says that something in the record asked about is wrong. */
  readonly disputed: boolean;
  /** The opening in an emergency that lets them read now, with or without permission. */
  readonly emergency:
    | { readonly sessionId: SessionId; readonly labels: readonly Label[]; readonly until: number }
    | undefined;
}

/** Answers "why may they open this, or why not?" by asking the contract that would decide. Leaves no trace. */
export async function explainAccess(client: Client, parameters: ExplainAccessParameters): Promise<AccessExplanation> {
  const { patient, actor, purpose, labels, series, action = "read", signal } = parameters;
  const { accessGate } = client.contracts;
  const found = await readContract(
    client,
    () =>
      accessGate.explain(
        patientId(patient),
        providerId(actor),
        encodeVia(toVia(parameters.via)),
        purposeId(purpose),
        labelMask(labels),
        series === undefined ? noId : seriesId(series),
        actionMask([action]),
      ),
    { signal },
  );
  const refusal = found.allowed ? undefined : refusalOf(found.denial);
  const from = Number(found.notBefore) || undefined;
  const until = Number(found.notAfter) || undefined;
  const grantedWords = labelWords(found.grantedLabels).join(", ");
  const emergency =
    found.emergency === noId
      ? undefined
      : {
          sessionId: sessionId(found.emergency),
          labels: labelsOfMask(found.emergencyLabels),
          until: Number(found.emergencyUntil),
        };
  const isEmergency = found.allowed && found.grantTag === found.emergency;
  const emergencyWords = () =>
    `Two clinicians opened your record in an emergency, until ${consentTimeWords(emergency?.until ?? 0)}. ` +
    "A privacy officer reviews it.";
  const pathWords = () => pathOf(toVia(parameters.via));
  const consentWords = () =>
    `You allowed this for ${purposeWords(purposeId(purpose))}, until ${consentTimeWords(until ?? 0)}: ` +
    `${actionWords(Number(found.grantedActions)).join(", ")} ${grantedWords}.${pathWords()}`;
  const allowedWords = () => (isEmergency ? emergencyWords() : consentWords());
  const causes = refusal ? await causesOf(client, parameters, refusal.reason, found) : "";
  return {
    allowed: found.allowed,
    reason: refusal?.reason,
    words: refusal ? `${refusal.words}${causes}` : allowedWords(),
    grantTag: found.grantTag === noId ? undefined : (found.grantTag as Hex),
    grantedLabels: labelsOfMask(found.grantedLabels),
    missingLabels: labelsOfMask(found.missingLabels),
    grantedActions: actionsOfMask(Number(found.grantedActions)),
    from,
    until,
    restrictions: labelsOfMask(found.restrictions),
    disputed: found.isDisputed,
    emergency,
  };
}

/** Fetched where somebody was refused: most who ask why, may. */
const causesOf: typeof CausesOf = async (...asked) => (await import("./refusal-causes.ts")).causesOf(...asked);

/** How the permission reaches them, where it does not do so directly. */
function pathOf({ organisation, chain = [], bySeries }: Via): string {
  const steps = [
    bySeries ? "for this one record" : "",
    chain.length > 0 ? `passed on ${chain.length === 1 ? "once" : `${chain.length} times`}` : "",
    organisation === undefined ? "" : "to everybody who works for the organisation they named",
  ].filter((step) => step !== "");
  return steps.length === 0 ? "" : ` It was given ${steps.join(", ")}.`;
}

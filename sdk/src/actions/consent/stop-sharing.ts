import { decodeEvent, eventTopic, head, pagesOfLogs, requireSigner } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, type ProviderId, patientId, providerId, seriesId } from "../../core/ids.ts";
import type { TransactionSummary } from "../../core/types.ts";
import { purposeName, purposes } from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";
import type { RevocationTerms } from "./consent-decision.ts";
import { decideConsent } from "./decide-consent.ts";
import { type SignedConsent, signConsent } from "./sign-consent.ts";

export interface StopSharingParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly grantee: ProviderId;
}

export interface StopSharingResult {
  readonly revocations: readonly RevocationTerms[];
  readonly transactions: readonly TransactionSummary[];
}

/** What a contract takes at once. */
const batch = 64;

/**
 * Ends everything one provider was ever allowed: every purpose, which also keeps out what was signed and not yet submitted, and every single
 * record. What others passed on to them, or an exclusion, is decided apart. By the patient, who sends it.
 *
 * @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED, CHAIN_UNREACHABLE …
 */
export async function stopSharing(client: Client, parameters: StopSharingParameters): Promise<StopSharingResult> {
  requireSigner(client);
  const { signal } = parameters;
  const patient = patientId(parameters.patient);
  const revocations = await everythingAllowed(client, parameters);
  const transactions: TransactionSummary[] = [];
  for (const part of parts(revocations)) {
    const { transaction } = await decideConsent(
      client,
      { decision: "revoke-many", patient, revocations: part },
      { signal },
    );
    transactions.push(transaction);
  }
  return { revocations, transactions };
}

export interface SignStopSharingParameters extends StopSharingParameters {
  /** The name the grantee is registered under, exactly. */
  readonly recipient: string;
  /** Seconds until it may no longer be submitted; a day by default, seven days at most. */
  readonly validFor?: number | undefined;
}

/** The same by signing: one signature for every 64 permissions, and for most people one. */
export async function signStopSharing(
  client: Client,
  { recipient, validFor, ...parameters }: SignStopSharingParameters,
): Promise<readonly SignedConsent[]> {
  const { patient, signal } = parameters;
  const revocations = await everythingAllowed(client, parameters);
  const signed: SignedConsent[] = [];
  for (const part of parts(revocations)) {
    const named = part.map((item) => ({ ...item, recipient }));
    signed.push(await signConsent(client, { decision: "revoke-many", patient, revocations: named, validFor, signal }));
  }
  return signed;
}

const parts = (items: readonly RevocationTerms[]): RevocationTerms[][] =>
  Array.from({ length: Math.ceil(items.length / batch) }, (_, index) =>
    items.slice(index * batch, (index + 1) * batch),
  );

/** Each purpose that can be consented to, and each series that the trail knows of. */
async function everythingAllowed(client: Client, parameters: StopSharingParameters): Promise<RevocationTerms[]> {
  const { signal } = parameters;
  const patient = patientId(parameters.patient);
  const grantee = providerId(parameters.grantee);
  const general = purposes
    .filter(({ name }) => name !== "emergency")
    .map(({ name }): RevocationTerms => ({ grantee, purpose: name }));
  const records = new Map<string, RevocationTerms>();
  const topic = eventTopic(client, "consentRegistry", "RecordConsentGranted");
  const filter = { contracts: ["consentRegistry"] as const, topics: [topic, patient, grantee] };
  const range = { from: client.deployment.block, to: (await head(client, { signal })).number };
  for await (const { logs } of pagesOfLogs(client, range, [filter], { signal })) {
    for (const log of logs) {
      const event = decodeEvent(client, log);
      if (!event) continue;
      const series = seriesId(String(event.args["series"]));
      const purpose = purposeName(Number(event.args["purpose"]));
      records.set(`${series} ${purpose}`, { grantee, purpose, series });
    }
  }
  return [...general, ...records.values()];
}

import {
  decodeVia,
  encodeVia,
  eventOf,
  head,
  readContract,
  refusalOf,
  requireSigner,
  sendTransaction,
  toVia,
  type ViaLike,
} from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import {
  noId,
  type PatientId,
  type ProviderId,
  patientId,
  providerId,
  type SeriesId,
  seriesId,
  sessionId,
} from "../../core/ids.ts";
import type { Refusal, Session, Transacted } from "../../core/types.ts";
import { type Label, labelMask, labelsOfMask, type Purpose, purposeId, purposeName } from "../../core/vocabulary.ts";
import { createSessionKeys, type SessionKeys } from "../../crypto/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { Client } from "../client.ts";

export interface OpenSessionParameters extends AbortOptions {
  readonly patient: PatientId;
  /** Who reads; by default the provider whose key the client's signer is. */
  readonly actor?: ProviderId | undefined;
  /** An organisation the actor acts for, or the whole path. */
  readonly via?: ViaLike | undefined;
  readonly purpose: Purpose;
  readonly labels: readonly Label[];
  /** One record and its amendments; everything the labels cover by default. */
  readonly series?: SeriesId | undefined;
  /** Seconds; an hour by default, twelve at most. */
  readonly duration?: number | undefined;
  /** Fresh by default. They belong to one session and are never used again. */
  readonly sessionKeys?: SessionKeys | undefined;
}

/** An opening that the chain allowed: everything a request to stewards names. */
export interface OpenedSession extends Session, Transacted {
  readonly allowed: true;
  /** Place of the opening's event in its block. */
  readonly logIndex: number;
  readonly sessionKeys: SessionKeys;
}

/** A refusal that was logged on the patient's trail. */
export interface DeniedSession extends Refusal, Transacted {}

const oneHour = 3_600;

/**
 * Asks the chain to open a patient's chart, and leaves a line on the patient's trail either way. A refusal is a value.
 *
 * @throws CLIENT_SIGNER_MISSING, CLIENT_PROVIDER_UNKNOWN; CHAIN_REVERTED with `SessionPeriodInvalid`,
 * `SessionDenialsExhausted` …; CHAIN_UNREACHABLE, CHAIN_TIMEOUT
 */
export async function openSession(
  client: Client,
  parameters: OpenSessionParameters,
): Promise<OpenedSession | DeniedSession> {
  const { purpose, labels, series, duration = oneHour, signal } = parameters;
  requireSigner(client);
  const sessionKeys = parameters.sessionKeys ?? (await createSessionKeys());
  const [actor, newest] = await Promise.all([actorOf(client, parameters), head(client, { signal })]);
  const request = {
    patient: patientId(parameters.patient),
    actor,
    via: encodeVia(toVia(parameters.via)),
    purpose: purposeId(purpose),
    labels: labelMask(labels),
    series: series === undefined ? noId : seriesId(series),
    sessionKeyHash: sessionKeys.sessionKeyHash,
    expiresAt: newest.time + duration,
  };
  const call = await client.contracts.accessGate.openSession.populateTransaction(request);
  const sent = await sendTransaction(client, call, { signal });
  const { name, args, log } = eventOf(client, sent, "accessGate", "SessionOpened", "AccessDenied");
  if (name === "AccessDenied") return { ...refusalOf(args["denial"] as bigint), transaction: sent.transaction };
  return {
    allowed: true,
    ...sessionOfEvent(args),
    logIndex: Number(log.logIndex),
    sessionKeys,
    transaction: sent.transaction,
  };
}

async function actorOf(client: Client, { actor, signal }: OpenSessionParameters): Promise<ProviderId> {
  if (actor !== undefined) return providerId(actor);
  const { address } = requireSigner(client);
  const { providerRegistry } = client.contracts;
  const found = await readContract(client, () => providerRegistry.providerOfKey(address), { signal });
  if (found === noId) throw new AnamnesisError("CLIENT_PROVIDER_UNKNOWN", { key: address });
  return providerId(found);
}

/** The arguments of a `SessionOpened` event. */
export function sessionOfEvent(args: Readonly<Record<string, unknown>>): Session {
  const series = String(args["series"]);
  return {
    sessionId: sessionId(String(args["sessionId"])),
    patient: patientId(String(args["patient"])),
    actor: providerId(String(args["actor"])),
    via: decodeVia(args["via"] as Parameters<typeof decodeVia>[0]),
    purpose: purposeName(Number(args["purpose"])),
    labels: labelsOfMask(args["labels"] as bigint),
    series: series === noId ? undefined : seriesId(series),
    sessionKeyHash: String(args["sessionKeyHash"]) as Hex,
    expiresAt: Number(args["expiresAt"]),
    grantTag: String(args["grantTag"]) as Hex,
    stated: Boolean(args["stated"]),
  };
}

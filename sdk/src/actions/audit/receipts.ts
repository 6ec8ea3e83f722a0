import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import type { PatientId, ProviderId, RecordId, SessionId } from "../../core/ids.ts";
import type { Address } from "../../core/types.ts";
import { type Purpose, purposeName } from "../../core/vocabulary.ts";
import { fetchReceipts, type SessionKind, type StewardVerdict, type VerifiedReceipt } from "../../stewards/index.ts";
import type { Client } from "../client.ts";
import { authorizedDevice } from "../stewards/authorized-device.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";

/** One record opened, or listed, in one session, by the word of one or more stewards. */
export interface ReleaseLine {
  readonly kind: "record-released" | "record-listed";
  readonly recordId: RecordId;
  readonly sessionId: SessionId;
  /** What let it happen: a consent, an appointment, or an emergency. */
  readonly session: SessionKind;
  /** A provider, or a delegate's address in 32 bytes. */
  readonly actor: ProviderId;
  readonly purpose: Purpose;
  /** Transaction that opened the session. */
  readonly transaction: Hex;
  /** When the first steward answered, Unix seconds. */
  readonly time: number;
  /** Highest block at which the permission was read. */
  readonly block: number;
  /** Places in the committee of the stewards whose signed receipts say so. */
  readonly stewards: readonly number[];
}

/** The stewards' half of the keys, given to a new wallet after a recovery. */
export interface KeyReleaseLine {
  /** Who controlled the record then, and asked. */
  readonly controller: Address;
  readonly recoveredAt: number;
  /** When the first steward answered, Unix seconds. */
  readonly time: number;
  readonly stewards: readonly number[];
}

export interface ReleaseTrail {
  /** Oldest first. */
  readonly lines: readonly ReleaseLine[];
  /** Oldest first; each is something the patient asked for after a recovery, or somebody who took their place. */
  readonly keyReleases: readonly KeyReleaseLine[];
  /** Each receipt verified: the steward's signature, and the session's in the request that it embeds. */
  readonly receipts: readonly VerifiedReceipt[];
  readonly verdicts: readonly StewardVerdict[];
}

/**
 * Which record was opened in which session: the stewards' receipts, which complete the chain's trail. The wallet signs
 * once, as for `records.sync`.
 * @throws DEVICE_REFUSED, STEWARDS_TOO_FEW when none answers, CLIENT_STEWARDS_MISSING
 */
export async function releaseTrail(
  client: Client,
  { patient, signal }: { readonly patient: PatientId } & AbortOptions,
): Promise<ReleaseTrail> {
  const stewards = await stewardsOf(client, { signal });
  const device = await authorizedDevice(client, stewards, patient, { signal });
  const { receipts, verdicts } = await fetchReceipts(stewards, { ...device, signal });
  const places = new Map(stewards.committee.members.map(({ signingKey, index }) => [signingKey, index]));
  return { lines: linesOf(receipts, places), keyReleases: keyReleasesOf(receipts, places), receipts, verdicts };
}

type Places = ReadonlyMap<Hex, number>;

function stewardsWith(known: readonly number[], steward: number | undefined): number[] {
  return [...new Set([...known, ...(steward === undefined ? [] : [steward])])].sort();
}

function keyReleasesOf(receipts: readonly VerifiedReceipt[], places: Places): KeyReleaseLine[] {
  const lines = new Map<Hex, KeyReleaseLine>();
  for (const receipt of receipts.filter(({ kind }) => kind === "recovery")) {
    const known = lines.get(receipt.sessionId);
    lines.set(receipt.sessionId, {
      controller: `0x${receipt.actor.slice(-40)}`,
      recoveredAt: Number(receipt.grantTag),
      time: Math.min(known?.time ?? receipt.time, receipt.time),
      stewards: stewardsWith(known?.stewards ?? [], places.get(receipt.steward)),
    });
  }
  return [...lines.values()].sort((a, b) => a.time - b.time);
}

function linesOf(receipts: readonly VerifiedReceipt[], places: Places): ReleaseLine[] {
  const lines = new Map<string, ReleaseLine>();
  for (const receipt of receipts) {
    const { asked, kind: session } = receipt;
    if (asked.verb === "recover" || session === "recovery") continue;
    const kind = asked.verb === "release" ? "record-released" : "record-listed";
    const steward = places.get(receipt.steward);
    for (const recordId of receipt.records) {
      const key = `${kind} ${receipt.sessionId} ${recordId}`;
      const known = lines.get(key);
      lines.set(key, {
        kind,
        recordId,
        sessionId: receipt.sessionId,
        session,
        actor: receipt.actor,
        purpose: purposeName(receipt.purpose),
        transaction: asked.tx,
        time: Math.min(known?.time ?? receipt.time, receipt.time),
        block: Math.max(known?.block ?? 0, receipt.block.number),
        stewards: stewardsWith(known?.stewards ?? [], steward),
      });
    }
  }
  return [...lines.values()].sort((a, b) => a.time - b.time);
}

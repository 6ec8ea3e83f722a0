import { fromHex, type Hex, randomBytes, toHex, utf8 } from "../core/bytes.ts";
import type { CoreId, KeyId, PatientId, RecordId, SeriesId } from "../core/ids.ts";
import { commitmentOfHash, hpkeSeal, ownerKeyHash, sealCapsule } from "../crypto/index.ts";
import { type Envelope, type IdentifiedEnvelope, identifyEnvelope, type OwnSlot } from "./envelope.ts";
import { bodyAad, coreIdOf, releaseLabel, seriesIdOf } from "./ids.ts";
import { type RecordMeta, sealMeta } from "./meta.ts";
import { type BodyLocation, type PublicPart, SUITE } from "./public-part.ts";

/** Info of the owner slot's HPKE context. */
export const OWN_INFO = utf8("anamnesis/own/v1");

/** The record's key, sealed to an X-Wing public key of the patient. */
export async function sealOwnSlot(coreId: CoreId, dek: Uint8Array, ownerKey: Uint8Array): Promise<OwnSlot> {
  const sealed = await hpkeSeal({ publicKey: ownerKey, info: OWN_INFO, aad: fromHex(coreId), plaintext: dek });
  return { ownerKeyHash: ownerKeyHash(ownerKey), enc: sealed.enc, ct: sealed.ciphertext };
}

/** Whose record of which series it is to be. */
export interface DraftParameters {
  readonly system: Hex;
  readonly patient: PatientId;
  readonly author: Hex;
  /** The version amended; a new series where it is absent. */
  readonly amends?: { readonly recordId: RecordId; readonly publicPart: PublicPart } | undefined;
}

/** One version of one record before its body is encrypted, with the secrets it will keep. */
export interface RecordDraft {
  readonly system: Hex;
  readonly patient: PatientId;
  readonly author: Hex;
  readonly seriesSalt: Hex;
  readonly ver: number;
  readonly prev: RecordId | null;
  /** The data key: fresh, and of this version alone. */
  readonly dek: Uint8Array;
  /** Blinds the commitment. */
  readonly nonce: Uint8Array;
}

export function draftRecord({ system, patient, author, amends }: DraftParameters): RecordDraft {
  return {
    ...{ system, patient, author },
    seriesSalt: amends?.publicPart.seriesSalt ?? toHex(randomBytes(32)),
    ver: (amends?.publicPart.ver ?? 0) + 1,
    prev: amends?.recordId ?? null,
    dek: randomBytes(32),
    nonce: randomBytes(32),
  };
}

/** What the draft's body is encrypted under. */
export function floeKeyOf(draft: RecordDraft): { readonly key: Uint8Array; readonly aad: Uint8Array } {
  return { key: draft.dek, aad: bodyAad(draft.system, draft.patient, seriesIdOf(draft), draft.ver) };
}

/** A body that lies in the storage. */
export interface StoredBody {
  readonly body: BodyLocation;
  /** FLOE header. */
  readonly floe: Uint8Array;
  /** Length of the padded plaintext. */
  readonly size: number;
  /** Length and SHA-256 of the content. */
  readonly length: number;
  readonly contentHash: Uint8Array;
}

/** Who may open it, and what describes it. */
export interface SealParameters {
  readonly labels: bigint;
  readonly keyId: KeyId;
  /** ristretto255 group public key of the committee, 32 bytes. */
  readonly groupKey: Uint8Array;
  /** X-Wing public key of the patient, 1,216 bytes; the caller checked it against the chain's hash. */
  readonly ownerKey: Uint8Array;
  readonly meta: Omit<RecordMeta, "nonce" | "length">;
  readonly createdAt: number;
}

export interface SealedRecord extends IdentifiedEnvelope {
  readonly series: SeriesId;
}

/** Seals the key of a record whose body is stored to the patient and to the committee: the id covers the body's place, so it comes first. */
export async function sealEnvelope(
  draft: RecordDraft,
  stored: StoredBody,
  parameters: SealParameters,
): Promise<SealedRecord> {
  const { dek, nonce, seriesSalt, ver, prev, system, patient, author } = draft;
  const { labels, keyId, groupKey, ownerKey, createdAt } = parameters;
  const { floe, body, size, length, contentHash } = stored;
  const publicPart: PublicPart = {
    ...{ v: 1, suite: SUITE, system, patient, seriesSalt, ver, prev, labels, keyId, floe, body, size },
    commitment: toHex(commitmentOfHash(nonce, contentHash)),
    ...{ author, createdAt },
  };
  const coreId = coreIdOf(publicPart);
  const envelope: Envelope = {
    publicPart,
    own: await sealOwnSlot(coreId, dek, ownerKey),
    release: await sealCapsule({ groupKey, label: releaseLabel(keyId, coreId), secret: dek }),
    meta: await sealMeta(dek, coreId, { ...parameters.meta, nonce, length }),
  };
  return { ...identifyEnvelope(envelope), series: seriesIdOf(publicPart) };
}

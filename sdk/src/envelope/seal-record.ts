import type { CID } from "multiformats/cid";
import { fromHex, type Hex, randomBytes, toHex, utf8 } from "../core/bytes.ts";
import type { CoreId, KeyId, PatientId, RecordId, SeriesId } from "../core/ids.ts";
import {
  commitmentOfHash,
  floeEncrypt,
  hpkeSeal,
  ownerKeyHash,
  padmeLength,
  sealCapsule,
  sha256OfContent,
} from "../crypto/index.ts";
import { type Envelope, type IdentifiedEnvelope, identifyEnvelope, type OwnSlot } from "./envelope.ts";
import { bodyAad, coreIdOf, releaseLabel, seriesIdOf } from "./ids.ts";
import { type RecordMeta, sealMeta } from "./meta.ts";
import { type PublicPart, SUITE } from "./public-part.ts";

/** Info of the owner slot's HPKE context. */
export const OWN_INFO = utf8("anamnesis/own/v1");

/** The record's key, sealed to an X-Wing public key of the patient. */
export async function sealOwnSlot(coreId: CoreId, dek: Uint8Array, ownerKey: Uint8Array): Promise<OwnSlot> {
  const sealed = await hpkeSeal({ publicKey: ownerKey, info: OWN_INFO, aad: fromHex(coreId), plaintext: dek });
  return { ownerKeyHash: ownerKeyHash(ownerKey), enc: sealed.enc, ct: sealed.ciphertext };
}

export interface SealRecordParameters {
  readonly content: Uint8Array;
  readonly system: Hex;
  readonly patient: PatientId;
  readonly author: Hex;
  readonly labels: bigint;
  readonly keyId: KeyId;
  /** ristretto255 group public key of the committee, 32 bytes. */
  readonly groupKey: Uint8Array;
  /** X-Wing public key of the patient, 1,216 bytes; the caller checked it against the chain's hash. */
  readonly ownerKey: Uint8Array;
  readonly meta: Omit<RecordMeta, "nonce" | "length">;
  readonly createdAt: number;
  /** The version amended; a new series where it is absent. */
  readonly amends?: { readonly recordId: RecordId; readonly publicPart: PublicPart };
  /** Stores the encrypted body and says where it lies: the id covers the place, so it is known first. */
  readonly storeBody: (body: Uint8Array) => Promise<CID>;
}

export interface SealedRecord extends IdentifiedEnvelope {
  readonly series: SeriesId;
}

/** Encrypts one version of one record under a fresh key and seals that key to the patient and to the committee. */
export async function sealRecord(parameters: SealRecordParameters): Promise<SealedRecord> {
  const { content, system, patient, author, labels, keyId, groupKey, ownerKey, amends } = parameters;
  const dek = randomBytes(32);
  const nonce = randomBytes(32);
  const seriesSalt = amends?.publicPart.seriesSalt ?? toHex(randomBytes(32));
  const series = seriesIdOf({ patient, author, seriesSalt });
  const ver = (amends?.publicPart.ver ?? 0) + 1;

  const padded = new Uint8Array(padmeLength(content.length));
  padded.set(content);
  const { header, body } = await floeEncrypt({
    key: dek,
    aad: bodyAad(system, patient, series, ver),
    plaintext: padded,
  });

  const publicPart: PublicPart = {
    v: 1,
    suite: SUITE,
    system,
    patient,
    seriesSalt,
    ver,
    prev: amends?.recordId ?? null,
    labels,
    keyId,
    floe: header,
    body: { cid: await parameters.storeBody(body), offset: 0, length: body.length },
    size: padded.length,
    commitment: toHex(commitmentOfHash(nonce, await sha256OfContent(content))),
    author,
    createdAt: parameters.createdAt,
  };
  const coreId = coreIdOf(publicPart);
  const envelope: Envelope = {
    publicPart,
    own: await sealOwnSlot(coreId, dek, ownerKey),
    release: await sealCapsule({ groupKey, label: releaseLabel(keyId, coreId), secret: dek }),
    meta: await sealMeta(dek, coreId, { ...parameters.meta, nonce, length: content.length }),
  };
  return { ...identifyEnvelope(envelope), series };
}

import { CID } from "multiformats/cid";
import { randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import type { KeyId, PatientId } from "../../../sdk/src/core/ids.ts";
import { type Envelope, SUITE } from "../../../sdk/src/envelope/index.ts";

const cid = CID.parse("bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy");
const hex = () => toHex(randomBytes(32));

/** A well-formed envelope; nothing in it opens. */
export function emptyEnvelope(patient: PatientId): Envelope {
  const publicPart = {
    v: 1 as const,
    suite: SUITE as typeof SUITE,
    system: hex(),
    patient,
    seriesSalt: hex(),
    ver: 1,
    prev: null,
    labels: 512n,
    keyId: hex() as KeyId,
    floe: randomBytes(74),
    body: { cid, offset: 0, length: 64 },
    size: 32,
    commitment: hex(),
    author: hex(),
    createdAt: 1,
  };
  const own = { ownerKeyHash: hex(), enc: randomBytes(1_120), ct: randomBytes(48) };
  const [U, Ubar, challenge, response, sealed] = [32, 32, 32, 32, 60].map(randomBytes) as never as Uint8Array[];
  return {
    publicPart,
    own,
    release: { U: U!, Ubar: Ubar!, challenge: challenge!, response: response!, sealed: sealed! },
    meta: randomBytes(80),
  };
}

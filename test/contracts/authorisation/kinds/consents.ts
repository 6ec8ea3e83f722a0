import { agreementOf } from "../../consent/decisions.ts";
import {
  cut,
  does,
  exclude,
  grant,
  grantRecord,
  mute,
  readmit,
  request,
  revoke,
  revokeRecord,
  share,
  uncut,
  unmute,
  unshare,
} from "../../consent/verbs.ts";
import { type Agreement, DAY } from "../../fixture.ts";
import type { Cast } from "../cast.ts";
import { type Kind, nothing, type Scene } from "../row.ts";

/** Alice lets the clinic read, add and pass on, for treatment. */
export const termsFor = (f: Cast, changes: Partial<Agreement> = {}): Promise<Agreement> =>
  agreementOf(f, { actions: ["read", "write", "share"], ...changes });

/** The clinic passes reading on to the hospital, within what it was granted. */
export async function sharedTerms(f: Cast): Promise<Agreement> {
  const { until } = await termsFor(f);
  return agreementOf(f, {
    grantee: f.hospital.provider,
    recipient: f.hospital.name,
    actions: ["read"],
    until: until - DAY,
  });
}

/** Everything that alice may say about the clinic, the hospital and the colleague, said. */
async function giveAll(f: Cast): Promise<void> {
  const agreement = await termsFor(f);
  await does(f, grant(agreement));
  await does(f, grantRecord({ ...agreement, actions: ["read"] }));
  await does(f, share(await sharedTerms(f), [f.clinic], 1), f.clinic.key);
  await does(f, cut(f, [f.clinic], f.hospital));
  await does(f, exclude(f, f.colleague));
  await does(f, mute(f, f.hospital));
}

async function takeAll(f: Cast): Promise<void> {
  const agreement = await termsFor(f);
  await does(f, unshare(f, [f.clinic], f.hospital), f.clinic.key);
  await does(f, uncut(f, [f.clinic], f.hospital));
  await does(f, revoke(agreement));
  await does(f, revokeRecord(agreement));
  await does(f, readmit(f, f.colleague));
  await does(f, unmute(f, f.hospital));
}

/** What alice decided about the clinic and the others. */
export const consent: Kind = {
  name: "consent",
  states: {
    untouched: nothing,
    live: async (cast) => {
      await giveAll(cast);
      return {};
    },
    ended: async (cast) => {
      await giveAll(cast);
      await takeAll(cast);
      return {};
    },
  },
};

/** What a provider asks alice for. */
export const requests: Kind = {
  name: "request",
  states: {
    unasked: nothing,
    asked: async (cast) => {
      for (const { provider, name, key } of [cast.drBaker, cast.drChen]) {
        await does(cast, request(await agreementOf(cast, { grantee: provider, recipient: name })), key);
      }
      return {};
    },
    muted: async (cast) => {
      await does(cast, mute(cast));
      return {};
    },
  },
};

export const consentTo = async (f: Scene | Cast): Promise<void> => {
  await does(f, grant(await termsFor(f)));
};

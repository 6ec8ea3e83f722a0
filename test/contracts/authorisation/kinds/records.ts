import { roles as offices, selectorsOf } from "../../../../node/src/deploy/roles.ts";
import type { Hex } from "../../../../sdk/src/core/bytes.ts";
import type { SeriesId, SessionId } from "../../../../sdk/src/core/ids.ts";
import type { StewardCommittee } from "../../../../sdk/src/generated/types/index.ts";
import { endorsed, keyIdOf, publicationOf, publish } from "../../access/committees.ts";
import { breakGlass } from "../../access/emergencies.ts";
import { deploy, directly, ERASURE_DELAY, ethers, NEW_KEY_DELAY, networkHelpers } from "../../fixture.ts";
import { decideAnchor, decideRetract, draftOf } from "../../records/records.ts";
import { decideNow, seriesBy } from "../../records/series.ts";
import { undeployedWallet } from "../../undeployed.ts";
import type { Cast } from "../cast.ts";
import { type Kind, nothing, type Scene } from "../row.ts";
import { consentTo } from "./consents.ts";

/** Begun by the practitioner. */
export const seriesOf = ({ alice, drChen }: Cast): SeriesId => seriesBy(alice.patient, drChen.provider);

async function decideAll(cast: Cast): Promise<void> {
  const about = { series: seriesOf(cast) };
  for (const verb of ["restrict", "dispute", "requestErasure"] as const) await decideNow(cast, verb, about);
}

/** What alice says about a series. */
export const series: Kind = {
  name: "series",
  states: {
    unmarked: nothing,
    marked: async (cast) => {
      await decideAll(cast);
      return {};
    },
    deleted: async (cast) => {
      await decideAll(cast);
      await networkHelpers.time.increase(ERASURE_DELAY);
      return {};
    },
  },
};

/** One that dr Baker of the clinic, and alice herself, may anchor. */
export const record: Kind = {
  name: "record",
  states: {
    unanchored: async (cast) => {
      await consentTo(cast);
      return {};
    },
    anchored: async (cast) => {
      await consentTo(cast);
      await anchorTwice(cast);
      return {};
    },
    retracted: async (cast) => {
      await consentTo(cast);
      await anchorTwice(cast);
      await (await decideRetract(cast, directly, cast.drBaker.provider, { signer: cast.drBaker.key })).submit();
      return {};
    },
  },
};

async function anchorTwice(cast: Cast): Promise<void> {
  const ofClinic = draftOf(cast, { organisation: cast.clinic.provider });
  await (await decideAnchor(cast, directly, ofClinic, { signer: cast.drBaker.key })).submit();
  await (await decideAnchor(cast, directly, draftOf(cast), { signer: cast.alice.wallet })).submit();
}

/** One that was opened, as far as disputes know: any id. */
export const sessionId = ethers.id("a session") as SessionId;

async function disputeIt({ gate, alice }: Cast): Promise<void> {
  const { authorization } = await directly(alice.wallet, gate, () => undefined as never);
  await gate.connect(alice.wallet).disputeAccess(alice.patient, sessionId, authorization);
}

/** An access that took place. */
export const session: Kind = {
  name: "session",
  states: {
    undisputed: nothing,
    disputed: async (cast) => {
      await disputeIt(cast);
      return {};
    },
    "undisputed again": async (cast) => {
      await disputeIt(cast);
      const { gate, alice } = cast;
      const { authorization } = await directly(alice.wallet, gate, () => undefined as never);
      await gate.connect(alice.wallet).withdrawAccessDispute(alice.patient, sessionId, authorization);
      return {};
    },
  },
};

const emergencyKey = ethers.id("session keys of an emergency") as Hex;
const breakIt = (cast: Cast) =>
  breakGlass(cast, { actor: cast.drBaker, colleague: cast.colleague, sessionKeyHash: emergencyKey });

/** An opening by dr Baker, for whom the colleague vouched. */
export const emergency: Kind = {
  name: "emergency",
  states: {
    none: nothing,
    unreviewed: async (cast) => ({ emergency: await breakIt(cast) }),
    reviewed: async (cast) => {
      const id = await breakIt(cast);
      await cast.gate.connect(cast.privacyOfficer).reviewEmergency(id, true);
      return { emergency: id };
    },
  },
};

export const nextGroupKey = ethers.id("next group key") as Hex;

/** The stewards' committee. */
export const committee: Kind = {
  name: "committee",
  states: {
    unpublished: async (cast) => {
      const fresh = await deploy<StewardCommittee>("StewardCommittee", [cast.manager, cast.providers, NEW_KEY_DELAY]);
      const { id } = offices.committeeAdmin;
      await cast.manager.setTargetFunctionRole(fresh, selectorsOf(offices.committeeAdmin), id);
      return { committee: fresh };
    },
    published: nothing,
    "to be followed": async (cast) => {
      const next = { keyId: keyIdOf(nextGroupKey), groupKey: nextGroupKey };
      await publish(cast, publicationOf(cast.stewards, next), endorsed(cast));
      return {};
    },
  },
};

/** The size that everybody anchors next. */
export const nextLogSize = 5;

const stewardAnchored =
  (size: number) =>
  async ({ logs, people: { steward } }: Cast): Promise<Partial<Scene>> => {
    await networkHelpers.setBalance(steward.address, ethers.parseEther("1"));
    await logs.connect(steward).anchorLog(ethers.id("root"), size);
    return {};
  };

/** The steward's log; all others have one of their own, without a head. */
export const log: Kind = {
  name: "log",
  states: {
    empty: nothing,
    shorter: stewardAnchored(nextLogSize - 1),
    "as long": stewardAnchored(nextLogSize),
  },
};

/** A wallet whose owners have signed, that is not there yet. */
export const wallet: Kind = {
  name: "wallet",
  states: {
    undeployed: async () => ({ wallet: await undeployedWallet("matrix") }),
    deployed: async ({ relayer }) => {
      const undeployed = await undeployedWallet("matrix");
      await relayer.sendTransaction({ to: await undeployed.factory.getAddress(), data: undeployed.creation });
      return { wallet: undeployed };
    },
    "lends its code": async ({ relayer }) => {
      const undeployed = await undeployedWallet("matrix");
      const code = ethers.concat(["0xef0100", relayer.address]);
      await ethers.provider.send("hardhat_setCode", [undeployed.address, code]);
      return { wallet: undeployed };
    },
  },
};

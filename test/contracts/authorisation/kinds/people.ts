import type { PatientId } from "../../../../sdk/src/core/ids.ts";
import type { Address } from "../../../../sdk/src/core/types.ts";
import { patientRegistrationData, type TrusteeProposal } from "../../../../sdk/src/typed-data/index.ts";
import { type Authorization, bySignature, networkHelpers, PATIENT_DELAY, type Signer, saltOf } from "../../fixture.ts";
import { acceptGuardianship, approve, decide, keyHash, land, setOf, vetoRecovery } from "../../identity/patients.ts";
import { roles } from "../../roles.ts";
import { type Cast, openMinor, walletOf } from "../cast.ts";
import { type Kind, nothing } from "../row.ts";

/** Two of alice's trustees say so. */
async function decideTogether(cast: Cast, proposal: TrusteeProposal): Promise<void> {
  const set = await setOf(cast as never, cast.alice.patient);
  for (const trustee of cast.trustees.slice(0, 2)) {
    await land(cast, trustee, approve(cast.alice.patient, proposal, set));
  }
}

const newWallet = walletOf("new wallet of alice").address as Address;
export const recovered = { controller: newWallet, ownerKeyHash: keyHash("of the recovery") };
const recover = (cast: Cast) => decideTogether(cast, { verb: "recover", ...recovered });

/** Alice, as everybody in her life finds her. */
export const adult: Kind = {
  name: "adult",
  states: {
    settled: nothing,
    recovering: async (cast) => {
      await recover(cast);
      return {};
    },
    frozen: async (cast) => {
      await decideTogether(cast, { verb: "freeze" });
      return {};
    },
  },
};

/** Acts for Max beside the guardian. */
export const otherGuardian = walletOf("other guardian");

/** Max, whose guardians decide together. */
const ofTwo = async (cast: Cast): Promise<PatientId> =>
  (await openMinor(cast, "Max", [cast.people.guardian, otherGuardian])).patient;

/** Mia, who has no wallet of her own. */
export const minor: Kind = {
  name: "minor",
  states: {
    minor: async ({ mia }) => ({ subject: mia }),
    together: async (cast) => {
      return { subject: await ofTwo(cast) };
    },
    "of age": async (cast) => {
      await networkHelpers.time.increaseTo(cast.majorityAt);
      await cast.patients.connect(cast.recoveryOfficer).attestMajority(cast.mia, cast.people.newcomer.address);
      return { subject: cast.mia };
    },
  },
};

/** The newcomer agrees to act for a child in somebody's place. */
export async function accepting(
  cast: Cast,
  child: PatientId,
  lost: Signer,
  times?: { signedAt: number; deadline: number },
): Promise<Authorization> {
  const { authorization } = await decide(
    cast,
    bySignature,
    cast.people.newcomer,
    acceptGuardianship(child, lost),
    times,
  );
  return authorization;
}

/** Max, and the newcomer in the place of the other guardian. */
export const guardianship: Kind = {
  name: "guardianship",
  states: {
    staying: async (cast) => ({ subject: await ofTwo(cast) }),
    leaving: async (cast) => ({ subject: await announceGuardian(cast) }),
    left: async (cast) => {
      const subject = await announceGuardian(cast);
      await networkHelpers.time.increase(PATIENT_DELAY);
      return { subject };
    },
  },
};

async function announceGuardian(cast: Cast): Promise<PatientId> {
  const child = await ofTwo(cast);
  const acceptance = await accepting(cast, child, otherGuardian);
  await cast.patients.connect(cast.recoveryOfficer).replaceGuardian(child, otherGuardian.address, acceptance);
  return child;
}

/** Giving alice's record to a new wallet. */
export const recovery: Kind = {
  name: "recovery",
  states: {
    none: nothing,
    pending: async (cast) => {
      await recover(cast);
      return {};
    },
    awaiting: async (cast) => {
      await recover(cast);
      await land(cast, cast.alice.wallet, vetoRecovery(cast.alice.patient));
      await recover(cast);
      return {};
    },
  },
};

/** What everybody opens a record of their own under, once. */
export const ownSalt = saltOf("everybody");

/** The id that everybody's own record would have. */
export const registration: Kind = {
  name: "registration",
  states: {
    free: nothing,
    "taken by an adult": async (cast) => {
      for (const role of roles) {
        const wallet = cast.people[role];
        const patient = (await cast.patients.patientIdOf(wallet.address, ownSalt)) as never;
        const ownerKeyHash = keyHash(role);
        const { authorization } = await bySignature(wallet, cast.patients, (contract, times) =>
          patientRegistrationData(contract, { patient, ownerKeyHash, ...times }),
        );
        await cast.patients.register(ownSalt, ownerKeyHash, authorization);
      }
      return {};
    },
    "taken by a minor": async (cast) => {
      for (const role of roles) await openMinor(cast, "everybody", [cast.people[role]]);
      return {};
    },
  },
};

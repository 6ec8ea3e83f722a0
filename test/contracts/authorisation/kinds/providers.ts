import type { Address } from "../../../../sdk/src/core/types.ts";
import { affiliationProposalData, providerKeyAdditionData } from "../../../../sdk/src/typed-data/index.ts";
import { type Authorization, admit, affiliate, bySignature, networkHelpers } from "../../fixture.ts";
import type { Cast } from "../cast.ts";
import { type Kind, nothing } from "../row.ts";

export const newcomerName = "Hilltop Hospital";

/** A provider who comes with a key of their own. */
export const admission: Kind = {
  name: "admission",
  states: {
    unknown: nothing,
    admitted: async (cast) => {
      await admit(cast, "hospital", newcomerName, cast.people.newcomer);
      return {};
    },
    "retired since": async (cast) => {
      const { provider } = await admit(cast, "hospital", newcomerName, cast.people.newcomer);
      await cast.providers.connect(cast.registrar).retire(provider);
      return {};
    },
  },
};

/** The clinic. */
export const standing: Kind = {
  name: "standing",
  states: {
    active: nothing,
    suspended: async (cast) => {
      await cast.providers.connect(cast.registrar).suspend(cast.clinic.provider);
      return {};
    },
    retired: async (cast) => {
      await cast.providers.connect(cast.registrar).retire(cast.clinic.provider);
      return {};
    },
  },
};

/** The emergency privilege of a practitioner, who has none. */
export const privilege: Kind = {
  name: "privilege",
  states: {
    unannounced: nothing,
    announced: async (cast) => {
      await announcePrivilege(cast);
      return {};
    },
    due: async (cast) => {
      await announcePrivilege(cast);
      await networkHelpers.time.increase(86_400);
      return {};
    },
  },
};

export const privilegeCall = ({ providers, drChen }: Cast): string =>
  providers.interface.encodeFunctionData("grantEmergency", [drChen.provider]);

const announcePrivilege = (cast: Cast) =>
  cast.manager.connect(cast.officer).schedule(cast.providers, privilegeCall(cast), 0);

/** The newcomer's key agrees to join the clinic. */
export async function joining(cast: Cast, times?: { signedAt: number; deadline: number }): Promise<Authorization> {
  const { clinic, people, providers } = cast;
  const key = people.newcomer.address as Address;
  const { authorization } = await bySignature(
    people.newcomer,
    providers,
    (contract, at) => providerKeyAdditionData(contract, { name: clinic.name, key, provider: clinic.provider, ...at }),
    times,
  );
  return authorization;
}

/** A key of the clinic that was lost, and the newcomer's instead. */
export const replacement: Kind = {
  name: "replacement",
  states: {
    none: nothing,
    announced: async (cast) => {
      await announceReplacement(cast);
      return {};
    },
    "in effect": async (cast) => {
      await announceReplacement(cast);
      await networkHelpers.time.increase(await cast.providers.keyDelay());
      return {};
    },
  },
};

const announceReplacement = async (cast: Cast) =>
  cast.providers
    .connect(cast.registrar)
    .announceKeyReplacement(cast.clinic.provider, cast.clinicSpare.address, await joining(cast));

/** Of the practitioner, with the clinic. */
export const affiliation: Kind = {
  name: "affiliation",
  states: {
    none: nothing,
    proposed: async (cast) => {
      const { clinic, drChen, providers } = cast;
      const { authorization } = await bySignature(clinic.key, providers, (contract, times) =>
        affiliationProposalData(contract, {
          organisation: clinic.provider,
          practitioner: drChen.provider,
          organisationName: clinic.name,
          practitionerName: drChen.name,
          ...times,
        }),
      );
      await providers.proposeAffiliation(clinic.provider, drChen.provider, authorization);
      return {};
    },
    active: async (cast) => {
      await affiliate(cast, cast.clinic, cast.drChen);
      return {};
    },
  },
};

/** What the AccessManager was told. */
export const root: Kind = {
  name: "root",
  states: {
    configured: nothing,
    scheduled: async (cast) => {
      await announcePrivilege(cast);
      return {};
    },
    closed: async (cast) => {
      const close = cast.manager.interface.encodeFunctionData("setTargetClosed", [
        await cast.providers.getAddress(),
        true,
      ]);
      await cast.admin.sendTransaction({ to: await cast.manager.getAddress(), data: close });
      return {};
    },
  },
};

import type { ProviderId } from "../../../../sdk/src/core/ids.ts";
import type { Address } from "../../../../sdk/src/core/types.ts";
import type { ProviderRegistry } from "../../../../sdk/src/generated/types/index.ts";
import {
  affiliationAcceptanceData,
  affiliationEndData,
  affiliationProposalData,
  providerAdmissionData,
  providerKeyAdditionData,
  providerKeyRemovalData,
  providerKeyRetentionData,
} from "../../../../sdk/src/typed-data/index.ts";
import { admissionOf, bySignature, type Provider, type Signer, saltOf } from "../../fixture.ts";
import { admission, affiliation, joining, newcomerName, privilege, replacement, standing } from "../kinds/providers.ts";
import { only, type Rule } from "../powers.ts";
import { type Row, rowsOf, type Scene, timesOf } from "../row.ts";

const registrar = (unless: Readonly<Record<string, string>> = {}): Rule =>
  only("registrar", "AccessManagedUnauthorized", unless);
const unknownKey = "ProviderKeyUnknown";
const taken = "ProviderAlreadyRegistered";
/** Of the clinic: nobody is told more than that it is not active. */
const ofActive: Rule = (who, state) =>
  state === "active" ? only("organisation", unknownKey)(who, state) : "ProviderNotActive";

const keyOf = ({ name, provider }: Provider, { address }: Signer) => ({ name, provider, key: address as Address });
const pairOf = ({ clinic, drChen }: Scene) => ({
  organisation: clinic.provider,
  practitioner: drChen.provider,
  organisationName: clinic.name,
  practitionerName: drChen.name,
});

/** ProviderRegistry: what registrars do. */
const byRegistrars = rowsOf<ProviderRegistry>("providers")([
  {
    verb: "register",
    kinds: [admission],
    expected: registrar({ admitted: taken, "retired since": taken }),
    act: async (scene) => {
      const { newcomer } = scene.people;
      const salt = saltOf(newcomerName) as Address;
      const provider = (await scene.providers.providerIdOf(newcomer.address, salt)) as ProviderId;
      const { authorization } = await bySignature(
        newcomer,
        scene.providers,
        (contract, times) =>
          providerAdmissionData(contract, { name: newcomerName, kind: "hospital", provider, salt, ...times }),
        timesOf(scene),
      );
      return { call: (providers) => providers.register(admissionOf("hospital", newcomerName), authorization) };
    },
  },
  {
    verb: "suspend",
    kinds: [standing],
    expected: registrar({ suspended: "ProviderStatusUnchanged", retired: "ProviderNotActive" }),
    act: ({ clinic }) => ({ call: (providers) => providers.suspend(clinic.provider) }),
  },
  {
    verb: "reinstate",
    kinds: [standing],
    expected: registrar({ active: "ProviderStatusUnchanged", retired: "ProviderNotActive" }),
    act: ({ clinic }) => ({ call: (providers) => providers.reinstate(clinic.provider) }),
  },
  {
    verb: "retire",
    kinds: [standing],
    expected: registrar({ retired: "ProviderStatusUnchanged" }),
    act: ({ clinic }) => ({ call: (providers) => providers.retire(clinic.provider) }),
  },
  {
    verb: "grantAuthorship",
    kinds: [standing],
    expected: registrar({ retired: "ProviderNotActive" }),
    act: ({ clinic }) => ({ call: (providers) => providers.grantAuthorship(clinic.provider) }),
  },
  {
    verb: "revokeAuthorship",
    kinds: [standing],
    expected: registrar(),
    act: ({ clinic }) => ({ call: (providers) => providers.revokeAuthorship(clinic.provider) }),
  },
  {
    verb: "revokeEmergency",
    kinds: [standing],
    expected: registrar(),
    act: ({ clinic }) => ({ call: (providers) => providers.revokeEmergency(clinic.provider) }),
  },
  {
    verb: "grantEmergency",
    kinds: [privilege],
    others: ["emergencyOfficer"],
    expected: only("emergencyOfficer", "AccessManagedUnauthorized", {
      unannounced: "AccessManagerNotScheduled",
      announced: "AccessManagerNotReady",
    }),
    act: ({ drChen }) => ({ call: (providers) => providers.grantEmergency(drChen.provider) }),
  },
  {
    verb: "announceKeyReplacement",
    kinds: [standing],
    expected: registrar({ retired: "ProviderNotActive" }),
    act: async (scene) => {
      const key = await joining(scene, timesOf(scene));
      const { clinic, clinicSpare } = scene;
      return {
        call: (providers) => providers.announceKeyReplacement(clinic.provider, clinicSpare.address, key),
      };
    },
  },
  {
    verb: "setAuthority",
    kinds: [standing],
    others: ["manager"],
    expected: only("manager", "AccessManagedUnauthorized"),
    act: async ({ manager }) => {
      const authority = await manager.getAddress();
      return { call: (providers) => providers.setAuthority(authority) };
    },
  },
]);

/** ProviderRegistry: what providers do, with any key they hold. */
const byProviders = rowsOf<ProviderRegistry>("providers")([
  {
    verb: "addKey",
    kinds: [standing],
    others: ["organisation"],
    expected: ofActive,
    act: async (scene) => {
      const { clinic, people } = scene;
      const key = await joining(scene, timesOf(scene));
      return {
        build: (contract, times) => providerKeyAdditionData(contract, { ...keyOf(clinic, people.newcomer), ...times }),
        call: (providers, authorization) => providers.addKey(clinic.provider, key, authorization),
      };
    },
  },
  {
    verb: "removeKey",
    kinds: [standing],
    others: ["organisation"],
    // A key that was stolen must go whatever became of its provider.
    expected: only("organisation", unknownKey),
    act: ({ clinic, clinicSpare }) => ({
      build: (contract, times) => providerKeyRemovalData(contract, { ...keyOf(clinic, clinicSpare), ...times }),
      call: (providers, authorization) => providers.removeKey(clinic.provider, clinicSpare.address, authorization),
    }),
  },
  {
    verb: "cancelKeyReplacement",
    kinds: [replacement],
    others: ["organisation"],
    expected: only("organisation", unknownKey, {
      none: "ProviderReplacementMissing",
      "in effect": "ProviderReplacementMissing",
    }),
    act: ({ clinic, clinicSpare }) => ({
      build: (contract, times) => providerKeyRetentionData(contract, { ...keyOf(clinic, clinicSpare), ...times }),
      call: (providers, authorization) =>
        providers.cancelKeyReplacement(clinic.provider, clinicSpare.address, authorization),
    }),
  },
  {
    verb: "proposeAffiliation",
    kinds: [affiliation],
    others: ["organisation"],
    expected: only("organisation", unknownKey, {
      proposed: "AffiliationStateInvalid",
      active: "AffiliationStateInvalid",
    }),
    act: (scene) => ({
      build: (contract, times) => affiliationProposalData(contract, { ...pairOf(scene), ...times }),
      call: (providers, authorization) =>
        providers.proposeAffiliation(scene.clinic.provider, scene.drChen.provider, authorization),
    }),
  },
  {
    verb: "acceptAffiliation",
    kinds: [affiliation],
    others: ["organisation"],
    expected: only("practitioner", unknownKey, {
      none: "AffiliationStateInvalid",
      active: "AffiliationStateInvalid",
    }),
    act: (scene) => ({
      build: (contract, times) => affiliationAcceptanceData(contract, { ...pairOf(scene), ...times }),
      call: (providers, authorization) =>
        providers.acceptAffiliation(scene.clinic.provider, scene.drChen.provider, authorization),
    }),
  },
  {
    verb: "endAffiliation",
    kinds: [affiliation],
    others: ["organisation"],
    expected: only(["practitioner", "organisation"], unknownKey),
    act: (scene) => ({
      build: (contract, times) => affiliationEndData(contract, { ...pairOf(scene), ...times }),
      call: (providers, authorization) =>
        providers.endAffiliation(scene.clinic.provider, scene.drChen.provider, authorization),
    }),
  },
]);

export const providerRows: readonly Row[] = [...byRegistrars, ...byProviders];

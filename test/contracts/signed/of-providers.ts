import type { ProviderId } from "../../../sdk/src/core/ids.ts";
import type { Address } from "../../../sdk/src/core/types.ts";
import {
  affiliationAcceptanceData,
  affiliationEndData,
  affiliationProposalData,
  committeePublicationData,
  type ProviderKeyParameters,
  providerAdmissionData,
  providerKeyAdditionData,
  providerKeyRemovalData,
  providerKeyRetentionData,
  type SigningContract,
  type TypedData,
} from "../../../sdk/src/typed-data/index.ts";
import { memberOf, publicationOf, type Scene, signatureOf } from "../access/committees.ts";
import {
  admissionOf,
  admit,
  bySignature,
  ethers,
  type Fixture,
  type Provider,
  type Signer,
  saltOf,
} from "../fixture.ts";
import { joins, own, type Prepared, type Signable, type Specimen, specimen } from "./specimen.ts";

type Step = "proposeAffiliation" | "acceptAffiliation" | "endAffiliation";
const affiliationData = {
  proposeAffiliation: affiliationProposalData,
  acceptAffiliation: affiliationAcceptanceData,
  endAffiliation: affiliationEndData,
};

/** Of Dr Chen with the hospital. */
function affiliation({ providers, hospital, drChen }: Fixture, verb: Step): Signable {
  const words = { organisationName: hospital.name, practitionerName: drChen.name };
  const ids = { organisation: hospital.provider, practitioner: drChen.provider };
  return {
    build: (contract, times) => affiliationData[verb](contract, { ...words, ...ids, ...times }),
    call: (sender, authorization) => providers.connect(sender)[verb](ids.organisation, ids.practitioner, authorization),
  };
}

const affiliates =
  (verb: Step, side: "hospital" | "drChen", opposite: Step | undefined, before: readonly Step[]): Specimen["prepare"] =>
  async (f, signer) => {
    await joins(f, f[side], signer);
    for (const step of before) {
      const key = step === "acceptAffiliation" ? f.drChen.key : f.hospital.key;
      await affiliation(f, step).call(key, await own(key));
    }
    return {
      ...affiliation(f, verb),
      contract: f.providers,
      state: async () => (await f.providers.affiliationOf(f.hospital.provider, f.drChen.provider)).slice(0, 2),
      ...(opposite === undefined ? {} : { opposite: affiliation(f, opposite) }),
    };
  };

/** One that has signed already, as the spare key of the clinic. */
async function joining(f: Fixture, { name, provider }: Provider, key: Signer) {
  const { authorization } = await bySignature(key, f.providers, (contract, times) =>
    providerKeyAdditionData(contract, { name, key: key.address as Address, provider, ...times }),
  );
  return authorization;
}

const keyData =
  (
    data: (contract: SigningContract, parameters: ProviderKeyParameters) => TypedData,
    { name, provider }: Provider,
    key: Signer,
  ): Signable["build"] =>
  (contract, times) =>
    data(contract, { name, key: key.address as Address, provider, ...times });

/** The signer speaks for the clinic and lets the spare key in. */
const addKey: Specimen["prepare"] = async (f, signer): Promise<Prepared> => {
  await joins(f, f.clinic, signer);
  const key = await joining(f, f.clinic, f.spare);
  return {
    contract: f.providers,
    build: keyData(providerKeyAdditionData, f.clinic, f.spare),
    call: (sender, authorization) => f.providers.connect(sender).addKey(f.clinic.provider, key, authorization),
    state: () => f.providers.providerOfKey(f.spare.address),
  };
};

/** The signer is the key that joins the clinic. */
const joinAsKey: Specimen["prepare"] = async (f, signer): Promise<Prepared> => {
  const build = keyData(providerKeyAdditionData, f.clinic, signer);
  const { authorization: held } = await bySignature(f.clinic.key, f.providers, build);
  return {
    contract: f.providers,
    build,
    call: (sender, authorization) => f.providers.connect(sender).addKey(f.clinic.provider, authorization, held),
    state: () => f.providers.providerOfKey(signer.address),
  };
};

const removeKey: Specimen["prepare"] = async (f, signer): Promise<Prepared> => {
  await joins(f, f.clinic, signer);
  await joins(f, f.clinic, f.spare);
  return {
    contract: f.providers,
    build: keyData(providerKeyRemovalData, f.clinic, f.spare),
    call: (sender, authorization) =>
      f.providers.connect(sender).removeKey(f.clinic.provider, f.spare.address, authorization),
    state: () => f.providers.providerOfKey(f.spare.address),
  };
};

/** The clinic's first key is to be replaced; the signer, another, objects. */
const keepKey: Specimen["prepare"] = async (f, signer): Promise<Prepared> => {
  const { provider, key } = f.clinic;
  await joins(f, f.clinic, signer);
  await f.providers
    .connect(f.registrar)
    .announceKeyReplacement(provider, key.address, await joining(f, f.clinic, f.spare));
  return {
    contract: f.providers,
    build: keyData(providerKeyRetentionData, f.clinic, key),
    call: (sender, authorization) =>
      f.providers.connect(sender).cancelKeyReplacement(provider, key.address, authorization),
    state: async () => (await f.providers.keyReplacementOf(key.address)).slice(0, 2),
  };
};

/** The signer is the key that comes instead of the clinic's. */
const replace: Specimen["prepare"] = async (f, signer): Promise<Prepared> => {
  const { provider, key } = f.clinic;
  return {
    contract: f.providers,
    build: keyData(providerKeyAdditionData, f.clinic, signer),
    caller: f.registrar,
    call: (sender, authorization) =>
      f.providers.connect(sender).announceKeyReplacement(provider, key.address, authorization),
    state: async () => (await f.providers.keyReplacementOf(key.address)).key,
  };
};

/** The signer is the first key of a pharmacy. */
const admission: Specimen["prepare"] = async (f, signer): Promise<Prepared> => {
  const name = "Corner Pharmacy";
  const salt = saltOf(name) as Address;
  const provider = (await f.providers.providerIdOf(signer.address, salt)) as ProviderId;
  return {
    contract: f.providers,
    build: (contract, times) => providerAdmissionData(contract, { name, kind: "pharmacy", provider, salt, ...times }),
    caller: f.registrar,
    call: (sender, authorization) => f.providers.connect(sender).register(admissionOf("pharmacy", name), authorization),
    state: async () => (await f.providers.providerOf(provider)).status,
  };
};

/** The signer is the first of three stewards who publish the first committee. */
const publication: Specimen["prepare"] = async (f, signer): Promise<Prepared> => {
  const wallets = (await ethers.getSigners()).slice(11, 14) as [Signer, Signer, Signer];
  const stewards: Provider[] = [];
  for (const [index, wallet] of wallets.entries()) stewards.push(await admit(f, "agency", `Steward ${index}`, wallet));
  const scene: Scene = { ...f, stewards };
  const [first, ...others] = stewards as [Provider, ...Provider[]];
  await joins(f, first, signer);
  const members = [{ ...memberOf(first), account: signer.address as Address }, ...others.map(memberOf)];
  const committee = publicationOf(stewards, { members });
  const rest = await Promise.all(others.map(({ key }) => signatureOf(scene, committee, key)));
  return {
    contract: f.committee,
    build: (contract) => committeePublicationData(contract, committee),
    caller: f.admin,
    call: (sender, { signature }) =>
      f.committee.connect(sender).publish({ ...committee, members }, [signature, ...rest], []),
    state: () => f.committee.latestEpochOf(committee.keyId),
  };
};

const providers = "ProviderRegistry";
const byRegistrar = { neverDirect: "a registrar calls, and the key signs" };

/** Verbs of ProviderRegistry and StewardCommittee. */
export const ofProviders: readonly Specimen[] = [
  specimen(
    `${providers}.proposeAffiliation`,
    "AffiliationProposal",
    "widens",
    "provider",
    affiliates("proposeAffiliation", "hospital", "endAffiliation", []),
  ),
  specimen(
    `${providers}.acceptAffiliation`,
    "AffiliationAcceptance",
    "widens",
    "provider",
    affiliates("acceptAffiliation", "drChen", "endAffiliation", ["proposeAffiliation"]),
  ),
  specimen(
    `${providers}.endAffiliation`,
    "AffiliationEnd",
    "narrows",
    "provider",
    affiliates("endAffiliation", "hospital", undefined, ["proposeAffiliation", "acceptAffiliation"]),
  ),
  specimen(`${providers}.addKey`, "ProviderKeyAddition", "once", "provider", addKey),
  specimen(`${providers}.addKey`, "ProviderKeyAddition", "once", "newcomer", joinAsKey),
  specimen(`${providers}.removeKey`, "ProviderKeyRemoval", "once", "provider", removeKey),
  specimen(`${providers}.cancelKeyReplacement`, "ProviderKeyRetention", "once", "provider", keepKey),
  specimen(`${providers}.announceKeyReplacement`, "ProviderKeyAddition", "once", "newcomer", replace, byRegistrar),
  specimen(`${providers}.register`, "ProviderAdmission", "once", "newcomer", admission, byRegistrar),
  specimen("StewardCommittee.publish", "CommitteePublication", "once", "steward", publication, {
    neverDirect: "all members sign, and one call carries their signatures",
    keysOnly: "stewards sign with the keys of their own programs",
    invalid: "CommitteeSignatureInvalid",
  }),
];

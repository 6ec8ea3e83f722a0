import type { ContractTransactionResponse } from "ethers";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import type { Address } from "../../../sdk/src/core/types.ts";
import { labelMask } from "../../../sdk/src/core/vocabulary.ts";
import {
  affiliationAcceptanceData,
  affiliationEndData,
  affiliationProposalData,
  patientRegistrationData,
  seriesRestrictionData,
} from "../../../sdk/src/typed-data/index.ts";
import * as consentVerbs from "../consent/verbs.ts";
import { otherSeries, series } from "../consent/verbs.ts";
import { errorNameOf } from "../errors.ts";
import {
  type Authorization,
  type Build,
  type Contract,
  ethers,
  type Fixture,
  type Provider,
  relayer,
  type Signer,
  saltOf,
  sign,
  signingContract,
} from "../fixture.ts";
import * as patientVerbs from "../identity/patients.ts";
import { keyHash } from "../identity/patients.ts";
import type { Decided, Deed } from "./deeds.ts";
import type { Decision } from "./ghost.ts";
import type { Item, Register } from "./ghost-consents.ts";
import type { World } from "./world.ts";

export const seriesOf = (name: string | undefined) => (name === "other" ? otherSeries : series);

interface Call {
  readonly contract: Contract;
  readonly build: Build;
  readonly call: (sender: Signer, authorization: Authorization) => Promise<ContractTransactionResponse>;
}

const named = (world: World, name: string): Provider => world.providers[name] as Provider;
const patientOf = (world: World, name: string): PatientId => world.patients[name] as PatientId;
const walletOf = (world: World, name: string): Signer => world.wallets[name] as Signer;

function itemOf(world: World, item: Register & Partial<Item>): consentVerbs.Item {
  const { provider, name } = named(world, item.grantee);
  const { labels = [], actions = [], from = 0, until = 0, purpose } = item;
  const terms = { labels, actions, from, until, purpose };
  const agreement = { patient: patientOf(world, item.patient), grantee: provider, recipient: name, ...terms };
  return item.series === undefined ? agreement : { ...agreement, series: seriesOf(item.series) };
}

const consent = ({ f }: World, { build, call }: consentVerbs.Verb): Call => ({
  contract: f.consents,
  build,
  call: (sender, authorization) => call(f.consents.connect(sender), authorization),
});
const identity = ({ f }: World, { build, call }: patientVerbs.Verb): Call => ({
  contract: f.patients,
  build,
  call: (sender, authorization) => call(f.patients.connect(sender), authorization),
});

const of = ({ f }: World, patient: PatientId): Fixture => ({ ...f, alice: { ...f.alice, patient } });

function register(world: World, name: string): Call {
  const wallet = walletOf(world, name);
  const [salt, ownerKeyHash] = [saltOf(wallet.address), keyHash(name)];
  const patient = patientOf(world, name);
  return identity(world, {
    build: (contract, times) => patientRegistrationData(contract, { patient, ownerKeyHash, ...times }),
    call: (patients, authorization) => patients.register(salt, ownerKeyHash, authorization),
  });
}

function affiliation(
  world: World,
  { verb, organisation, practitioner }: Decided & { verb: "propose" | "accept" | "end" },
): Call {
  const [first, second] = [named(world, organisation), named(world, practitioner)];
  const ids = [first.provider, second.provider] as const;
  const words = {
    organisation: ids[0],
    practitioner: ids[1],
    organisationName: first.name,
    practitionerName: second.name,
  };
  const data = { propose: affiliationProposalData, accept: affiliationAcceptanceData, end: affiliationEndData }[verb];
  const method = { propose: "proposeAffiliation", accept: "acceptAffiliation", end: "endAffiliation" }[verb];
  return {
    contract: world.f.providers,
    build: (contract, times) => data(contract, { ...words, ...times }),
    call: (sender, authorization) =>
      world.f.providers.connect(sender)[method as "endAffiliation"](...ids, authorization),
  };
}

function relabel(world: World, { verb, relabelling }: Decided & { verb: "restrict" | "unrestrict" }): Call {
  const [patient, id] = [patientOf(world, relabelling.patient), seriesOf(relabelling.series)];
  const { labels } = relabelling;
  return {
    contract: world.f.records,
    build: (contract, times) =>
      seriesRestrictionData(contract, { patient, series: id, decision: verb, labels, ...times }),
    call: (sender, authorization) =>
      world.f.records.connect(sender)[verb](patient, id, labelMask(labels), authorization),
  };
}

function approval(world: World, { patient, proposal, round }: Decided & { verb: "approve" }): Call {
  const version = patient === "alice" ? 1 : 0;
  const wanted =
    proposal.verb === "recover"
      ? {
          verb: proposal.verb,
          controller: walletOf(world, proposal.next).address as Address,
          ownerKeyHash: keyHash(proposal.next),
        }
      : proposal;
  return identity(world, patientVerbs.approve(patientOf(world, patient), wanted, { version, round }));
}

const { revokeAll, optOut, optIn, objectToDeath } = patientVerbs;
const plainVerbs = { revokeAll, optOut, optIn, objectToDeath };
const providerVerbs = { exclude: consentVerbs.exclude, readmit: consentVerbs.readmit };
const linkVerbs = { unshare: consentVerbs.unshare, cut: consentVerbs.cut, uncut: consentVerbs.uncut };

function ofPatient(world: World, deed: Extract<Decided, { patient: string }>): Call {
  const patient = patientOf(world, deed.patient);
  switch (deed.verb) {
    case "register":
      return register(world, deed.patient);
    case "approve":
      return approval(world, deed);
    case "announceController":
      return identity(world, patientVerbs.announceController(patient, walletOf(world, deed.next)));
    case "cancelController":
      return identity(world, patientVerbs.cancelChange(patient, "controller"));
    case "appoint":
      return identity(world, patientVerbs.appoint(patient, walletOf(world, deed.delegate), deed.kind, deed.until));
    case "dismiss":
      return identity(world, patientVerbs.dismiss(patient, walletOf(world, deed.delegate)));
    case "veto":
      return identity(world, patientVerbs.vetoRecovery(patient));
    case "exclude":
    case "readmit":
      return consent(world, providerVerbs[deed.verb](of(world, patient), named(world, deed.provider)));
    default:
      return identity(world, plainVerbs[deed.verb](patient));
  }
}

function callOf(world: World, deed: Decided): Call {
  switch (deed.verb) {
    case "grant": {
      const item = itemOf(world, deed.item);
      return consent(
        world,
        item.series === undefined ? consentVerbs.grant(item) : consentVerbs.grantRecord(item, item.series),
      );
    }
    case "revoke": {
      const item = itemOf(world, deed.item);
      const verb = item.series === undefined ? consentVerbs.revoke(item) : consentVerbs.revokeRecord(item, item.series);
      return consent(world, verb);
    }
    case "grantMany":
      return consent(world, consentVerbs.grantMany(deed.items.map((item) => itemOf(world, item))));
    case "revokeMany":
      return consent(world, consentVerbs.revokeMany(deed.items.map((item) => itemOf(world, item))));
    case "share": {
      const { patient, chain, grantee } = deed.link;
      const agreement = itemOf(world, { patient, grantee, purpose: "treatment", ...deed.terms });
      const sharers = chain.map((name) => named(world, name));
      return consent(world, consentVerbs.share(agreement, sharers, deed.parentSerial));
    }
    case "unshare":
    case "cut":
    case "uncut": {
      const { patient, chain, grantee } = deed.link;
      const sharers = chain.map((name) => named(world, name));
      const f = of(world, patientOf(world, patient));
      return consent(world, linkVerbs[deed.verb](f, sharers, named(world, grantee)));
    }
    case "restrict":
    case "unrestrict":
      return relabel(world, deed);
    case "propose":
    case "accept":
    case "end":
      return affiliation(world, deed);
    default:
      return ofPatient(world, deed);
  }
}

async function authorized(world: World, decision: Decision, { contract, build }: Call) {
  const { signedAt, deadline, way } = decision;
  const signer = walletOf(world, decision.signer);
  const times = { signedAt, deadline };
  if (way === "direct") return { sender: signer, authorization: { signer: signer.address, ...times, signature: "0x" } };
  const hand = way === "forged" ? world.f.relayer : signer;
  const signature = await sign(hand, build(await signingContract(contract), times));
  return { sender: relayer, authorization: { signer: signer.address, ...times, signature } };
}

async function send(world: World, deed: Deed): Promise<unknown> {
  const { f } = world;
  switch (deed.verb) {
    case "wait":
      return ethers.provider.send("evm_mine", []);
    case "suspend":
    case "reinstate":
      return f.providers.connect(f.registrar)[deed.verb](named(world, deed.provider).provider);
    case "attestDeath":
      return f.patients.connect(f.recoveryOfficer).attestDeath(patientOf(world, deed.patient));
    case "endorse": {
      const { address } = walletOf(world, deed.next);
      const patient = patientOf(world, deed.patient);
      return f.patients.connect(f.recoveryOfficer).endorseRecovery(patient, address, keyHash(deed.next));
    }
    default: {
      const call = callOf(world, deed);
      const { sender, authorization } = await authorized(world, deed.decision, call);
      return call.call(sender, authorization);
    }
  }
}

/** The name of the error that refused it, or "accepted". Its block is made, whatever comes of it. */
export async function enact(world: World, deed: Deed): Promise<string> {
  try {
    await send(world, deed);
    return "accepted";
  } catch (error) {
    await ethers.provider.send("evm_mine", []);
    const name = errorNameOf(error);
    if (name === undefined) throw error;
    return name;
  }
}

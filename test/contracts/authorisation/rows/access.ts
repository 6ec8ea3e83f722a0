import type { Hex } from "../../../../sdk/src/core/bytes.ts";
import { labelMask, purposeId } from "../../../../sdk/src/core/vocabulary.ts";
import type { AccessGate, StewardCommittee } from "../../../../sdk/src/generated/types/index.ts";
import { accessDisputeData } from "../../../../sdk/src/typed-data/index.ts";
import { publicationOf, signatureOf, walletsOf } from "../../access/committees.ts";
import { vouch } from "../../access/emergencies.ts";
import { direct, ethers, type Provider, throughOrganisation } from "../../fixture.ts";
import type { Who } from "../../roles.ts";
import { consent } from "../kinds/consents.ts";
import { adult, minor } from "../kinds/people.ts";
import { committee, emergency, session, sessionId } from "../kinds/records.ts";
import { allowed, anyone, needs, type Outcome, only, type Rule } from "../powers.ts";
import { type Person, type Row, rowsOf, type Scene, timesOf, type WrittenAct } from "../row.ts";

const rows = rowsOf<AccessGate>("gate");
const sessionKeyHash = ethers.id("session keys of the matrix") as Hex;
const restrictedTo = (who: Who, unless: Readonly<Record<string, string>> = {}): Rule =>
  only(who, "AccessManagedUnauthorized", unless);

/** Who asks as whom: with a provider's key as that provider, else as dr Baker; through the clinic, if they are of it. */
const askerOf = ({ drBaker, clinic, providerOf }: Scene, { who }: Person) => {
  const stated = who === "organisation";
  const actor: Provider = stated ? drBaker : (providerOf[who] ?? drBaker);
  const isAlone = who === "practitioner" || who === "steward";
  return { actor: actor.provider, via: isAlone ? direct : throughOrganisation(clinic.provider) };
};

/** Those who have a key of a provider are refused on the trail, with the reason; all others are strangers. */
const denied = (reasons: Partial<Record<Who, string | undefined>>): Rule => {
  return (who) => {
    if (!(who in reasons)) return "SessionStranger";
    const reason = reasons[who];
    return reason === undefined ? allowed : `AccessDenied: ${reason}`;
  };
};

const byConsent: Readonly<Record<string, string | undefined>> = {
  untouched: "noConsent",
  live: undefined,
  ended: "consentRevoked",
};
const opens: Rule = (who, state) =>
  denied({
    affiliated: byConsent[state],
    organisation: byConsent[state],
    suspended: "actorNotActive",
    excluded: "excluded",
    practitioner: "noConsent",
    steward: "noConsent",
  })(who, state);

const breaks: Rule = (who, state) =>
  denied({
    affiliated: state === "unreviewed" ? "emergencyLocked" : undefined,
    suspended: "actorNotActive",
    excluded: "excluded",
    practitioner: "emergencyNotAllowed",
    steward: "emergencyNotAllowed",
    organisation: "emergencyNotAllowed",
  })(who, state);

/** Proxy and executor read for alice, a guardian for mia, less what is private from parents. */
const reads =
  (ofGuardian: Outcome = allowed): Rule =>
  (who, state) => {
    const refused = "DelegateSessionRefused: delegateMissing";
    if (state in adult.states) return who === "proxy" || who === "executor" ? allowed : refused;
    return who === "guardian" && state !== "of age" ? ofGuardian : refused;
  };
const readsFor =
  (labels: Parameters<typeof labelMask>[0]) =>
  ({ subject: patient, now }: Scene): WrittenAct<AccessGate> => ({
    call: (gate) =>
      gate.openDelegateSession({
        patient,
        labels: labelMask(labels),
        series: ethers.ZeroHash,
        sessionKeyHash,
        expiresAt: now + 3_600,
      }),
  });

const disputes =
  (verb: "disputeAccess" | "withdrawAccessDispute") =>
  ({ subject: patient }: Scene): WrittenAct<AccessGate> => {
    const decision = verb === "disputeAccess" ? "dispute" : "withdraw-dispute";
    return {
      build: (contract, times) => accessDisputeData(contract, { decision, patient, sessionId, ...times }),
      call: (gate, authorization) => gate[verb](patient, sessionId, authorization),
    };
  };

const gateRows = rows([
  {
    verb: "openSession",
    kinds: [consent],
    others: ["organisation"],
    expected: opens,
    act: (scene, person) => ({
      call: (gate) =>
        gate.openSession({
          ...askerOf(scene, person),
          patient: scene.subject,
          purpose: purposeId("treatment"),
          labels: labelMask(["laboratory"]),
          series: ethers.ZeroHash,
          sessionKeyHash,
          expiresAt: scene.now + 3_600,
        }),
    }),
  },
  { verb: "openDelegateSession", kinds: [adult, minor], expected: reads(), act: readsFor(["laboratory"]) },
  {
    verb: "openDelegateSession",
    about: "to what is private from parents",
    kinds: [adult, minor],
    expected: reads("DelegateSessionRefused: labelsNotCovered"),
    act: readsFor(["laboratory", "adolescent"]),
  },
  {
    verb: "openEmergencySession",
    kinds: [emergency],
    others: ["organisation"],
    expected: breaks,
    act: async (scene, { who }) => {
      const actor = scene.providerOf[who] ?? scene.drBaker;
      const vouched = await vouch(scene, { actor, colleague: scene.colleague, sessionKeyHash, ...timesOf(scene) });
      return { call: (gate) => gate.openEmergencySession(vouched.request, vouched.authorization) };
    },
  },
  {
    verb: "reviewEmergency",
    kinds: [emergency],
    others: ["privacyOfficer"],
    expected: restrictedTo("privacyOfficer", { none: "EmergencyUnknown", reviewed: "EmergencyAlreadyReviewed" }),
    act: (scene) => ({ call: (gate) => gate.reviewEmergency(scene.emergency ?? ethers.ZeroHash, false) }),
  },
  {
    verb: "disputeAccess",
    kinds: [session, adult, minor],
    expected: needs("narrow"),
    act: disputes("disputeAccess"),
  },
  {
    verb: "withdrawAccessDispute",
    kinds: [session, adult, minor],
    expected: needs("decide"),
    act: disputes("withdrawAccessDispute"),
  },
  {
    verb: "setAuthority",
    kinds: [emergency],
    others: ["manager"],
    expected: restrictedTo("manager"),
    act: async ({ manager }) => {
      const authority = await manager.getAddress();
      return { call: (gate) => gate.setAuthority(authority) };
    },
  },
]);

/** The next committee of the key in force, signed by its members, and endorsed by so many of the last. */
const publishes =
  (endorsers: number) =>
  async (scene: Scene): Promise<WrittenAct<StewardCommittee>> => {
    const first = publicationOf(scene.stewards);
    const latest = Number(await scene.committee.latestEpochOf(first.keyId));
    const publication = { ...first, epoch: latest + 1, members: [...first.members] };
    const sign = (signer: Person["signer"]) => signatureOf(scene, publication, signer);
    const signatures = await Promise.all(walletsOf(scene, publication).map(sign));
    const endorsements = await Promise.all(
      scene.stewards.slice(0, endorsers).map(async ({ key }, index) => ({ index, signature: await sign(key) })),
    );
    return { call: (contract) => contract.publish(publication, signatures, endorsements) };
  };
const missing = "CommitteeEndorsementsMissing";
const first: Rule = restrictedTo("admin");

const committeeRows = rowsOf<StewardCommittee>("committee")([
  {
    verb: "publish",
    about: "endorsed by too few",
    kinds: [committee],
    expected: (who, state) => (state === "unpublished" ? first(who, state) : missing),
    act: publishes(1),
  },
  {
    verb: "publish",
    about: "endorsed by enough, whoever sends it",
    kinds: [committee],
    expected: (who, state) => (state === "unpublished" ? first : anyone())(who, state),
    act: publishes(2),
  },
  {
    verb: "setAuthority",
    kinds: [committee],
    others: ["manager"],
    expected: restrictedTo("manager"),
    act: async ({ manager }) => {
      const authority = await manager.getAddress();
      return { call: (contract) => contract.setAuthority(authority) };
    },
  },
]);

export const accessRows: readonly Row[] = [...gateRows, ...committeeRows];

import { fromHex } from "../../../sdk/src/core/bytes.ts";
import type { PatientId, SeriesId } from "../../../sdk/src/core/ids.ts";
import { deferralReasons, reasonOf } from "../../../sdk/src/core/reasons.ts";
import { labelMask } from "../../../sdk/src/core/vocabulary.ts";
import {
  accessDisputeData,
  emergencyCoSignatureData,
  erasureDeferralData,
  recordAnchorData,
  recordRetractionData,
  seriesDecisionData,
  seriesRestrictionData,
} from "../../../sdk/src/typed-data/index.ts";
import { qualify, vouch } from "../access/emergencies.ts";
import { DAY, direct, ethers, type Fixture, minute, now, type Signer } from "../fixture.ts";
import { letHospitalWrite, record } from "../records/records.ts";
import { decideNow, seriesBy, seriesSalt, seriesVerbs } from "../records/series.ts";
import { joins, newPatient, own, type Prepared, type Signable, type Specimen, specimen } from "./specimen.ts";

const series = ethers.id("a series") as SeriesId;
const labels = ["mental-health"] as const;

const relabel = (f: Fixture, patient: PatientId, verb: "restrict" | "unrestrict"): Signable => ({
  build: (contract, times) => seriesRestrictionData(contract, { patient, series, decision: verb, labels, ...times }),
  call: (sender, authorization) => f.records.connect(sender)[verb](patient, series, labelMask(labels), authorization),
});

type Plain = Exclude<keyof typeof seriesVerbs, "restrict" | "unrestrict">;

const about = (f: Fixture, patient: PatientId, verb: Plain): Signable => ({
  build: (contract, times) => seriesDecisionData(contract, { patient, series, decision: seriesVerbs[verb], ...times }),
  call: (sender, authorization) => f.records.connect(sender)[verb](patient, series, authorization),
});

const disputeOf = (f: Fixture, patient: PatientId, verb: "disputeAccess" | "withdrawAccessDispute"): Signable => {
  const sessionId = ethers.id("a session") as never;
  const decision = verb === "disputeAccess" ? "dispute" : "withdraw-dispute";
  return {
    build: (contract, times) => accessDisputeData(contract, { decision, patient, sessionId, ...times }),
    call: (sender, authorization) => f.gate.connect(sender)[verb](patient, sessionId, authorization),
  };
};

interface Pair {
  readonly verb: Signable;
  readonly opposite: Signable;
  readonly state: () => Promise<unknown>;
  readonly contract: Prepared["contract"];
  /** The opposite was decided before. */
  readonly isLifted?: boolean;
}

const ofPatient =
  (pairOf: (f: Fixture, patient: PatientId) => Pair): Specimen["prepare"] =>
  async (f, signer) => {
    const patient = await newPatient(f, signer, async (id, owner) => {
      const { opposite, isLifted = false } = pairOf(f, id);
      if (isLifted) await opposite.call(owner, await own(owner));
    });
    const { verb, opposite, state, contract } = pairOf(f, patient);
    return { ...verb, opposite, state, contract, patient };
  };

const relabels = (verb: "restrict" | "unrestrict") =>
  ofPatient((f, patient) => ({
    verb: relabel(f, patient, verb),
    opposite: relabel(f, patient, verb === "restrict" ? "unrestrict" : "restrict"),
    state: () => f.records.restrictionsOf(patient, series),
    contract: f.records,
    isLifted: verb === "unrestrict",
  }));

const disputes = (verb: "dispute" | "withdrawDispute") =>
  ofPatient((f, patient) => ({
    verb: about(f, patient, verb),
    opposite: about(f, patient, verb === "dispute" ? "withdrawDispute" : "dispute"),
    state: async () => (await f.records.disputeOf(patient, series)).slice(0, 2),
    contract: f.records,
    isLifted: verb === "withdrawDispute",
  }));

const erasures = (verb: "requestErasure" | "cancelErasure") =>
  ofPatient((f, patient) => ({
    verb: about(f, patient, verb),
    opposite: about(f, patient, verb === "requestErasure" ? "cancelErasure" : "requestErasure"),
    state: async () => (await f.records.erasureOf(patient, series)).erasure,
    contract: f.records,
    isLifted: verb === "cancelErasure",
  }));

const accessDisputes = (verb: "disputeAccess" | "withdrawAccessDispute") =>
  ofPatient((f, patient) => ({
    verb: disputeOf(f, patient, verb),
    opposite: disputeOf(f, patient, verb === "disputeAccess" ? "withdrawAccessDispute" : "disputeAccess"),
    state: async () => (await f.gate.accessDisputeOf(patient, ethers.id("a session"))).slice(0, 2),
    contract: f.gate,
    isLifted: verb === "withdrawAccessDispute",
  }));

/** The signer speaks for the hospital, which may author and write. */
async function asHospital(f: Fixture, signer: Signer) {
  await joins(f, f.hospital, signer);
  await letHospitalWrite(f);
  return { patient: f.alice.patient, author: f.hospital.provider };
}

const anchor: Specimen["prepare"] = async (f, signer) => {
  const { patient, author } = await asHospital(f, signer);
  const draft = { patient, recordId: record, labels: ["laboratory"] as const, purpose: "treatment" as const };
  const mask = labelMask(draft.labels);
  return {
    contract: f.records,
    build: (contract, times) => recordAnchorData(contract, { ...draft, via: direct, ...times }),
    call: (sender, authorization) => f.records.connect(sender).anchor(patient, record, mask, 1, direct, authorization),
    state: () => f.records.anchoredAt(patient, record, mask, author),
  };
};

const retract: Specimen["prepare"] = async (f, signer) => {
  const { author } = await asHospital(f, signer);
  return {
    contract: f.records,
    build: (contract, times) => recordRetractionData(contract, { recordId: record, author, ...times }),
    call: (sender, authorization) => f.records.connect(sender).retract(record, author, authorization),
    state: () => f.records.isRetracted(record, author),
  };
};

/** Alice wants a series of the hospital's erased. */
const defer: Specimen["prepare"] = async (f, signer) => {
  const { patient, author } = await asHospital(f, signer);
  const id = seriesBy(patient, author);
  await decideNow(f, "requestErasure", { series: id });
  const start = minute(await now());
  const until = (years: number): Signable => {
    const end = start + years * 365 * DAY;
    const reason = "retention-law";
    const { id: number } = reasonOf(deferralReasons, reason);
    return {
      build: (contract, times) =>
        erasureDeferralData(contract, { patient, series: id, author, reason, until: end, ...times }),
      call: (sender, authorization) =>
        f.records.connect(sender).deferErasure(patient, author, fromHex(seriesSalt), number, end, authorization),
    };
  };
  return {
    ...until(10),
    rival: until(20),
    contract: f.records,
    state: async () => (await f.records.erasureOf(patient, id)).erasure,
  };
};

/** The signer speaks for Dr Chen, who vouches for Dr Baker. */
const coSign: Specimen["prepare"] = async (f, signer) => {
  await qualify(f, f.drBaker, f.drChen);
  await joins(f, f.drChen, signer);
  const { request, sessionId } = await vouch(f);
  const words = { labels: ["laboratory", "hiv"], reason: "life-at-risk", colleague: f.drBaker.name } as const;
  const people = { actor: f.drBaker.provider, coSigner: f.drChen.provider };
  return {
    contract: f.gate,
    build: (contract, times) => emergencyCoSignatureData(contract, { ...request, ...words, ...people, ...times }),
    caller: f.drBaker.key,
    call: (sender, authorization) => f.gate.connect(sender).openEmergencySession(request, authorization),
    state: () => f.gate.emergencyOf(sessionId),
  };
};

const records = "RecordRegistry";
const byProxy = { byProxy: true };

/** Verbs of RecordRegistry and AccessGate. */
export const ofRecords: readonly Specimen[] = [
  specimen(`${records}.restrict`, "SeriesRestriction", "narrows", "patient", relabels("restrict"), byProxy),
  specimen(`${records}.unrestrict`, "SeriesRestriction", "widens", "patient", relabels("unrestrict"), byProxy),
  specimen(`${records}.dispute`, "SeriesDecision", "narrows", "patient", disputes("dispute"), byProxy),
  specimen(`${records}.withdrawDispute`, "SeriesDecision", "widens", "patient", disputes("withdrawDispute"), byProxy),
  specimen(`${records}.requestErasure`, "SeriesDecision", "widens", "patient", erasures("requestErasure")),
  specimen(`${records}.cancelErasure`, "SeriesDecision", "widens", "patient", erasures("cancelErasure")),
  specimen(`${records}.deferErasure`, "ErasureDeferral", "widens", "provider", defer),
  specimen(`${records}.anchor`, "RecordAnchor", "once", "provider", anchor),
  specimen(`${records}.retract`, "RecordRetraction", "once", "provider", retract),
  specimen("AccessGate.disputeAccess", "AccessDispute", "narrows", "patient", accessDisputes("disputeAccess"), byProxy),
  specimen(
    "AccessGate.withdrawAccessDispute",
    "AccessDispute",
    "widens",
    "patient",
    accessDisputes("withdrawAccessDispute"),
    byProxy,
  ),
  specimen("AccessGate.openEmergencySession", "EmergencyCoSignature", "once", "provider", coSign, {
    neverDirect: "the clinician who asks is the caller, and the one who vouches another",
  }),
];

import { setTimeout as pause } from "node:timers/promises";
import type { LocalNetwork, LocalProvider } from "@anamnesis/node";
import {
  AnamnesisError,
  type Chart,
  type ClientWithActions,
  createClient,
  createKeyring,
  type Hex,
  httpTransport,
  isAnamnesisError,
  memoryEnvelopeStore,
  type PatientId,
  type RecordId,
  type StewardTransport,
  withActions,
} from "@anamnesis/sdk";
import { JsonRpcProvider } from "ethers";
import { inThreeMonths } from "../../scripts/demo/in-three-months.ts";

export interface RaceResult {
  readonly rounds: number;
  readonly readers: number;
  /** Readings that ended before the revocation was sent. */
  readonly openedBefore: number;
  /** Readings under way while it was being mined: either answer is right. */
  readonly openedMeanwhile: number;
  /** Readings that began once the revocation stood on the chain, and opened: must be none. */
  readonly openedAfter: number;
  /** Readings that began once the revocation stood on the chain. */
  readonly askedAfter: number;
  /** Receipts that the stewards hold of these rounds' sessions, of releases. */
  readonly receipts: number;
  /** Of them, those that name a block at or after the one that revoked: must be none. */
  readonly receiptsTooLate: number;
  /** Of them, those written on a head older than a block and two seconds: must be none. */
  readonly receiptsOnOldHead: number;
  /**
   * Where the time went, in whole milliseconds a round: until all sessions are open, until the revocation is sent, until it stands on the
   * chain, until every reader was refused; and reading all receipts at the end.
   */
  readonly msPreparing: number;
  readonly msReading: number;
  readonly msRevoking: number;
  readonly msRefusing: number;
  readonly msJudging: number;
}

/** The stewards that the doctors ask, once everything else is prepared; the network's own by default. */
type ReadThrough = () => Promise<StewardTransport>;

interface Stage {
  readonly network: LocalNetwork;
  readonly clinic: LocalProvider;
  readonly doctors: readonly ClientWithActions[];
  readonly patient: PatientId;
  readonly alice: ClientWithActions;
  readonly records: readonly RecordId[];
}

const text = (index: number) => ({
  bytes: new TextEncoder().encode(`Result ${index}`),
  mediaType: "text/plain",
  title: `Result ${index}`,
  labels: ["laboratory"] as const,
});

async function prepare(network: LocalNetwork, readThrough: ReadThrough, doctorCount: number): Promise<Stage> {
  const clinic = await network.admit({ name: "Hill Street Clinic", kind: "clinic" });
  const admitted: LocalProvider[] = [];
  for (let index = 0; index < doctorCount; index++) {
    const doctor = await network.admit({ name: `Doctor ${index + 1} of the race`, kind: "practitioner" });
    await network.affiliate(clinic, doctor);
    admitted.push(doctor);
  }
  const [keyring, envelopes] = [createKeyring(), memoryEnvelopeStore()];
  const alice = await network.connect({ signer: await network.account(), keyring, envelopes });
  const { patient } = await alice.identity.registerPatient();
  const records: RecordId[] = [];
  for (let index = 0; index < 4; index++) {
    records.push((await alice.records.add({ patient, content: text(index) })).recordId);
  }
  const { deployment, storage } = network;
  const stewards = await readThrough();
  const doctors = await Promise.all(
    admitted.map(async ({ signer }) => withActions(await createClient({ deployment, storage, signer, stewards }))),
  );
  return { network, clinic, doctors, patient, alice, records };
}

/** Passing failures of a busy steward; the reader asks again. */
const isPassing = (error: unknown) =>
  isAnamnesisError(error, "STEWARDS_TOO_FEW") || isAnamnesisError(error, "RECORD_NOT_RELEASED");

interface Moments {
  /** Clock when the revocation was sent, and when its block was known; infinite until then. */
  sent: number;
  known: number;
}

async function hammer(chart: Chart, recordId: RecordId, moments: Moments, counts: Counts): Promise<void> {
  const giveUp = performance.now() + 90_000;
  while (performance.now() < giveUp) {
    const began = performance.now();
    const isAfter = began > moments.known;
    if (isAfter) counts.askedAfter += 1;
    try {
      await chart.read(recordId);
      if (performance.now() < moments.sent) counts.openedBefore += 1;
      else if (isAfter) counts.openedAfter += 1;
      else counts.openedMeanwhile += 1;
      // A reader that still opens after the end is counted once.
      if (isAfter) return;
    } catch (error) {
      if (isAfter) return;
      if (!(error instanceof AnamnesisError)) throw error;
      // Refused while the block was being mined: asks once more when it is known.
      if (!isPassing(error)) await pause(5);
    }
  }
  throw new Error("A reader never learnt that the consent ended.");
}

type Counts = { -readonly [Name in keyof RaceResult]: number };

async function round(stage: Stage, readers: number, counts: Counts): Promise<ReadonlyMap<Hex, number>> {
  const { alice, patient, clinic, doctors, records } = stage;
  const grantee = clinic.provider;
  const consent = { patient, grantee, purpose: "treatment", labels: ["laboratory"], actions: ["read"] } as const;
  const began = performance.now();
  await alice.consent.grant({ ...consent, until: inThreeMonths() });
  const charts = await Promise.all(
    doctors.map(async (doctor) => {
      const chart = await doctor.access.open({ patient, via: grantee, purpose: "treatment", labels: ["laboratory"] });
      if (!chart.allowed) throw new Error(`The chain refused a session under a fresh consent: ${chart.reason}`);
      return chart;
    }),
  );
  const prepared = performance.now();
  const moments: Moments = { sent: Number.POSITIVE_INFINITY, known: Number.POSITIVE_INFINITY };
  const hammering = Array.from({ length: readers }, (_, index) =>
    hammer(charts[index % charts.length] as Chart, records[index % records.length] as RecordId, moments, counts),
  );
  const before = counts.openedBefore;
  const revoke = async () => {
    // Some readers have opened, others are at every place on their way.
    while (counts.openedBefore === before) await pause(20);
    await pause(Math.random() * 300);
    moments.sent = performance.now();
    const { transaction } = await alice.consent.revoke({ patient, grantee, purpose: "treatment" });
    moments.known = performance.now();
    return transaction.blockNumber;
  };
  const [block] = await Promise.all([revoke(), ...hammering]);
  counts.msPreparing += prepared - began;
  counts.msReading += moments.sent - prepared;
  counts.msRevoking += moments.known - moments.sent;
  counts.msRefusing += performance.now() - moments.known;
  return new Map(charts.map(({ session }) => [session.grantTag, block]));
}

/** Receipts by the stewards' own databases, as the patient gets them, each verified. */
async function judgeReceipts({ network, alice, patient }: Stage, ends: ReadonlyMap<Hex, number>, counts: Counts) {
  const { receipts } = await alice.audit.releases({ patient });
  const chain = new JsonRpcProvider(network.url, network.deployment.description.chainId, { staticNetwork: true });
  const times = new Map<number, number>();
  const timeOf = async (block: number) => {
    const known = times.get(block);
    if (known !== undefined) return known;
    const time = (await chain.getBlock(block))?.timestamp ?? 0;
    times.set(block, time);
    return time;
  };
  // A head of that age, and an answer that left two seconds after the check.
  const oldest = network.deployment.description.blockTime / 1_000 + 2 + 2;
  for (const receipt of receipts) {
    const end = ends.get(receipt.grantTag);
    if (end === undefined || receipt.asked.verb !== "release") continue;
    counts.receipts += 1;
    if (receipt.block.number >= end) counts.receiptsTooLate += 1;
    // Both clocks count whole seconds.
    if (receipt.time - (await timeOf(receipt.block.number)) > oldest + 1) counts.receiptsOnOldHead += 1;
  }
  chain.destroy();
}

/**
 * Readers hammer while the patient revokes, round after round.
 *
 * The guarantee of the protocol (§6): no receipt that bears a grantTag names a block at or after the one that ended that tag, and none is
 * written on a head older than a block and two seconds.
 */
export async function race(
  network: LocalNetwork,
  options: {
    readonly rounds: number;
    readonly readers?: number;
    readonly readThrough?: ReadThrough;
    /** Before the receipts are read. */
    readonly onEnd?: () => Promise<void>;
    readonly onRound?: (done: number) => void;
  },
): Promise<RaceResult> {
  const { rounds, readers = 32, readThrough = async () => httpTransport(), onEnd, onRound } = options;
  const stage = await prepare(network, readThrough, 8);
  const counts: Counts = {
    rounds,
    readers,
    openedBefore: 0,
    openedMeanwhile: 0,
    openedAfter: 0,
    askedAfter: 0,
    receipts: 0,
    receiptsTooLate: 0,
    receiptsOnOldHead: 0,
    ...{ msPreparing: 0, msReading: 0, msRevoking: 0, msRefusing: 0, msJudging: 0 },
  };
  const ends = new Map<Hex, number>();
  for (let done = 0; done < rounds; done++) {
    for (const [tag, block] of await round(stage, readers, counts)) ends.set(tag, block);
    onRound?.(done + 1);
  }
  await onEnd?.();
  const judging = performance.now();
  await judgeReceipts(stage, ends, counts);
  counts.msJudging = performance.now() - judging;
  for (const name of ["msPreparing", "msReading", "msRevoking", "msRefusing", "msJudging"] as const) {
    counts[name] = Math.round(counts[name] / rounds);
  }
  return counts;
}

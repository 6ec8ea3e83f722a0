import { setTimeout as pause } from "node:timers/promises";
import { type Chart, createKeyring, httpTransport, type PatientId, type RecordId } from "@anamnesis/sdk";
import { isAnamnesisError } from "@anamnesis/sdk/errors";
import { askAlone } from "./ask-alone.ts";
import type { Stage } from "./stage.ts";
import { rowsOf } from "./steward-file.ts";

/** Ends a steward without a word, and brings it back from what is on disk. */
export interface Victims {
  crash(steward: number): Promise<void>;
  restart(steward: number): Promise<void>;
}

export interface KillResult {
  readonly rounds: number;
  /** Envelopes that a killed steward had acknowledged; those of them that its file lacks, and that it does not open afterwards: must be none. */
  acknowledged: number;
  lostRecords: number;
  unopened: number;
  /** Releases that reached their asker, and those of them without a receipt: must be none. */
  released: number;
  lostReceipts: number;
  /** Owner keys that a killed steward had acknowledged, and those of them that were gone: must be none. */
  keys: number;
  lostKeys: number;
  /** What the kills cut off: uploads without the victim's word, questions without its answer. */
  interrupted: number;
  /** Milliseconds of the slowest return. */
  slowestReturn: number;
}

interface Promises {
  /** By steward: what it gave its word for. */
  readonly records: Map<number, Set<RecordId>>;
  readonly releases: Map<number, Set<string>>;
  readonly keys: Map<number, Set<PatientId>>;
}

/** Records asked of a steward at once. */
const CHUNK = 64;

const added = <T>(to: Map<number, Set<T>>, steward: number, item: T): void => {
  const known = to.get(steward) ?? new Set<T>();
  to.set(steward, known.add(item));
};

/** Kills at moments drawn by `random` (from 0 up to 1) while records and keys are left and read, and counts what was lost of what was acknowledged. */
export async function killRounds(
  stage: Stage,
  options: {
    readonly rounds: number;
    readonly random: () => number;
    readonly victims: Victims;
    /** Milliseconds within which the kill comes; infinite kills once everything is answered. */
    readonly within: number;
  },
): Promise<KillResult> {
  const { rounds, random, victims, within } = options;
  const { network } = stage;
  const transport = httpTransport();
  const promised: Promises = { records: new Map(), releases: new Map(), keys: new Map() };
  for (const { recordId, acknowledgedBy } of stage.records) {
    for (const steward of acknowledgedBy) added(promised.records, steward, recordId);
  }
  const result: KillResult = {
    ...{ rounds, acknowledged: 0, lostRecords: 0, unopened: 0, released: 0, lostReceipts: 0, keys: 0, lostKeys: 0 },
    ...{ interrupted: 0, slowestReturn: 0 },
  };
  let chart: Chart = await stage.chart({ stewards: transport });
  const keyring = createKeyring();

  async function ask(steward: number, records: readonly RecordId[]): Promise<number> {
    const { released, reason, requestHash } = await askAlone(stage, chart, transport, steward, records);
    if (released.length > 0) added(promised.releases, steward, requestHash);
    if (reason === "STEWARD_UNREACHABLE" || reason === "STEWARD_TIMEOUT") result.interrupted += 1;
    return released.length;
  }
  async function upload(victim: number, round: number): Promise<void> {
    const { recordId, acknowledgedBy } = await stage.add(`Result of round ${round}`);
    for (const steward of acknowledgedBy) added(promised.records, steward, recordId);
    if (!acknowledgedBy.includes(victim)) result.interrupted += 1;
  }
  async function register(victim: number): Promise<void> {
    const client = await network.connect({ signer: await network.account(), keyring });
    const ownerKeyHash = await client.identity.ownerKeyHashOfKeyring();
    const { patient } = await client.identity.registerPatient({ ownerKeyHash });
    const verdicts = await client.identity.publishOwnerKey({ patient });
    const kept = verdicts.filter(({ verdict }) => verdict === "valid").map(({ steward }) => steward);
    for (const steward of kept) added(promised.keys, steward, patient);
    if (!kept.includes(victim)) result.interrupted += 1;
  }
  async function read(victim: number, isOver: () => boolean): Promise<void> {
    const first = stage.records.map(({ recordId }) => recordId);
    do await ask(victim, first);
    while (!isOver());
  }
  /** Fewer than two stewards answered in time: refused, so nothing was promised. */
  const attempted = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      if (!isAnamnesisError(error)) throw error;
      result.interrupted += 1;
    });

  /** What the file of the dead steward holds, before its peers could repair it. */
  function judgeFile(victim: number): void {
    const { records, receipts, owners } = rowsOf(network, victim);
    const lackedBy = (rows: ReadonlySet<string>, given: ReadonlySet<string> = new Set()) => ({
      given: given.size,
      lost: [...given].filter((each) => !rows.has(each)).length,
    });
    const envelopes = lackedBy(records, promised.records.get(victim));
    const releases = lackedBy(receipts, promised.releases.get(victim));
    const keys = lackedBy(owners, promised.keys.get(victim));
    result.acknowledged += envelopes.given;
    result.lostRecords += envelopes.lost;
    result.released += releases.given;
    result.lostReceipts += releases.lost;
    result.keys += keys.given;
    result.lostKeys += keys.lost;
  }

  async function judgeAnswers(victim: number): Promise<void> {
    const records = [...(promised.records.get(victim) ?? [])];
    let found = 0;
    for (let start = 0; start < records.length; start += CHUNK) {
      found += await ask(victim, records.slice(start, start + CHUNK));
    }
    result.unopened += records.length - found;
  }

  for (let round = 0; round < rounds; round++) {
    const victim = Math.floor(random() * stage.committee.members.length);
    let isOver = false;
    const work = [attempted(upload(victim, round)), attempted(register(victim)), read(victim, () => isOver)];
    if (Number.isFinite(within)) await pause(random() * within);
    else await Promise.all(work.slice(0, 2));
    const crashed = victims.crash(victim);
    isOver = true;
    await Promise.all([crashed, ...work]);
    judgeFile(victim);
    const left = performance.now();
    await victims.restart(victim);
    result.slowestReturn = Math.max(result.slowestReturn, Math.round(performance.now() - left));
    // A session lasts an hour.
    if (round % 50 === 49) chart = await stage.chart({ stewards: transport });
    await judgeAnswers(victim);
  }
  return result;
}

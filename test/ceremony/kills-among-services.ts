import { setTimeout as pause } from "node:timers/promises";
import type { KeyId } from "@anamnesis/sdk";
import { isAnamnesisError } from "@anamnesis/sdk/errors";
import type { Stage } from "../faults/stage.ts";
import type { CoordinatorFailure } from "./coordinator.ts";
import { erasedEverywhere, opened, piecesFound, piecesOf, type StoredRecord, stored } from "./erasing.ts";
import type { Operators } from "./operators.ts";

export interface KillCounts {
  rounds: number;
  foundings: number;
  resharings: number;
  erasures: number;
  stewardsKilled: number;
  coordinatorsKilled: number;
  /** Ceremonies that ended although somebody was killed, that were aborted and named the killed one, and whose coordinator died. */
  ended: number;
  aborted: number;
  died: number;
  /** Those of the last two kinds that a later run brought to their end. */
  resumed: number;
  /** Of what was sealed to the committees on the chain, by as many members as it takes. */
  sealedOpened: number;
  /** Records that are acknowledged and not erased, over all rounds, and those of them that opened: all must. */
  kept: number;
  keptOpened: number;
  /** The same of those erased: none may. */
  erased: number;
  erasedOpened: number;
  /** Pieces of erased records looked for in every file of all stewards after each round, and those found: none may be. */
  pieces: number;
  piecesFound: number;
  /** The same of records that were kept, by the same search: all must be found, or the search would show nothing. */
  keptPieces: number;
  keptPiecesFound: number;
}

const none = (): KillCounts => ({
  ...{ rounds: 0, foundings: 0, resharings: 0, erasures: 0, stewardsKilled: 0, coordinatorsKilled: 0 },
  ...{ ended: 0, aborted: 0, died: 0, resumed: 0, sealedOpened: 0, kept: 0, keptOpened: 0, erased: 0 },
  ...{ erasedOpened: 0, pieces: 0, piecesFound: 0, keptPieces: 0, keptPiecesFound: 0 },
});

/** Runs that a ceremony may take after the one that was cut off. */
const RUNS = 5;

/** Milliseconds that each kind of work takes when nobody is killed: kills fall within. */
export interface Durations {
  readonly found: number;
  readonly reshare: number;
  readonly erasure: number;
}

/**
 * Kills a steward, or whoever coordinates, at moments drawn by `random` (from 0 up to 1) while keys are founded and reshared and records
 * erased; after each round everything must be as if nobody had been killed.
 */
export async function killsAmongServices(
  stage: Stage,
  operators: Operators,
  options: { readonly rounds: number; readonly random: () => number; readonly durations: Durations },
) {
  const { random, rounds, durations } = options;
  const { network, committee: first } = stage;
  const { stewards } = network;
  const counts = none();
  /** Where each kill fell. */
  const phases = new Map<string, number>();
  const below = (limit: number) => Math.floor(random() * limit);
  const size = first.members.length;
  const shuffled = () =>
    first.members
      .map(({ index }) => ({ index, place: random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ index }) => index);
  const kept: StoredRecord[] = [await stored(stage, "Kept from the beginning")];
  const erased: StoredRecord[] = [];
  const fell = (phase: string) => void phases.set(phase, (phases.get(phase) ?? 0) + 1);

  function judgeFailure({ code, stewards: named, reasons }: CoordinatorFailure, victim: number): void {
    const killed = first.members[victim]?.provider;
    const isNamed = named.length > 0 && named.every((provider) => provider === killed);
    if (code === "COMMITTEE_CEREMONY_FAILED" && isNamed) return;
    throw new Error(`Steward ${victim} was killed, and the ceremony says: ${code}, ${named}, ${reasons}`);
  }

  /** As operators do: run again until the chain has it and every member has settled. */
  async function untilSettled(plan: string): Promise<void> {
    for (let run = 0; run < RUNS; run++) {
      try {
        if ((await operators.run(plan, below(size))).publication === undefined) return;
      } catch (error) {
        // A steward that has only just come back may answer too late.
        if (!isAnamnesisError(error, "COMMITTEE_CEREMONY_FAILED")) throw error;
      }
    }
    throw new Error("A ceremony did not come to its end.");
  }

  /** A ceremony of which one party is killed; the key it made or handed on. */
  async function ceremony(kind: "found" | "reshare", threshold: number): Promise<KeyId> {
    const before = new Set(await operators.keysOf(0));
    const plan = await operators.plan(kind, threshold, first.keyId);
    const coordinator = await operators.coordinator();
    // One more is whoever coordinates.
    const victim = below(size + 1);
    const running = coordinator.run(operators.task(plan, below(size)));
    await pause(random() * durations[kind]);
    fell(`${kind} ${coordinator.step}`);
    if (victim === size) {
      coordinator.kill();
      counts.coordinatorsKilled++;
    } else {
      await stewards.kill(victim);
      counts.stewardsKilled++;
    }
    const end = await running;
    if (victim < size) await stewards.start(victim);
    if (end === "ended") counts.ended++;
    else if (end === "died") counts.died++;
    else {
      judgeFailure(end, victim);
      counts.aborted++;
    }
    await untilSettled(plan);
    if (end !== "ended") counts.resumed++;
    if (kind === "reshare") return first.keyId;
    return (await operators.keysOf(0)).find((keyId) => !before.has(keyId)) as KeyId;
  }

  async function erasure(round: number): Promise<void> {
    const [gone, stays] = [await stored(stage, `Erased in round ${round}`), await stored(stage, `Kept in ${round}`)];
    kept.push(stays);
    const { alice, patient } = stage;
    await alice.records.requestErasure({ patient, series: gone.series });
    await pause(random() * durations.erasure);
    const victim = below(size);
    await stewards.kill(victim);
    counts.stewardsKilled++;
    // As its files lie there now, whatever the others have done.
    fell(piecesFound(stage, [gone], [victim])[0] === 0 ? "erasure done" : "erasure to come");
    await stewards.start(victim);
    await erasedEverywhere(stage, gone.series);
    erased.push(gone);
  }

  async function judgeCommittee(keyId: KeyId): Promise<void> {
    const committee = await operators.committeeOf(keyId);
    for (const { index } of committee.members) {
      const epochs = await operators.epochsOf(index, keyId);
      if (epochs.join() !== String(committee.epoch)) throw new Error(`Steward ${index} holds the shares of ${epochs}`);
    }
    if (await operators.opensWith(committee, shuffled().slice(0, committee.threshold))) counts.sealedOpened++;
  }

  async function judgeRecords(): Promise<void> {
    counts.kept += kept.length;
    counts.keptOpened += await opened(stage, kept);
    counts.erased += erased.length;
    counts.erasedOpened += await opened(stage, erased);
    const found = piecesFound(stage, [...erased, ...kept]);
    const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
    counts.pieces += size * sum(erased.map(piecesOf));
    counts.piecesFound += sum(found.slice(0, erased.length));
    counts.keptPieces += size * sum(kept.map(piecesOf));
    counts.keptPiecesFound += sum(found.slice(erased.length));
  }

  for (let round = 0; round < rounds; round++) {
    counts.rounds++;
    let keyId = first.keyId;
    if (round % 3 === 0) {
      keyId = await ceremony("found", 2 + below(2));
      counts.foundings++;
    } else if (round % 3 === 1) {
      const { threshold } = await operators.committeeOf(first.keyId);
      await ceremony("reshare", threshold === 2 ? 3 : 2);
      counts.resharings++;
    } else {
      await erasure(round);
      counts.erasures++;
    }
    await judgeCommittee(keyId);
    await judgeRecords();
  }
  return { counts, phases };
}

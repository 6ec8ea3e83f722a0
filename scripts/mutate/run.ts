import type { Candidate } from "./candidates.ts";
import type { Known } from "./journal.ts";
import type { Tried } from "./judgement.ts";
import { KillingOrder, type Plan } from "./killing-order.ts";
import type { Outcome } from "./messages.ts";
import { Worker } from "./pool.ts";
import type { ReachOf } from "./reach-of-tests.ts";
import type { TestRun } from "./warm-tests.ts";

export interface RunOptions {
  readonly root: string;
  readonly tests: readonly string[];
  readonly jobs: number;
  readonly reachOf: ReachOf;
  /** From a run that was interrupted, or had fewer tests. */
  readonly known: Known;
  /** Full titles of a file's tests. */
  readonly titlesOf: (file: string) => readonly string[];
  readonly onControl: (run: TestRun) => void;
  readonly onTried: (tried: Tried) => void;
}

/** A mutant's tests may take ten times as long as all tests of the original, and ten minutes: slow is not hung. */
const limitOf = (durations: Readonly<Record<string, number>>): number =>
  600_000 + 10 * Object.values(durations).reduce((sum, milliseconds) => sum + milliseconds, 0);

/** The original must pass wherever mutants fail, before the first of them and after the last. */
function requirePassing({ passed, failures }: TestRun, when: string): void {
  if (failures.length > 0) {
    const lines = failures.map(({ title, message }) => `  ${title}: ${message}`);
    throw new Error(`tests fail on the original ${when}:\n${lines.join("\n")}`);
  }
  if (passed === 0) throw new Error("no test was run on the original");
}

/** Tries the mutants in their order, several at a time, and gives what became of each in the same order. */
export async function tryAll(candidates: readonly Candidate[], options: RunOptions): Promise<readonly Tried[]> {
  const outcomes = new Map<string, Outcome>();
  const queue = [...candidates];
  const { known, titlesOf } = options;
  let order: KillingOrder | undefined;

  /** What a mutant survived already it need not meet again. */
  function withinUnmet(plan: Plan, files: readonly string[] | undefined): Plan {
    const titles = new Set(files?.flatMap(titlesOf));
    if (titles.size === 0) return plan;
    const isUnmet = (title: string): boolean => titles.has(title);
    return { ...plan, titles: [], reached: plan.reached?.filter(isUnmet) ?? [...titles] };
  }

  async function work(worker: Worker): Promise<void> {
    const control = await worker.control();
    requirePassing(control, "before the first mutant");
    options.onControl(control);
    order ??= new KillingOrder(options.tests, control.durations, options.reachOf);
    const limit = limitOf(control.durations);
    for (let candidate = queue.shift(); candidate !== undefined; candidate = queue.shift()) {
      const { id } = candidate;
      const plan = withinUnmet(order.for(candidate), known.unmet.get(id));
      const outcome = known.outcomes.get(id) ?? (await worker.try(id, plan, limit));
      if (outcome.killer !== undefined) order.learn(candidate, outcome.killer);
      outcomes.set(id, outcome);
      options.onTried({ candidate, outcome });
    }
    requirePassing(await worker.control(), "after the last mutant");
  }

  const workers = Array.from({ length: options.jobs }, () => new Worker(options.root));
  try {
    await Promise.all(workers.map(work));
  } finally {
    for (const worker of workers) worker.stop();
  }
  return candidates.map((candidate) => ({ candidate, outcome: outcomes.get(candidate.id) as Outcome }));
}

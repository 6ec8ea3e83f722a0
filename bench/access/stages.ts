import { AsyncLocalStorage } from "node:async_hooks";
import { performance } from "node:perf_hooks";
import type { ContentStore } from "@anamnesis/sdk";
import type { StewardTransport } from "@anamnesis/sdk/internal";

/** What an opening is made of. */
export const stages = ["session on the chain", "stewards", "fetch", "rest"] as const;
export type Stage = (typeof stages)[number];

const current = new AsyncLocalStorage<Map<Stage, number>>();

function add(stage: Stage, milliseconds: number): void {
  const spent = current.getStore();
  spent?.set(stage, (spent.get(stage) ?? 0) + milliseconds);
}

/** Runs `work` and counts, for it alone, what its parts take; what nobody watched is the rest. */
export async function staged(work: () => Promise<void>): Promise<ReadonlyMap<Stage, number>> {
  const spent = new Map<Stage, number>();
  const began = performance.now();
  await current.run(spent, work);
  const named = [...spent.values()].reduce((sum, value) => sum + value, 0);
  return spent.set("rest", Math.max(0, performance.now() - began - named));
}

export async function during<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    add(stage, performance.now() - began);
  }
}

/** Counts from the first question out to the last answer needed: questions to several stewards overlap. */
export function watchedTransport(transport: StewardTransport): StewardTransport {
  const open = new WeakMap<Map<Stage, number>, { running: number; since: number }>();
  return {
    async request(...question) {
      const spent = current.getStore();
      if (spent === undefined) return transport.request(...question);
      const state = open.get(spent) ?? { running: 0, since: 0 };
      open.set(spent, state);
      if (state.running++ === 0) state.since = performance.now();
      try {
        return await transport.request(...question);
      } finally {
        if (--state.running === 0) add("stewards", performance.now() - state.since);
      }
    },
  };
}

export function watchedStore(store: ContentStore): ContentStore {
  const get: ContentStore["get"] = (...asked) => {
    const pieces = store.get(...asked);
    return (async function* () {
      let began = performance.now();
      for await (const piece of pieces) {
        add("fetch", performance.now() - began);
        yield piece;
        began = performance.now();
      }
      add("fetch", performance.now() - began);
    })();
  };
  return { ...store, get };
}

import type { Scenario } from "./scenario.ts";

/** What a transaction did that costs gas wherever it is written: the same for a contract and its floor. */
export interface Footprint {
  /** Slots read or written, as `address slot`, sorted. */
  readonly slots: readonly string[];
  /** Last value stored in each slot, sorted. */
  readonly writes: readonly string[];
  /** Calls as `from to input`, in order. Of a library that decides, its address alone: a floor does its work and finds it empty. */
  readonly calls: readonly string[];
  readonly logs: readonly string[];
}

interface Step {
  readonly op: string;
  readonly depth: number;
  readonly stack: readonly string[];
  readonly memory?: readonly string[];
}

const word = (value: string | undefined): string =>
  BigInt(prefixed(value ?? "0"))
    .toString(16)
    .padStart(64, "0");
const prefixed = (value: string): string => (value.startsWith("0x") ? value : `0x${value}`);
const addressIn = (value: string | undefined): string => `0x${word(value).slice(24)}`;

function inputOf({ memory = [], stack }: Step): string {
  const [offset, size] = [Number(prefixed(stack.at(-3) ?? "0")), Number(prefixed(stack.at(-4) ?? "0"))];
  const bytes = memory.map((value) => value.replace(/^0x/, "").padStart(64, "0")).join("");
  return bytes.slice(offset * 2, (offset + size) * 2).padEnd(size * 2, "0");
}

const isPrecompile = (address: string): boolean => BigInt(address) < 0x100n;

/** Reads the footprint of a transaction from its execution trace. */
export async function footprintOf(scenario: Scenario, hash: string, to: string): Promise<Footprint> {
  const trace = (await scenario.request("debug_traceTransaction", hash, { enableMemory: true })) as {
    readonly structLogs: readonly Step[];
  };
  const receipt = (await scenario.request("eth_getTransactionReceipt", hash)) as {
    readonly logs: readonly { readonly address: string; readonly topics: readonly string[]; readonly data: string }[];
  };
  const slots = new Set<string>();
  const writes = new Map<string, string>();
  const calls: string[] = [];
  const frames = [to.toLowerCase()];
  for (const step of trace.structLogs) {
    frames.length = step.depth;
    const at = frames.at(-1) ?? "";
    const slot = `${at} ${word(step.stack.at(-1))}`;
    if (step.op === "SLOAD" || step.op === "SSTORE") slots.add(slot);
    if (step.op === "SSTORE") writes.set(slot, word(step.stack.at(-2)));
    const isLinked = step.op === "DELEGATECALL";
    if (step.op === "STATICCALL" || step.op === "CALL" || isLinked) {
      const target = addressIn(step.stack.at(-2));
      frames.push(isLinked ? at : target);
      calls.push(isPrecompile(target) || isLinked ? `${at} ${target}` : `${at} ${target} ${inputOf(step)}`);
    }
  }
  return {
    slots: [...slots].sort(),
    writes: [...writes].map(([slot, value]) => `${slot} ${value}`).sort(),
    calls,
    logs: receipt.logs.map(({ address, topics, data }) => [address, ...topics, data].join(" ")),
  };
}

import { logRegistryAbi } from "@anamnesis/sdk/abi";
import { type ContractAddresses, fromHex, type Hex, isConsistent, type SigningKeyPair } from "@anamnesis/sdk/internal";
import { Interface } from "ethers";
import type { Alarm } from "./alarms.ts";
import type { RawEvent } from "./chain-events.ts";
import { cosignCheckpoint, originOf } from "./checkpoint.ts";
import type { SeenHead, WitnessedLog, WitnessStore } from "./witness-store.ts";

/** Who can show that a log went on: its owner. Undefined where this one is not asked for that log, or has no answer now. */
export type LogSource = (
  owner: Hex,
  sizes: { readonly size: number; readonly laterSize: number },
) => Promise<readonly Uint8Array[] | undefined>;

export interface FollowParameters {
  readonly store: WitnessStore;
  readonly sources: readonly LogSource[];
  readonly chainId: number;
  readonly logRegistry: Hex;
  readonly name: string;
  readonly keys: SigningKeyPair;
  /** Unix seconds. */
  readonly now: number;
  /** Seconds after which an owner who shows nothing is named. */
  readonly patience: number;
}

const registry = new Interface(logRegistryAbi);

/** Heads among events, in the order of the chain. */
export function headsAmong(events: readonly RawEvent[], { logRegistry }: ContractAddresses): SeenHead[] {
  return events.flatMap((event) => {
    if (event.address !== logRegistry.toLowerCase()) return [];
    const args = registry.parseLog({ topics: [...event.topics], data: event.data })?.args;
    if (args === undefined) return [];
    const { owner, size, root } = args as unknown as { owner: string; size: bigint; root: string };
    const [of, whole] = [owner.toLowerCase(), root.toLowerCase()] as [Hex, Hex];
    return [{ owner: of, size: Number(size), root: whole, block: event.block }];
  });
}

/** A head that is shown to continue what the witness cosigned before, or how that failed. */
async function judged(
  { sources, now, patience }: FollowParameters,
  known: WitnessedLog,
  head: SeenHead & { readonly since: number },
): Promise<"continues" | "waits" | Alarm> {
  const { owner, size: laterSize, root: laterRoot } = head;
  const { size, root } = known;
  const rewritten: Alarm = { kind: "log-rewritten", owner, size, root, laterSize, laterRoot };
  if (laterSize <= size) return laterSize === size && laterRoot === root ? "continues" : rewritten;
  let wasShownOtherwise = false;
  for (const source of sources) {
    const path = await source(owner, { size, laterSize }).catch(() => undefined);
    if (path === undefined) continue;
    const claim = { root: fromHex(root), size, laterRoot: fromHex(laterRoot), laterSize, path };
    if (isConsistent(claim)) return "continues";
    wasShownOtherwise = true;
  }
  if (wasShownOtherwise) return rewritten;
  return now - head.since > patience ? { kind: "log-unproven", owner, size, laterSize, since: head.since } : "waits";
}

/**
 * Goes from each cosigned head to the next, as its owner shows that the one continues the other, and cosigns it. The first head of a log that a witness
 * sees is where it begins to watch.
 * @returns how many heads were cosigned, and what is wrong
 */
export async function followLogs(
  parameters: FollowParameters,
): Promise<{ readonly cosigned: number; readonly alarms: readonly Alarm[] }> {
  const { store, chainId, logRegistry, name, keys, now } = parameters;
  const alarms: Alarm[] = [];
  let cosigned = 0;
  for (const owner of store.owners()) {
    for (const head of store.pending(owner)) {
      const known = store.log(owner);
      const verdict = known === undefined ? "continues" : await judged(parameters, known, head);
      if (verdict !== "continues") {
        if (verdict !== "waits") alarms.push(verdict);
        // What comes after it cannot be judged either.
        break;
      }
      const { size, root, block } = head;
      const note = cosignCheckpoint(
        { origin: originOf({ chainId, logRegistry, owner }), size, root },
        { name, keys, time: now },
      );
      store.putLog({ owner, size, root, block, note });
      store.dropPending(owner, size);
      cosigned++;
    }
  }
  return { cosigned, alarms };
}

/** Heads that were cosigned once, and that the chain no longer holds as they were. */
export function vanishedHeads(store: WitnessStore, heads: readonly SeenHead[]): readonly Alarm[] {
  const roots = new Map(heads.map(({ owner, size, root }) => [`${owner}/${size}`, root]));
  return store.logs().flatMap(({ owner, size, root }): Alarm[] => {
    const now = roots.get(`${owner}/${size}`);
    if (now === root) return [];
    return [{ kind: "log-rewritten", owner, size, root, laterSize: size, laterRoot: now ?? `0x${"0".repeat(64)}` }];
  });
}

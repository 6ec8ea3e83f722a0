import { recordRegistryAbi } from "@anamnesis/sdk/abi";
import type { Hex, PatientId, SeriesId } from "@anamnesis/sdk/internal";
import { Interface } from "ethers";
import type { ErasureEvent } from "./chain.ts";
import type { JsonRpc } from "./json-rpc.ts";

const registry = new Interface(recordRegistryAbi);
/** Where each event says when the deletion is due. A deferral's date is always the later one. */
const dueIn = { ErasureRequested: "deletableFrom", ErasureDeferred: "until" } as const;
const topics = Object.keys(dueIn).map((name) => registry.getEvent(name)?.topicHash as Hex);

/** Nodes cap the number of results, some without a word. */
const CAP = 10_000;

interface RawLog {
  readonly topics: readonly Hex[];
  readonly data: Hex;
}

function eventOf({ topics, data }: RawLog): ErasureEvent {
  const parsed = registry.parseLog({ topics: [...topics], data });
  const { name, args } = parsed as unknown as { name: keyof typeof dueIn; args: { getValue(name: string): unknown } };
  const lower = (field: string) => String(args.getValue(field)).toLowerCase();
  return {
    patient: lower("patient") as PatientId,
    series: lower("series") as SeriesId,
    due: Number(args.getValue(dueIn[name])),
  };
}

/** Requests for erasure and deferrals in these blocks, none left out. @throws STEWARD_CHAIN_UNAVAILABLE */
export async function erasureEvents(
  rpc: JsonRpc,
  address: Hex,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly ErasureEvent[]> {
  if (from > to) return [];
  const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` };
  const logs = (await rpc("eth_getLogs", [{ address, topics: [topics], ...range }])) as readonly RawLog[];
  if (logs.length < CAP || from === to) return logs.map(eventOf);
  const middle = Math.floor((from + to) / 2);
  const early = await erasureEvents(rpc, address, { from, to: middle });
  return [...early, ...(await erasureEvents(rpc, address, { from: middle + 1, to }))];
}

import {
  blockAt,
  type ContractEvent,
  decodeEvent,
  eventTopic,
  head,
  type LogFilter,
  pagesOfLogs,
  type RawLog,
} from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { type PatientId, type ProviderId, patientId } from "../../core/ids.ts";
import type { ContractName, TrailEntry } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { chainEntryOf } from "./chain-entry.ts";
import { consentEvents } from "./consent-entry.ts";
import { patientEvents } from "./patient-entry.ts";

export interface TrailParameters extends AbortOptions {
  readonly patient: PatientId;
  /** First block to tell of; the first of the deployment by default. */
  readonly fromBlock?: number | undefined;
  /** Last block to tell of; the newest by default. */
  readonly toBlock?: number | undefined;
  /** The directory's name of a provider, for the sentences; ids stand in the fields. */
  readonly nameOf?: ((provider: ProviderId) => string | undefined) | undefined;
}

/**
 * Everything the chain holds about a patient, oldest first: who tried, who was let in, what was allowed, ended, added and
 * marked as wrong. Complete, since it is read from the contracts' own events and needs no index.
 *
 * @throws CHAIN_UNREACHABLE, CHAIN_REQUEST_FAILED, CHAIN_ANSWER_INVALID, OPERATION_ABORTED
 */
export async function* trail(client: Client, parameters: TrailParameters): AsyncGenerator<TrailEntry, void, undefined> {
  const { nameOf = () => undefined, signal } = parameters;
  const patient = patientId(parameters.patient);
  const first = client.deployment.block;
  const from = Math.max(first, parameters.fromBlock ?? first);
  const to = parameters.toBlock ?? (await head(client, { signal })).number;
  const filters = patientFilters(client, patient);
  // What a retraction names is only a record: its patient is known from the anchor, which may be older than the range.
  const anchored = new Map<Hex, Set<string>>();
  if (from > first) {
    for await (const { logs } of pagesOfLogs(client, { from: first, to: from - 1 }, [filters.anchors], { signal })) {
      for (const log of logs) remember(anchored, decodeEvent(client, log));
    }
  }
  for await (const page of pagesOfLogs(client, { from, to }, [filters.first, filters.second], { signal })) {
    const events = eventsIn(client, page.logs);
    for (const event of events) remember(anchored, event);
    events.push(...(await retractionsIn(client, page, anchored, signal)));
    events.sort((a, b) => placeOf(a.log, b.log));
    const timeOf = blockTimes(client, signal);
    for (const event of events) {
      yield chainEntryOf(event, { patient, time: await timeOf(event.log), nameOf });
    }
  }
}

const eventsIn = (client: Client, logs: readonly RawLog[]): ContractEvent[] =>
  logs.flatMap((log) => decodeEvent(client, log) ?? []);

const placeOf = (a: RawLog, b: RawLog): number =>
  Number(a.blockNumber) - Number(b.blockNumber) || Number(a.logIndex) - Number(b.logIndex);

interface Filters {
  /** Events whose first indexed argument is the patient. */
  readonly first: LogFilter;
  /** Events whose second indexed argument is the patient. */
  readonly second: LogFilter;
  readonly anchors: LogFilter;
}

function patientFilters(client: Client, patient: PatientId): Filters {
  const topics = (events: readonly (readonly [ContractName, string])[]) =>
    events.map(([contract, name]) => eventTopic(client, contract, name));
  const leading = topics([
    ["patientRegistry", "PatientRegistered"],
    ["patientRegistry", "EverythingRevoked"],
    ...patientEvents.map((name) => ["patientRegistry", name] as const),
    ["consentRegistry", "ConsentGranted"],
    ["consentRegistry", "ConsentRevoked"],
    ...consentEvents.map((name) => ["consentRegistry", name] as const),
    ["accessGate", "AccessDenied"],
    ["accessGate", "AccessDisputed"],
    ["accessGate", "AccessDisputeWithdrawn"],
    ["recordRegistry", "SeriesRestricted"],
    ["recordRegistry", "SeriesUnrestricted"],
    ["recordRegistry", "SeriesDisputed"],
    ["recordRegistry", "SeriesDisputeWithdrawn"],
    ["recordRegistry", "ErasureRequested"],
    ["recordRegistry", "ErasureCancelled"],
    ["recordRegistry", "ErasureDeferred"],
  ]);
  const anchor = topics([["recordRegistry", "RecordAnchored"]]);
  const openings = topics([
    ["accessGate", "SessionOpened"],
    ["accessGate", "DelegateSessionOpened"],
    ["accessGate", "EmergencyOpened"],
    ["accessGate", "EmergencyReviewed"],
  ]);
  const following = [...openings, ...anchor];
  return {
    first: {
      contracts: ["patientRegistry", "consentRegistry", "accessGate", "recordRegistry"],
      topics: [leading, patient],
    },
    second: { contracts: ["accessGate", "recordRegistry"], topics: [following, null, patient] },
    anchors: { contracts: ["recordRegistry"], topics: [anchor, null, patient] },
  };
}

/** Records by id, with who anchored them: another's retraction under the same id means nothing. */
function remember(anchored: Map<Hex, Set<string>>, event: ContractEvent | undefined): void {
  if (event?.name !== "RecordAnchored") return;
  const id = String(event.args["recordId"]) as Hex;
  const authors = anchored.get(id) ?? new Set<string>();
  anchored.set(id, authors.add(String(event.args["author"])));
}

/** Ids a node is asked for in one question. */
const idsAtOnce = 250;

async function retractionsIn(
  client: Client,
  { from, to }: { readonly from: number; readonly to: number },
  anchored: ReadonlyMap<Hex, ReadonlySet<string>>,
  signal: AbortSignal | undefined,
): Promise<ContractEvent[]> {
  const ids = [...anchored.keys()];
  const topic = eventTopic(client, "recordRegistry", "RecordRetracted");
  const found: ContractEvent[] = [];
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const filter: LogFilter = { contracts: ["recordRegistry"], topics: [[topic], ids.slice(start, start + idsAtOnce)] };
    for await (const { logs } of pagesOfLogs(client, { from, to }, [filter], { signal })) {
      const isOurs = ({ args }: ContractEvent) =>
        anchored.get(String(args["recordId"]) as Hex)?.has(String(args["author"])) === true;
      found.push(...eventsIn(client, logs).filter(isOurs));
    }
  }
  return found;
}

/** Each block is asked for once. */
function blockTimes(client: Client, signal: AbortSignal | undefined): (log: RawLog) => Promise<number> {
  const known = new Map<number, Promise<number>>();
  return (log) => {
    const number = Number(log.blockNumber);
    const time = known.get(number) ?? blockAt(client.nodes[0], number, { signal }).then((block) => block.time);
    known.set(number, time);
    return time;
  };
}

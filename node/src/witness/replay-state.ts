import { consentRegistryAbi, logRegistryAbi, recordRegistryAbi } from "@anamnesis/sdk/abi";
import type { ContractAddresses, Hex } from "@anamnesis/sdk/internal";
import { Interface, type Result } from "ethers";
import type { ChainBlock } from "../steward/index.ts";
import type { Alarm } from "./alarms.ts";
import type { RawEvent, WitnessNode } from "./chain-events.ts";

const interfaces = {
  consents: new Interface(consentRegistryAbi),
  records: new Interface(recordRegistryAbi),
  logs: new Interface(logRegistryAbi),
};

/** Questions that one node is asked at a time. */
const AT_ONCE = 50;

/** What a contract must answer if its events are its history. */
interface Expectation {
  /** For people: which thing, by its ids. */
  readonly what: string;
  readonly to: Hex;
  readonly abi: Interface;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly holds: (answer: Result) => boolean;
}

const hex = (value: unknown): string => String(value).toLowerCase();

/** The last thing that happened to each register. */
export function expectationsOf(events: readonly RawEvent[], contracts: ContractAddresses): readonly Expectation[] {
  const found = new Map<string, Expectation>();
  const address = {
    consents: hex(contracts.consentRegistry),
    records: hex(contracts.recordRegistry),
    logs: hex(contracts.logRegistry),
  };
  const parse = (abi: Interface, { topics, data }: RawEvent) => abi.parseLog({ topics: [...topics], data });
  const note = (expectation: Expectation) => found.set(expectation.what, expectation);

  for (const event of events) {
    if (event.address === address.logs) {
      const args = parse(interfaces.logs, event)?.args;
      if (args === undefined) continue;
      const [owner, size, root] = [args["owner"], args["size"], args["root"]] as [string, bigint, string];
      note({
        ...{ what: `the head of the log of ${owner}`, to: contracts.logRegistry, abi: interfaces.logs },
        ...{ method: "logOf", args: [owner] },
        holds: (answer) => answer[0] === size && hex(root).startsWith(hex(answer[1])),
      });
    } else if (event.address === address.records) {
      const parsed = parse(interfaces.records, event);
      const shared = { to: contracts.recordRegistry, abi: interfaces.records };
      if (parsed?.name === "RecordAnchored") {
        const { recordId, patient, author, labels } = parsed.args as unknown as Record<string, unknown>;
        note({
          ...{ what: `the anchor of ${recordId} by ${author} for ${patient} as ${labels}`, ...shared },
          ...{ method: "anchoredAt", args: [patient, recordId, labels, author] },
          holds: (answer) => answer[0] === BigInt(event.block),
        });
      } else if (parsed?.name === "RecordRetracted") {
        const { recordId, author } = parsed.args as unknown as Record<string, unknown>;
        note({
          ...{ what: `the retraction of ${recordId} by ${author}`, ...shared },
          ...{ method: "isRetracted", args: [recordId, author] },
          holds: (answer) => answer[0] === true,
        });
      }
    } else if (event.address === address.consents) {
      const parsed = parse(interfaces.consents, event);
      if (parsed?.name !== "ConsentGranted" && parsed?.name !== "ConsentRevoked") continue;
      const { patient, grantee, purpose, labels, actions, serial } = parsed.args as unknown as Record<string, unknown>;
      const isGranted = parsed.name === "ConsentGranted";
      note({
        what: `the consent of ${patient} to ${grantee} for purpose ${purpose}`,
        ...{ to: contracts.consentRegistry, abi: interfaces.consents },
        ...{ method: "consentOf", args: [patient, grantee, purpose] },
        holds: (answer) => {
          const consent = answer[0] as Result;
          const isSame = consent.getValue("serial") === serial;
          if (!isGranted) return isSame && BigInt(consent.getValue("actions")) === 0n;
          return isSame && consent.getValue("labels") === labels && consent.getValue("actions") === actions;
        },
      });
    }
  }
  return [...found.values()];
}

/**
 * Asks a node for the state of registers at a block and holds it against their events: what the contract enforces and what everybody can read must
 * be one.
 * @throws STEWARD_CHAIN_UNAVAILABLE
 */
export async function checkState(
  node: WitnessNode,
  expectations: readonly Expectation[],
  at: ChainBlock,
): Promise<readonly Alarm[]> {
  const alarms: Alarm[] = [];
  for (let start = 0; start < expectations.length; start += AT_ONCE) {
    await Promise.all(
      expectations.slice(start, start + AT_ONCE).map(async ({ what, to, abi, method, args, holds }) => {
        const data = abi.encodeFunctionData(method, args);
        const answer = (await node.rpc("eth_call", [{ to, data }, { blockHash: at.hash }])) as Hex;
        if (holds(abi.decodeFunctionResult(method, answer))) return;
        alarms.push({ kind: "state-differs", what, node: node.name, block: at.number });
      }),
    );
  }
  return alarms;
}

import type { Hex } from "@anamnesis/sdk/internal";
import { type Alarm, detailsOf, wordsOf } from "./alarms.ts";

/** What a witness found, with all that it looked at beside what it did not find. It names ids, hashes and numbers: no person. */
export interface WitnessReport {
  readonly format: "anamnesis-witness-report/v1";
  readonly witness: { readonly name: string; readonly key: string };
  readonly network: { readonly name: string; readonly chainId: number };
  /** Unix seconds. */
  readonly time: number;
  /** The last block that was read, and the nodes that were asked. */
  readonly block: number;
  readonly nodes: readonly string[];
  /** In this round, and what stands in the logs since the witness began. */
  readonly checked: {
    readonly blocks: number;
    readonly events: number;
    readonly heads: number;
    readonly registers: number;
    readonly bodies: number;
    readonly bytes: number;
  };
  readonly logs: readonly { readonly owner: Hex; readonly size: number; readonly root: Hex; readonly note: string }[];
  /** All there ever were, and when each was first raised. */
  readonly alarms: readonly { readonly alarm: Alarm; readonly time: number }[];
  /** What could not be looked at, by codes. */
  readonly faults: readonly string[];
}

const at = (time: number): string => `${new Date(1_000 * time).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** The report for people: what can be filed. */
export function reportText(report: WitnessReport): string {
  const { witness, network, checked, alarms, faults, logs, nodes } = report;
  const lines = [
    `# Report of the witness ${witness.name}`,
    "",
    `Network ${network.name} (chain ${network.chainId}), ${at(report.time)}, up to block ${report.block} as ${nodes.join(" and ")} tell it.`,
    `Key: \`${witness.key}\``,
    "",
    alarms.length === 0 ? "**No alarm.**" : `**${alarms.length} alarm${alarms.length === 1 ? "" : "s"}.**`,
    ...alarms.map(({ alarm, time }) => `- ${at(time)}: ${wordsOf(alarm)} (${alarm.kind}: ${detailsOf(alarm)})`),
    "",
    "| looked at | |",
    "|---|---:|",
    `| blocks | ${checked.blocks} |`,
    `| events, on each of ${nodes.length} nodes | ${checked.events} |`,
    `| registers held against their events | ${checked.registers} |`,
    `| new heads of logs cosigned | ${checked.heads} |`,
    `| stored bodies sampled | ${checked.bodies} |`,
    `| bytes fetched and verified | ${checked.bytes} |`,
    "",
    ...(faults.length === 0 ? [] : ["Could not be looked at:", ...faults.map((code) => `- ${code}`), ""]),
    "| log of | size | root |",
    "|---|---:|---|",
    ...logs.map(({ owner, size, root }) => `| \`${owner}\` | ${size} | \`${root}\` |`),
  ];
  return `${lines.join("\n")}\n`;
}

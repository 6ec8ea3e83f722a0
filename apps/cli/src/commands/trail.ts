import type { PatientId, TrailEntry } from "@anamnesis/sdk";
import { Command } from "commander";
import { countArgument, patientArgument } from "../arguments.ts";
import { connect, type NetworkOptions, withNetworkOptions } from "../connect.ts";
import { say, sayJson, sayTable, timeText } from "../print.ts";

interface TrailOptions extends NetworkOptions {
  readonly patient: PatientId;
  readonly fromBlock?: number | undefined;
  readonly toBlock?: number | undefined;
  readonly json: boolean;
}

async function trail(options: TrailOptions): Promise<void> {
  const { patient, fromBlock, toBlock } = options;
  const client = await connect(options);
  const entries: TrailEntry[] = [];
  for await (const entry of client.audit.trail({ patient, fromBlock, toBlock })) entries.push(entry);
  if (options.json) sayJson(entries);
  else if (entries.length === 0) say("The chain holds nothing about this record in these blocks.");
  else {
    sayTable(
      ["when", "block", "what"],
      entries.map(({ time, block, words }) => [timeText(time), String(block), words]),
    );
  }
}

export const trailCommand = (): Command =>
  withNetworkOptions(new Command("trail"))
    .description("everything the chain holds about a record: who tried, who was let in, what was allowed and ended")
    .requiredOption("--patient <id>", "whose record", patientArgument)
    .option("--from-block <number>", "first block to tell of; the deployment's by default", countArgument)
    .option("--to-block <number>", "last block to tell of; the newest by default", countArgument)
    .action(trail);

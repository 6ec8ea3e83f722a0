import type { Deployment } from "@anamnesis/sdk";
import { Command, Option } from "commander";
import { countArgument } from "../arguments.ts";
import { exitCodes } from "../exit-codes.ts";
import { answerMark, say, sayJson } from "../print.ts";
import { readJson } from "../read-file.ts";

interface WitnessOptions {
  readonly deployment: string;
  readonly folder: string;
  readonly node?: readonly string[] | undefined;
  readonly name: string;
  readonly every: number;
  readonly once: boolean;
  readonly json: boolean;
}

async function witness({ deployment, folder, node, name, every, once, json }: WitnessOptions): Promise<void> {
  // Seconds to load, and only this command needs it.
  const { openNetworkWitness, reportText } = await import("@anamnesis/node/witness");
  const opened = openNetworkWitness({
    deployment: (await readJson(deployment)) as Deployment,
    folder,
    nodes: node,
    name,
  });
  let ended = false;
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      ended = true;
      ending.abort();
    });
  }
  try {
    do {
      const report = await opened.round();
      const { alarms, checked } = report;
      process.exitCode = alarms.length === 0 ? exitCodes.yes : exitCodes.no;
      if (json) sayJson(report);
      else if (once) say(reportText(report));
      else
        say(
          `${answerMark(alarms.length === 0)} block ${report.block}: ${checked.events} events, ${alarms.length} alarms`,
        );
      if (once || ended) return;
      await new Promise<void>((done) => {
        const timer = setTimeout(done, 1_000 * every);
        ending.signal.addEventListener("abort", () => {
          clearTimeout(timer);
          done();
        });
      });
    } while (!ended);
  } finally {
    opened.close();
  }
}

export const witnessCommand = (): Command =>
  new Command("witness")
    .description("watch a network without any key: logs, nodes and registers. Exits with 1 where there is an alarm")
    .addOption(
      new Option("-d, --deployment <file>", "deployment file of the network")
        .default("deployments/local.json")
        .env("ANAMNESIS_DEPLOYMENT"),
    )
    .requiredOption("--folder <directory>", "where it keeps what it has seen, its key and report.json and report.md")
    .option("-n, --node <url...>", "JSON-RPC nodes of different operators, instead of the deployment's")
    .option("--name <name>", "in its cosignatures", "witness")
    .option("--every <seconds>", "between two rounds", countArgument, 60)
    .option("--once", "one round, and its report", false)
    .option("--json", "print JSON for machines", false)
    .action(witness);

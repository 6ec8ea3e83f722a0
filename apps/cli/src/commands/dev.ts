import { resolve } from "node:path";
import type { LocalNetwork, LocalNetworkStage } from "@anamnesis/node";
import { Command } from "commander";
import colours from "picocolors";
import { countArgument } from "../arguments.ts";
import { say, sayJson, saySheet, sayTable } from "../print.ts";

interface DevOptions {
  readonly port: number;
  readonly directory?: string | undefined;
  readonly deployments: string;
  readonly json: boolean;
}

const stageWords: Readonly<Record<LocalNetworkStage, string>> = {
  chain: "starting the chain",
  contracts: "deploying the contracts",
  storage: "opening the store",
  committee: "making the stewards' key",
  ready: "ready",
};

function tell(network: LocalNetwork, file: string): void {
  const { description, contracts, committeeKey } = network.deployment;
  saySheet([
    ["chain", network.url],
    ["chain id", String(description.chainId)],
    ["deployment", file],
    ["data", network.directory],
    ["committee key", committeeKey ?? ""],
    ...network.stewards.endpoints.map((endpoint, index): [string, string] => [`steward ${index + 1}`, endpoint]),
  ]);
  sayTable(["contract", "address"], Object.entries(contracts));
  sayTable(
    ["funded account", "private key"],
    network.accounts.map(({ address, privateKey }) => [address, privateKey]),
  );
  say(`${colours.yellow("These keys are known to everybody: use them nowhere else.")} Ctrl-C ends the network.`);
}

/** What a program that started this command needs to go on; the same facts as the tables. */
function tellMachines(network: LocalNetwork, file: string): void {
  const { url, directory, deployment, accounts, stewards } = network;
  sayJson({ url, directory, deploymentFile: file, deployment, stewards: stewards.endpoints, accounts });
}

/** Resolves at the first Ctrl-C or request to end; at the second the process ends at once. */
function untilAskedToEnd(): { readonly asked: Promise<void>; readonly isAsked: () => boolean } {
  let isAsked = false;
  const asked = new Promise<void>((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (isAsked) process.exit(130);
        isAsked = true;
        done();
      });
    }
  });
  return { asked, isAsked: () => isAsked };
}

async function dev({ port, directory, deployments, json }: DevOptions): Promise<void> {
  const ending = untilAskedToEnd();
  const onStage = (stage: LocalNetworkStage) => void process.stderr.write(colours.dim(`${stageWords[stage]} …\n`));
  // Seconds to load, and only this command needs it.
  const { startLocalNetwork, writeDeployment } = await import("@anamnesis/node");
  let network: LocalNetwork;
  try {
    network = await startLocalNetwork({ port, directory, ...(json ? {} : { onStage }) });
  } catch (error) {
    // Ctrl-C also ends the chain's own process: what fails then is no failure.
    if (ending.isAsked()) return;
    throw error;
  }
  try {
    const file = resolve(writeDeployment(deployments, network.deployment));
    if (json) tellMachines(network, file);
    else tell(network, file);
    await ending.asked;
  } finally {
    await network.stop();
  }
  if (!json) process.stderr.write(colours.dim("ended\n"));
}

export const devCommand = (): Command =>
  new Command("dev")
    .description("keep a whole network running on this machine, for development")
    .option("-p, --port <number>", "port of the chain's JSON-RPC; 0 takes a free one", countArgument, 8545)
    .option("--directory <folder>", "keep blocks and stewards' data here; a temporary folder by default")
    .option("--deployments <folder>", "where the deployment file is written", "deployments")
    .option("--json", "print JSON for machines", false)
    .action(dev);

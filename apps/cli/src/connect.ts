import { type ClientWithActions, createClient, type Deployment, withActions } from "@anamnesis/sdk";
import { type Command, Option } from "commander";
import { readJson } from "./read-file.ts";

export interface NetworkOptions {
  readonly deployment: string;
  readonly node?: string | undefined;
}

/** The options of every command that asks a network. */
export function withNetworkOptions(command: Command): Command {
  return command
    .addOption(
      new Option("-d, --deployment <file>", "deployment file of the network")
        .default("deployments/local.json")
        .env("ANAMNESIS_DEPLOYMENT"),
    )
    .addOption(new Option("-n, --node <url>", "JSON-RPC node to ask instead of the deployment's").env("ANAMNESIS_NODE"))
    .option("--json", "print JSON for machines", false);
}

/** A client that only asks: it holds no key. @throws CommandFailure, CLIENT_DEPLOYMENT_INVALID, CHAIN_* */
export async function connect({ deployment: path, node }: NetworkOptions): Promise<ClientWithActions> {
  const deployment = (await readJson(path)) as Deployment;
  return withActions(await createClient({ deployment, ...(node === undefined ? {} : { provider: node }) }));
}

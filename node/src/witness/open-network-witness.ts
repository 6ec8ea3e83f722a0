import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createClient, type Deployment } from "@anamnesis/sdk";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import { fromHex, randomBytes, type SigningKeyPair, signingKeyPair, stewardsOf, toHex } from "@anamnesis/sdk/internal";
import { createChainReader, httpJsonRpc } from "../steward/index.ts";
import type { WitnessNode } from "./chain-events.ts";
import type { LogSource } from "./follow-logs.ts";
import { reportText, type WitnessReport } from "./report.ts";
import { stewardLogs } from "./sources.ts";
import { createWitness, type WitnessParameters } from "./witness.ts";
import { openWitnessStore } from "./witness-store.ts";

export interface NetworkWitnessParameters extends Pick<WitnessParameters, "content" | "bodies" | "limits" | "clock"> {
  readonly deployment: Deployment;
  /** Where it keeps what it has seen, its key and its reports. */
  readonly folder: string;
  /** Nodes of different operators; the deployment's by default. */
  readonly nodes?: readonly string[] | undefined;
  /** In its cosignatures, without spaces and plus signs; `witness` by default. */
  readonly name?: string | undefined;
  /** Its own key in the folder by default, made at the first start. */
  readonly keys?: SigningKeyPair | undefined;
  /** Other ways to logs than the committee's stewards. */
  readonly sources?: readonly LogSource[] | undefined;
}

export interface NetworkWitness {
  /** Looks at everything once, and writes `report.json` and `report.md` into the folder. */
  round(): Promise<WitnessReport>;
  close(): void;
}

/** Opens nothing but its own notes; whoever takes it can only say what it saw. */
function keyIn(folder: string): SigningKeyPair {
  const path = join(folder, "witness.key");
  if (!existsSync(path)) writeFileSync(path, `${toHex(randomBytes(32))}\n`, { mode: 0o600, flag: "wx" });
  chmodSync(path, 0o600);
  return signingKeyPair(fromHex(readFileSync(path, "utf8").trim()));
}

export function nodesOf({ description, contracts, block }: Deployment, urls: readonly string[]): WitnessNode[] {
  return urls.map((url, i) => {
    const [name, rpc] = [`node ${i + 1}`, httpJsonRpc(url)];
    const { finality } = description;
    return { name, rpc, reader: createChainReader({ name, rpc, contracts, finality, fromBlock: block }) };
  });
}

/** The way to the logs of a network's stewards, found when it is first needed. */
export function committeeLogs(deployment: Deployment, urls: readonly string[]): LogSource {
  let asking: ReturnType<typeof createClient> | undefined;
  return stewardLogs(async () => {
    asking ??= createClient({ deployment, provider: urls });
    return stewardsOf(await asking);
  });
}

/**
 * A witness of a network as its deployment describes it.
 * @throws CLIENT_PROVIDER_MISSING without any node, STEWARD_STORE_FAILED, STEWARD_STORE_TOO_NEW
 */
export function openNetworkWitness(parameters: NetworkWitnessParameters): NetworkWitness {
  const { deployment, folder, name = "witness", sources = [], content, bodies, limits, clock } = parameters;
  const urls = parameters.nodes ?? deployment.description.nodes;
  if (urls.length === 0) throw new AnamnesisError("CLIENT_PROVIDER_MISSING");
  mkdirSync(folder, { recursive: true });
  const store = openWitnessStore(join(folder, "witness.sqlite"));
  const { round } = createWitness({
    ...{ name, store, content, bodies, limits, clock },
    keys: parameters.keys ?? keyIn(folder),
    network: { name: deployment.description.name, chainId: deployment.description.chainId },
    contracts: deployment.contracts,
    fromBlock: deployment.block,
    nodes: nodesOf(deployment, urls),
    sources: [...sources, committeeLogs(deployment, urls)],
  });
  return {
    async round() {
      const report = await round();
      writeFileSync(join(folder, "report.json"), `${JSON.stringify(report, undefined, 2)}\n`);
      writeFileSync(join(folder, "report.md"), reportText(report));
      return report;
    },
    close: () => store.close(),
  };
}

/**
 * `npx hardhat run scripts/deploy/main.ts --network <name>`: deploys to that network and writes `deployments/<name>.json`. Role holders,
 * limits and the description of the network come from `deployments/<name>.parameters.json`, if there is one. Run it again after an
 * interruption: it goes on where it stopped.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type DeploymentParameters, deployAnamnesis, writeDeployment } from "@anamnesis/node";
import { network } from "hardhat";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const connection = await network.create();
const name = connection.networkName;
const isSimulated = connection.networkConfig.type === "edr-simulated";

const given = join(root, "deployments", `${name}.parameters.json`);
const parameters = (existsSync(given) ? JSON.parse(readFileSync(given, "utf8")) : {}) as Partial<DeploymentParameters>;

const deployment = await deployAnamnesis(connection.provider, {
  commit: execFileSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).trim(),
  ...(isSimulated ? {} : { journal: join(root, "ignition", "deployments", name) }),
  ...parameters,
  network: { name, nodes: [], finality: { kind: "instant" }, blockTime: 1_000, ...parameters.network },
});
process.stdout.write(`${writeDeployment(join(root, "deployments"), deployment)}\n`);
await connection.close();

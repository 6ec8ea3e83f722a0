import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, createKeyring, type Deployment, withActions } from "@anamnesis/sdk";
import { expect } from "chai";
import { JsonRpcProvider, Wallet } from "ethers";
import { type Running, runCli, startCli } from "./run-cli.ts";

interface Told {
  readonly url: string;
  readonly directory: string;
  readonly deploymentFile: string;
  readonly deployment: Deployment;
  readonly stewards: readonly string[];
  readonly accounts: readonly { readonly address: string; readonly privateKey: string }[];
}

/** Waits for what it prints; a program that ends before is a failure. */
async function until(running: Running, isThere: () => boolean): Promise<void> {
  while (!isThere()) {
    const ended = await Promise.race([running.finished, new Promise<undefined>((done) => setTimeout(done, 50))]);
    if (ended !== undefined) throw new Error(`It ended with ${ended.code}: ${ended.stderr}`);
  }
}

async function toldBy(running: Running): Promise<Told> {
  await until(running, () => running.stdout().endsWith("}\n"));
  return JSON.parse(running.stdout()) as Told;
}

const isAnswering = (url: string): Promise<boolean> =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}',
  }).then(
    ({ ok }) => ok,
    () => false,
  );

const isReady = (steward: string): Promise<boolean> =>
  fetch(`${steward}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

describe("anamnesis dev", function () {
  // A chain and three services start each time.
  this.timeout(120_000);
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "anamnesis-cli-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("keeps a network running that other programs reach, and ends all of it at Ctrl-C", async () => {
    const deployments = join(folder, "deployments");
    const running = startCli(["dev", "--json", "--port", "0", "--deployments", deployments], { seconds: 110 });
    try {
      const { url, directory, deploymentFile, deployment, stewards, accounts } = await toldBy(running);
      expect(new URL(url).hostname).to.equal("127.0.0.1");
      expect(JSON.parse(readFileSync(deploymentFile, "utf8"))).to.deep.equal(deployment);
      expect(existsSync(directory)).to.equal(true);
      expect(accounts).not.to.have.length(0);

      const node = new JsonRpcProvider(url, deployment.description.chainId, { staticNetwork: true });
      const [account] = accounts;
      const signer = new Wallet(account!.privateKey, node);
      const alice = withActions(await createClient({ deployment, signer, keyring: createKeyring() }));
      // The stewards were handed the patient's key: their verbs can be used from another program.
      const { patient } = await alice.identity.registerPatient();
      expect(await alice.identity.publishOwnerKey({ patient })).to.have.length(3);
      node.destroy();
      const { code, stdout } = await runCli("trail", "--patient", patient, "--deployment", deploymentFile, "--json");
      expect(code).to.equal(0);
      expect(JSON.parse(stdout).map(({ kind }: { kind: string }) => kind)).to.deep.equal(["patient-registered"]);

      expect(await isAnswering(url)).to.equal(true);
      expect(await Promise.all(stewards.map(isReady))).to.deep.equal([true, true, true]);
      running.child.kill("SIGINT");
      const ended = await running.finished;
      expect(ended.code, ended.stderr).to.equal(0);
      expect(await isAnswering(url)).to.equal(false);
      expect(await Promise.all(stewards.map(isReady))).to.deep.equal([false, false, false]);
      expect(existsSync(directory)).to.equal(false);
    } finally {
      running.child.kill("SIGKILL");
    }
  });

  it("shows addresses, accounts and the file to people", async () => {
    const deployments = join(folder, "shown");
    const running = startCli(["dev", "--port", "0", "--deployments", deployments], { seconds: 110 });
    try {
      await until(running, () => running.stdout().includes("Ctrl-C"));
      const file = join(deployments, "local.json");
      const { contracts } = JSON.parse(readFileSync(file, "utf8")) as Deployment;
      for (const address of Object.values(contracts)) expect(running.stdout()).to.include(address);
      expect(running.stdout()).to.include(file).and.to.include("http://127.0.0.1:");
    } finally {
      running.child.kill("SIGTERM");
      expect((await running.finished).code).to.equal(0);
    }
  });

  it("ends without a complaint when it is stopped while it starts", async () => {
    const running = startCli(["dev", "--port", "0", "--deployments", join(folder, "early")], { seconds: 110 });
    try {
      await until(running, () => running.stderr().includes("deploying the contracts"));
      running.child.kill("SIGINT");
      const { code, stdout, stderr } = await running.finished;
      expect(code, stderr).to.equal(0);
      expect(`${stdout}${stderr}`).not.to.include("✗");
    } finally {
      running.child.kill("SIGKILL");
    }
  });
});

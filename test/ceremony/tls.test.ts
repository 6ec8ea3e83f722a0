import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { peerFetch } from "@anamnesis/node/steward";
import { expect } from "chai";
import { id } from "ethers";
import { type Institution, institutionsIn, type RunningSteward, startSteward, typed } from "../support/institutions.ts";
import { type LocalChain, localChain } from "../support/local-chain.ts";

const NAMES = ["north", "south", "east"] as const;

/** Three stewards in processes of their own, who speak TLS with certificates that the command made. */
describe("a ceremony over mutual TLS", function () {
  this.timeout(900_000);
  let folder: string;
  let chain: LocalChain;
  let institutions: readonly Institution[];
  const running = new Map<string, RunningSteward>();
  const inFolder = (...parts: readonly string[]) => join(folder, ...parts);
  const [north, south, east] = [0, 1, 2].map((index) => () => institutions[index] as Institution) as [
    () => Institution,
    () => Institution,
    () => Institution,
  ];
  const endpointOf = ({ port }: Institution) => `https://127.0.0.1:${port}`;

  async function start({ name, file }: Institution): Promise<void> {
    running.set(name, await startSteward(file));
  }
  async function stop({ name }: Institution): Promise<void> {
    await running.get(name)?.stop();
    running.delete(name);
  }
  /** What an operator types, and the JSON that is printed. */
  async function operated(who: Institution, ...words: readonly string[]) {
    const { code, said, complaint } = await typed("--config", who.file, "ceremony", ...words);
    expect(code, complaint).to.equal(0);
    return { said, value: JSON.parse(said) as Record<string, unknown> };
  }
  /** Certificates of an authority in a folder. */
  const filesOf = (name: string, certificates = "certificates") => ({
    certificate: inFolder(certificates, `${name}.pem`),
    key: inFolder(certificates, `${name}.key.pem`),
    authority: inFolder("certificates", "authority.pem"),
  });
  /** Writes which certificate a steward shows; it believes ours in any case. */
  function show({ file, name }: Institution, certificates: string): void {
    const configuration = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...configuration, tls: filesOf(name, certificates) }));
  }
  async function publications(): Promise<number> {
    const address = chain.deployment.contracts.stewardCommittee;
    const topics = [id("CommitteePublished(bytes32,uint32,uint8,uint8,uint40)")];
    const found = await chain.rpc("eth_getLogs", [{ address, topics, fromBlock: "0x0", toBlock: "latest" }]);
    return (found as readonly unknown[]).length;
  }
  async function planned(kind: string, threshold: number, ...more: readonly string[]): Promise<string> {
    const cards: string[] = [];
    for (const each of institutions) {
      const { said } = await operated(each, "card", "--endpoint", endpointOf(each));
      writeFileSync(inFolder(`${each.name}.card.json`), said);
      cards.push("--card", inFolder(`${each.name}.card.json`));
    }
    const { said } = await operated(
      north(),
      "plan",
      "--kind",
      kind,
      "--threshold",
      String(threshold),
      ...more,
      ...cards,
    );
    const file = inFolder(`${kind}.json`);
    writeFileSync(file, said);
    for (const each of institutions) await operated(each, "approve", file);
    return file;
  }
  async function ready(who: Institution): Promise<boolean> {
    const send = peerFetch(filesOf("north"));
    for (const giveUpAt = performance.now() + 120_000; performance.now() < giveUpAt; ) {
      const { status } = await send(`${endpointOf(who)}/readyz`);
      if (status === 200) return true;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return false;
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "anamnesis-tls-ceremony-"));
    chain = await localChain();
    institutions = await institutionsIn(folder, chain, NAMES);
    const subjects = NAMES.flatMap((name) => ["--steward", `${name}=127.0.0.1`]);
    for (const certificates of ["certificates", "elsewhere"]) {
      const made = await typed("certificates", "--directory", inFolder(certificates), ...subjects);
      expect(made.code, made.complaint).to.equal(0);
    }
    for (const each of [north(), south()]) show(each, "certificates");
    // Of another authority, which has the same name and gave the same names.
    show(east(), "elsewhere");
    writeFileSync(inFolder("committee-admin.key"), chain.registrar.privateKey, { mode: 0o600 });
    await Promise.all(institutions.map(start));
  });
  after(async () => {
    await Promise.all([...running.values()].map((each) => each.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  it("ends, naming the one whose certificate another authority signed, and publishes nothing, whoever runs it", async () => {
    const plan = await planned("found", 2);
    const run = (who: Institution) =>
      typed("--config", who.file, "ceremony", "run", plan, "--publish-with", inFolder("committee-admin.key"));
    const ours = await run(north());
    expect([ours.code, ours.said]).to.deep.equal([2, ""]);
    expect(ours.complaint).to.include("[COMMITTEE_CEREMONY_FAILED]");
    expect(ours.complaint).to.include(`stewards: ${east().provider}; `).and.to.include("reasons: silent");
    // The others refuse it too, where it asks them.
    const theirs = await run(east());
    expect(theirs.code).to.equal(2);
    for (const { provider } of [north(), south()]) expect(theirs.complaint).to.include(provider);
    expect(await publications()).to.equal(0);
  });

  it("lets peers in by their certificate, and nobody else", async () => {
    const asked = async (send: typeof fetch) =>
      (await send(`${endpointOf(north())}/v1/ceremony`, { method: "POST", body: new Uint8Array(8) })).status;
    expect(await asked(peerFetch(filesOf("east", "elsewhere")))).to.equal(403);
    expect(await asked(peerFetch(filesOf("south")))).to.not.equal(403);
    const plain = await fetch(`http://127.0.0.1:${north().port}/v1/ceremony`, { method: "POST" }).then(
      ({ status }) => String(status),
      () => "cut off",
    );
    expect(plain).to.equal("cut off");
  });

  it("makes the key once everybody has a certificate of the one authority, and hands it on", async () => {
    await stop(east());
    show(east(), "certificates");
    await start(east());
    const founded = await operated(
      north(),
      ...["run", inFolder("found.json"), "--publish-with", inFolder("committee-admin.key")],
    );
    expect(founded.value).to.include({ epoch: 1 });
    expect(await publications()).to.equal(1);
    for (const each of institutions) expect(await ready(each), each.name).to.equal(true);

    const keyId = founded.value["keyId"] as string;
    const plan = await planned("reshare", 3, "--key", keyId);
    const reshared = await operated(east(), "run", plan);
    expect(reshared.value).to.include({ keyId, epoch: 2 });
    expect(await publications()).to.equal(2);
    for (const each of institutions) expect(await ready(each), each.name).to.equal(true);
  });
});

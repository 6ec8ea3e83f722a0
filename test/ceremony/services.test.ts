import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import { approveCeremony, ceremonyCard, coordinateCeremony, readStewardConfiguration } from "@anamnesis/node/steward";
import { createKeyring, type KeyId, memoryEnvelopeStore, type PatientId, type RecordId } from "@anamnesis/sdk";
import { expect } from "chai";
import { committeeOf } from "../../sdk/src/actions/stewards/stewards-of.ts";
import { rejection } from "../support/rejection.ts";

const execute = promisify(execFile);

/** Three stewards, each a service in a process of its own, and what their operators type. */
describe("resharing among services", function () {
  this.timeout(300_000);
  let network: LocalNetwork;
  let patient: PatientId;
  let recordId: RecordId;
  let doctor: Awaited<ReturnType<LocalNetwork["admit"]>>;

  const fileOf = (index: number) => join(network.directory, "stewards", String(index + 1), "steward.json");
  const configurationOf = (index: number) => readStewardConfiguration(fileOf(index));
  /** What one operator types, and what is printed. */
  async function typed(index: number, ...words: readonly string[]) {
    const main = join(import.meta.dirname, "..", "..", "apps", "steward", "src", "main.ts");
    const told = await execute(process.execPath, [main, "--config", fileOf(index), "ceremony", ...words]);
    return { text: told.stdout, value: JSON.parse(told.stdout) as Record<string, unknown> };
  }
  const committeeNow = () => committeeOf(doctor.client.client);

  async function read(): Promise<string> {
    const chart = await doctor.client.access.open({ patient, purpose: "treatment", labels: ["laboratory"] });
    if (!chart.allowed) throw new TypeError(`denied: ${chart.reason}`);
    return new TextDecoder().decode((await chart.read(recordId)).content);
  }

  before(async () => {
    network = await startLocalNetwork({ stewards: 3, threshold: 2 });
    const hospital = await network.admit({ name: "General Hospital", kind: "hospital" });
    doctor = await network.admit({ name: "Dr Ann Baker", kind: "practitioner" });
    const wallet = await network.account();
    const alice = await network.connect({ signer: wallet, keyring: createKeyring(), envelopes: memoryEnvelopeStore() });
    ({ patient } = await alice.identity.registerPatient({}));
    await alice.identity.publishOwnerKey({ patient });
    const until = Math.floor(Date.now() / 60_000 + 1_440) * 60;
    const terms = { patient, purpose: "treatment", labels: ["laboratory"], until } as const;
    await alice.consent.grant({ ...terms, grantee: hospital.provider, actions: ["write"] });
    await alice.consent.grant({ ...terms, grantee: doctor.provider, actions: ["read"] });
    const bytes = new TextEncoder().encode("haemoglobin 14.1");
    const content = { bytes, labels: ["laboratory"], mediaType: "text/plain", title: "Result" } as const;
    ({ recordId } = await hospital.client.records.add({ patient, content }));
  });
  after(() => network?.stop());

  it("goes on after a service was killed, and the record that was sealed before opens after", async () => {
    expect(await read()).to.equal("haemoglobin 14.1");
    const before = await committeeNow();
    const { endpoints } = network.stewards;
    const cards = await Promise.all(endpoints.map((endpoint, i) => ceremonyCard(configurationOf(i), endpoint)));
    expect(cards.map(({ signingKey }) => signingKey)).to.deep.equal(before.members.map(({ signingKey }) => signingKey));
    const keyId: KeyId = before.keyId;
    const cardFiles = cards.map((card, i) => {
      const file = join(network.directory, `card-${i}.json`);
      writeFileSync(file, JSON.stringify(card));
      return file;
    });
    expect((await typed(2, "card", "--endpoint", endpoints[2] as string)).value).to.deep.equal(cards[2]);
    const options = ["--kind", "reshare", "--threshold", "3", "--key", keyId];
    const plan = await typed(0, "plan", ...options, ...cardFiles.flatMap((file) => ["--card", file]));
    const planFile = join(network.directory, "plan.json");
    writeFileSync(planFile, plan.text);
    const { plan: planHash } = (await typed(1, "hash", planFile)).value;
    expect((await typed(1, "approve", planFile)).value).to.deep.equal({ approved: planHash });
    for (const index of [0, 2]) expect(await approveCeremony(configurationOf(index), planFile)).to.equal(planHash);

    await network.stewards.kill(2);
    const error = await rejection(coordinateCeremony(configurationOf(0), planFile));
    expect([error.code, error.details["stewards"], error.details["reasons"]]).to.deep.equal([
      "COMMITTEE_CEREMONY_FAILED",
      [before.members[2]?.provider],
      ["silent"],
    ]);
    expect((await committeeNow()).epoch).to.equal(1);

    await network.stewards.start(2);
    const { value } = await typed(1, "run", planFile);
    expect(value).to.include({ keyId, epoch: 2 });
    const after = await committeeNow();
    expect([after.keyId, after.groupKey, after.epoch, after.threshold]).to.deep.equal([keyId, before.groupKey, 2, 3]);
    expect(await read()).to.equal("haemoglobin 14.1");
    // Three are needed now: two are too few, as two were enough before.
    await network.stewards.kill(0);
    expect((await rejection(read())).code).to.equal("STEWARDS_TOO_FEW");
    await network.stewards.start(0);
    expect(await read()).to.equal("haemoglobin 14.1");
    expect((await coordinateCeremony(configurationOf(0), planFile)).publication).to.equal(undefined);
  });
});

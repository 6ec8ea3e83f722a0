import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalNetwork, type LocalProvider, startLocalNetwork } from "@anamnesis/node";
import {
  type ClientWithActions,
  createKeyring,
  type ExportManifest,
  type ImportRecordsResult,
  memoryEnvelopeStore,
  openExport,
  type PatientId,
  type RecordProof,
  verifyExport,
} from "@anamnesis/sdk";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { expect } from "chai";
import { inThreeMonths } from "../../scripts/demo/in-three-months.ts";
import { rejection } from "../support/rejection.ts";

/** The stock program: Debian has it as `age`. Where it must be there, `required`; elsewhere it is looked for. */
const wish = process.env["ANAMNESIS_AGE"] ?? "age";
const age = wish === "required" ? "age" : wish;
const hasAge = spawnSync(age, ["--version"]).status === 0;

async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

describe("An export, over real parts", function () {
  this.timeout(300_000);
  const networks: LocalNetwork[] = [];
  let network: LocalNetwork;
  let hospital: LocalProvider;
  let alice: ClientWithActions;
  let patient: PatientId;
  let folder: string;
  let identity: string;
  let file: Uint8Array;

  const letter = (text: string) => ({
    ...{ bytes: new TextEncoder().encode(text), mediaType: "text/plain", title: text, labels: ["laboratory"] as const },
  });
  async function patientOf(of: LocalNetwork) {
    const signer = await of.account();
    const client = await of.connect({ signer, keyring: createKeyring(), envelopes: memoryEnvelopeStore() });
    const registered = await client.identity.registerPatient({});
    await of.passTime(2);
    return { client, id: registered.patient };
  }
  const started = async () => {
    const one = await startLocalNetwork();
    networks.push(one);
    return one;
  };
  const listed = async (client: ClientWithActions, of: PatientId) => {
    const all = [];
    for await (const each of client.records.list({ patient: of })) all.push(each);
    return all;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "anamnesis-export-"));
    network = await started();
    hospital = await network.admit({ name: "Harbour Hospital", kind: "hospital" });
    ({ client: alice, id: patient } = await patientOf(network));
    await alice.consent.grant({
      ...{ patient, grantee: hospital.provider, purpose: "treatment", until: inThreeMonths() },
      labels: ["laboratory", "vital-signs"],
      actions: ["read", "write"],
    });
    const client = await network.connect({ signer: hospital.signer, envelopes: memoryEnvelopeStore() });
    const first = await client.records.add({ patient, content: letter("sodium 104") });
    await client.records.amend({ amends: first.recordId, content: letter("sodium 140") });
    const observation = (category: string) => ({
      ...{
        resourceType: "Observation",
        status: "final",
        category: [
          { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: category }] },
        ],
      },
    });
    const entry = ["laboratory", "laboratory", "vital-signs"].map((each) => ({ resource: observation(each) }));
    await client.records.addBundle({ patient, bundle: { resourceType: "Bundle", entry } });
    await alice.records.sync({ patient });
    identity = await generateX25519Identity();
    const stream = await alice.records.export({ patient, recipients: [await identityToRecipient(identity)] });
    file = new Uint8Array(await new Response(stream as BodyInit).arrayBuffer());
    await writeFile(join(folder, "export.age"), file);
  });
  after(async () => {
    for (const each of networks) await each.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("holds every record with its proof, and is verified without any network", async () => {
    const { manifest, sound, unsound } = await verifyExport(file, { identity });
    expect([sound.length, unsound.size, manifest.left]).to.deep.equal([4, 0, []]);
    expect(manifest.records.map(({ version }) => version)).to.deep.equal([1, 1, 1, 2]);
    const { records } = await openExport(file, { identity });
    for await (const { exported, content } of records) {
      const bytes = await collected(content);
      const proven = await hospital.client.records.verify({ bytes, proof: exported.proof });
      expect([proven.valid, bytes.length]).to.deep.equal([true, exported.length]);
    }
  });

  it("is refused with another key, and where a byte was changed or lost", async () => {
    const other = await generateX25519Identity();
    expect((await rejection(verifyExport(file, { identity: other }))).code).to.equal("RECORD_EXPORT_LOCKED");
    const changed = file.slice();
    changed[file.length >> 1]! ^= 1;
    for (const wrong of [changed, file.subarray(0, file.length - 20)]) {
      expect((await rejection(verifyExport(wrong, { identity }))).code).to.equal("RECORD_EXPORT_INVALID");
    }
    const weak = alice.records.export({ patient, passphrase: "short" });
    expect((await rejection(weak)).code).to.equal("CRYPTO_PASSPHRASE_TOO_SHORT");
    expect((await rejection(alice.records.export({ patient }))).code).to.equal("INPUT_MALFORMED");
  });

  it("opens with the stock age and tar, as records, proofs and one FHIR bundle", async function () {
    if (!hasAge && wish !== "required") return this.skip();
    await writeFile(join(folder, "key.txt"), identity);
    execFileSync(age, [
      "-d",
      "-i",
      join(folder, "key.txt"),
      "-o",
      join(folder, "export.tar"),
      join(folder, "export.age"),
    ]);
    execFileSync("tar", ["-xf", join(folder, "export.tar"), "-C", folder]);
    const json = async (name: string) => JSON.parse(await readFile(join(folder, name), "utf8")) as unknown;
    const manifest = (await json("manifest.json")) as ExportManifest;
    for (const { recordId } of manifest.records) {
      const proof = (await json(`proofs/${recordId}.json`)) as RecordProof;
      const bytes = await readFile(join(folder, `records/${recordId}`));
      expect((await hospital.client.records.verify({ bytes, proof })).valid).to.equal(true);
    }
    const bundle = (await json("bundle.json")) as { entry: { resource: { resourceType: string } }[] };
    // The version that stands of the letter, and the three resources of the bundle.
    expect(bundle.entry.map(({ resource }) => resource.resourceType).toSorted()).to.deep.equal([
      "DocumentReference",
      "Observation",
      "Observation",
      "Observation",
    ]);
  });

  it("is imported into a fresh network, versions and contents whole", async () => {
    const fresh = await started();
    const { client, id } = await patientOf(fresh);
    const { imported, origin }: ImportRecordsResult = await client.records.import({ patient: id, file, identity });
    expect([imported.size, (await listed(client, id)).length]).to.deep.equal([4, 5]);
    const { records } = await openExport(file, { identity });
    for await (const { exported, content } of records) {
      const mine = imported.get(exported.recordId);
      if (mine === undefined) throw new Error("It was not imported.");
      const read = await client.records.read({ recordId: mine });
      expect((await collected(content)).equals(read.content)).to.equal(true);
      expect([read.version, read.title, read.labels]).to.deep.equal([
        exported.version,
        exported.title,
        exported.labels,
      ]);
    }
    const standing = await listed(client, id);
    expect(standing.filter(({ state }) => state === "superseded")).to.have.length(1);
    if (origin === undefined) throw new Error("Nothing says where they come from.");
    const from = await client.records.read({ recordId: origin });
    expect(JSON.parse(new TextDecoder().decode(from.content))).to.deep.include({
      format: "anamnesis-export/v1",
      patient,
    });
  });
});

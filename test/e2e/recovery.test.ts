import { setTimeout as pause } from "node:timers/promises";
import { type LocalNetwork, type LocalProvider, startLocalNetwork } from "@anamnesis/node";
import {
  type ClientWithActions,
  createKeyring,
  type EnvelopeStore,
  type Hex,
  type Keyring,
  memoryEnvelopeStore,
  openKeyring,
  type PatientId,
  type RecordId,
  readTrusteeShare,
  sealKeyring,
  type TrusteeShare,
  trusteeShareText,
} from "@anamnesis/sdk";
import { expect } from "chai";
import type { Wallet } from "ethers";
import { inThreeMonths } from "../../scripts/demo/in-three-months.ts";
import { rejection } from "../support/rejection.ts";

/** Seconds from an announcement until it takes effect, here. */
const DELAY = 5;
const passphrase = "a lamp beside the harbour wall";
const textOf = (content: Uint8Array) => new TextDecoder().decode(content);
const document = (text: string) =>
  ({ bytes: new TextEncoder().encode(text), mediaType: "text/plain", title: text, labels: ["laboratory"] }) as const;

/** The patient's wallet, root and device, before the loss or after. */
interface Owner {
  readonly client: ClientWithActions;
  readonly wallet: Wallet;
  readonly keyring: Keyring;
  readonly envelopes: EnvelopeStore;
}

describe("A lost wallet, over real parts", function () {
  this.timeout(120_000);
  let network: LocalNetwork;
  let hospital: LocalProvider;
  let clinic: LocalProvider;
  let doctor: LocalProvider;
  let lost: Owner;
  let found: Owner;
  let patient: PatientId;
  let trustees: readonly ClientWithActions[];
  let shares: readonly TrusteeShare[];
  let formerHeader: Uint8Array;
  const added: RecordId[] = [];

  const owner = async (): Promise<Owner> => {
    const [wallet, keyring, envelopes] = [await network.account(), createKeyring(), memoryEnvelopeStore()];
    return { wallet, keyring, envelopes, client: await network.connect({ signer: wallet, keyring, envelopes }) };
  };
  const addressOf = (client: ClientWithActions): Hex => client.client.signer?.address ?? "0x";
  const until = async (isSo: () => Promise<boolean>) => {
    for (let attempt = 0; !(await isSo()); attempt++) {
      if (attempt === 100) throw new Error("It did not come about within twenty seconds.");
      await pause(200);
    }
  };
  const isController = async (controller: Hex) =>
    (await hospital.client.identity.findPatient({ patient }))?.controller === controller;
  const readAll = async ({ client }: Pick<Owner, "client">) => {
    const texts: string[] = [];
    for await (const { recordId, problem } of client.records.list({ patient })) {
      texts.push(problem ? problem.code : textOf((await client.records.read({ recordId })).content));
    }
    return texts;
  };

  before(async () => {
    network = await startLocalNetwork({ limits: { patientDelay: DELAY, patientWindow: 60 } });
    hospital = await network.admit({ name: "Harbour Hospital", kind: "hospital" });
    clinic = await network.admit({ name: "Garden Clinic", kind: "clinic" });
    doctor = await network.admit({ name: "Dr Ines Ferreira", kind: "practitioner" });
    await network.affiliate(clinic, doctor);
    lost = await owner();
    ({ patient } = await lost.client.identity.registerPatient());
    const terms = { patient, purpose: "treatment", labels: ["laboratory"], until: inThreeMonths() } as const;
    await lost.client.consent.grant({ ...terms, grantee: hospital.provider, actions: ["read", "write"] });
    await lost.client.consent.grant({ ...terms, grantee: clinic.provider, actions: ["read"] });
    for (const text of ["before the loss, one", "before the loss, two"]) {
      added.push((await hospital.client.records.add({ patient, content: document(text) })).recordId);
    }

    trustees = await Promise.all([0, 1, 2].map(async () => network.connect({ signer: await network.account() })));
    await lost.client.identity.setTrustees({ patient, trustees: trustees.map(addressOf), threshold: 2 });
    const sealed = await sealKeyring(lost.keyring.root, passphrase, { workFactor: 2 });
    const withSlot = await lost.client.identity.addTrusteeSlot({ patient, header: sealed, trustees: 3, threshold: 2 });
    await lost.client.identity.setKeyHeader({ patient, header: withSlot.header });
    formerHeader = withSlot.header;
    // On paper, with each trustee.
    shares = withSlot.shares.map((share) => readTrusteeShare(trusteeShareText(share)));
    await until(async () => (await lost.client.identity.trusteesOf({ patient })).trustees.length === 3);
    found = await owner();
  });
  after(() => network.stop());

  it("gives the record to the new wallet and root, and keeps the keys back until then", async () => {
    const controller = addressOf(found.client);
    const ownerKeyHash = await found.client.identity.ownerKeyHashOfKeyring();
    for (const trustee of trustees.slice(0, 2)) {
      await trustee.identity.proposeRecovery({ patient, controller, ownerKeyHash });
    }
    expect((await found.client.identity.recoveryOf({ patient }))?.state).to.equal("pending");
    const header = await lost.client.identity.fetchKeyringHeader({ patient });
    expect(header).to.deep.equal(formerHeader);
    const early = await rejection(found.client.identity.recoverKeyring({ patient, shares, header }));
    expect([early.code, early.details["reason"]]).to.deep.equal(["RECOVERY_REFUSED", "REFUSED"]);
    const eager = await rejection(lost.client.identity.recoverKeyring({ patient, shares, header }));
    expect([eager.code, eager.details["reason"]]).to.deep.equal(["RECOVERY_REFUSED", "RECOVERY_NOT_FINAL"]);
    await until(() => isController(controller));
    expect(await found.client.identity.ownerKeyHashOf({ patient })).to.equal(ownerKeyHash);
  });

  it("leaves the new wallet without old keys where only the trustees, or too few of them, help", async () => {
    await found.client.records.sync({ patient });
    expect(await readAll(found)).to.deep.equal(["RECORD_NOT_SEALED_TO_YOU", "RECORD_NOT_SEALED_TO_YOU"]);
    const one = await rejection(found.client.identity.recoverKeyring({ patient, shares: shares.slice(0, 1) }));
    expect(one.code).to.equal("CRYPTO_TOO_FEW_SHARES");
    await network.stewards.stop(0);
    await network.stewards.stop(1);
    const header = await found.client.identity.fetchKeyringHeader({ patient });
    const alone = await rejection(found.client.identity.recoverKeyring({ patient, shares, header }));
    expect(alone.code).to.equal("STEWARDS_TOO_FEW");
    await network.stewards.start();
    expect(network.stewards.running).to.have.length(3);
  });

  it("opens the old records with both halves, on the trail, and seals them to the new root", async () => {
    const { former } = await found.client.identity.recoverKeyring({ patient, shares: shares.slice(1) });
    expect(former.root).to.deep.equal(lost.keyring.root);
    expect(former.root).not.to.deep.equal(found.keyring.root);
    const done = await found.client.records.reseal({ patient, former });
    expect([...done.resealed].sort()).to.deep.equal([...added].sort());
    expect([done.pending, done.current, done.unopened.size]).to.deep.equal([[], 0, 0]);
    expect(await readAll(found)).to.have.members(["before the loss, one", "before the loss, two"]);
    const sealed = await sealKeyring(found.keyring.root, passphrase, { workFactor: 2 });
    await found.client.identity.setKeyHeader({ patient, header: sealed });

    const { keyReleases } = await found.client.audit.releases({ patient });
    // The attempt that too few stewards answered left its line, too.
    const [few, enough] = keyReleases.map(({ stewards }) => stewards.length).sort();
    expect([keyReleases.length, few]).to.deep.equal([2, 1]);
    expect(enough).to.be.at.least(2);
    for (const line of keyReleases) expect(line.controller).to.equal(addressOf(found.client));
  });

  it("opens old and new records on another device that knows the new root alone", async () => {
    added.push((await hospital.client.records.add({ patient, content: document("after the loss") })).recordId);
    const signer = found.wallet;
    const bare = await network.connect({ signer });
    const header = await bare.identity.fetchKeyringHeader({ patient });
    const keyring = await openKeyring(header, passphrase);
    const fresh = await network.connect({ signer, keyring, envelopes: memoryEnvelopeStore() });
    expect(await fresh.records.sync({ patient })).to.include({ held: 3 });
    const texts = ["before the loss, one", "before the loss, two", "after the loss"];
    expect(await readAll({ client: fresh })).to.have.members(texts);
    const again = await fresh.records.reseal({ patient });
    expect([again.current, again.resealed.length, again.unopened.size]).to.deep.equal([1, 2, 0]);
  });

  it("leaves the lost wallet and the old root nothing to decide, copy or open anew", async () => {
    const grantee = clinic.provider;
    const terms = { patient, grantee, purpose: "treatment", labels: ["laboratory"], actions: ["read"] } as const;
    const decided = await rejection(lost.client.consent.grant({ ...terms, until: inThreeMonths() }));
    expect(decided.details["error"]).to.equal("PatientSignerNotController");
    expect((await rejection(lost.client.records.sync({ patient }))).code).to.equal("DEVICE_REFUSED");
    expect((await rejection(lost.client.identity.fetchKeyringHeader({ patient }))).code).to.equal(
      "KEY_HEADER_UNAVAILABLE",
    );
    const half = await rejection(lost.client.identity.recoverKeyring({ patient, shares, header: formerHeader }));
    expect([half.code, half.details["reason"]]).to.deep.equal(["RECOVERY_REFUSED", "REFUSED"]);
    // Even with copies of every envelope, the old root opens what it always could and nothing that came after.
    for await (const { envelope } of found.envelopes.list(patient)) await lost.envelopes.put(envelope);
    await found.client.records.sync({ patient });
    const late = await found.envelopes.get(added[2] as RecordId);
    if (late) await lost.envelopes.put(late);
    expect(late).not.to.equal(undefined);
    expect((await rejection(lost.client.records.read({ recordId: added[2] as RecordId }))).code).to.equal(
      "RECORD_NOT_SEALED_TO_YOU",
    );
    expect(textOf((await lost.client.records.read({ recordId: added[0] as RecordId })).content)).to.equal(
      "before the loss, one",
    );
  });

  it("changes nothing for the doctor whom the patient had let read", async () => {
    const chart = await doctor.client.access.open({
      ...{ patient, via: clinic.provider, purpose: "treatment" },
      labels: ["laboratory"],
    });
    if (!chart.allowed) throw new Error(chart.words);
    const { entries } = await chart.list();
    expect(entries.map(({ recordId }) => recordId)).to.have.members(added);
    const record = await chart.read(added[0] as RecordId);
    expect(textOf(record.content)).to.equal("before the loss, one");
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalNetwork, type LocalProvider, startLocalNetwork, writeDeployment } from "@anamnesis/node";
import {
  type ClientWithActions,
  createKeyring,
  type PatientId,
  type ProviderId,
  type ReceiptProof,
} from "@anamnesis/sdk";
import { expect } from "chai";
import { runCli } from "./run-cli.ts";

const note = { resourceType: "Observation", status: "final", code: { text: "Hemoglobin" } };

describe("anamnesis", () => {
  let folder = "";
  let file = "";
  let network: LocalNetwork;
  let clinic: LocalProvider;
  let drBaker: LocalProvider;
  let alice: ClientWithActions;
  let patient: PatientId;

  before(async function () {
    this.timeout(60_000);
    folder = mkdtempSync(join(tmpdir(), "anamnesis-cli-"));
    network = await startLocalNetwork();
    file = writeDeployment(folder, network.deployment);
    clinic = await network.admit({ name: "Riverside Clinic", kind: "clinic" });
    drBaker = await network.admit({ name: "Dr Baker", kind: "practitioner" });
    await network.affiliate(clinic, drBaker);
    alice = await network.connect({ signer: await network.account(), keyring: createKeyring() });
    ({ patient } = await alice.identity.registerPatient());
    const until = new Date("2030-01-01T00:00:00Z");
    const grantee = clinic.provider;
    await alice.consent.grant({
      patient,
      grantee,
      purpose: "treatment",
      labels: ["laboratory"],
      actions: ["read"],
      until,
    });
    await clinic.client.access.open({ patient, purpose: "research", labels: ["laboratory"] });
  });
  after(async () => {
    await network?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  describe("explain", () => {
    const explain = (labels: string, ...more: readonly string[]) => {
      const path = ["--patient", patient, "--actor", drBaker.provider, "--via", clinic.provider];
      return runCli("explain", "-d", file, ...path, "--labels", labels, ...more);
    };

    it("says yes, with what was allowed, and exits with 0", async () => {
      const { code, stdout, stderr } = await explain("laboratory");
      expect(code, `${stdout}${stderr}`).to.equal(0);
      expect(stdout).to.include("You allowed this for treatment").and.to.include("2030-01-01 00:00:00 UTC");
    });

    it("says no, with the reason, and exits with 1", async () => {
      const { code, stdout } = await explain("laboratory,medications", "--json");
      expect(code).to.equal(1);
      expect(JSON.parse(stdout)).to.deep.include({
        allowed: false,
        reason: "labels-not-covered",
        missingLabels: ["medications"],
      });
    });

    it("refuses a label and a purpose that do not exist, and exits with 2", async () => {
      const label = await explain("laboratory,gossip");
      expect(label.code).to.equal(2);
      expect(label.stderr).to.include("Expected one of").and.to.include("laboratory");
      const purpose = await explain("laboratory", "--purpose", "curiosity");
      expect(purpose.code).to.equal(2);
      expect(purpose.stderr).to.include("treatment");
    });

    it("says what to do when the node cannot be reached, and exits with 2", async () => {
      const { code, stderr } = await explain("laboratory", "--node", "http://127.0.0.1:9");
      expect(code).to.equal(2);
      expect(stderr).to.include("CHAIN_UNREACHABLE").and.not.to.include("    at ");
    });
  });

  describe("trail", () => {
    it("tells in words who was allowed and who tried, oldest first", async () => {
      const { code, stdout } = await runCli("trail", "-d", file, "--patient", patient);
      expect(code).to.equal(0);
      expect(stdout.indexOf("You opened this health record.")).to.be.greaterThan(0);
      expect(stdout.indexOf("You allowed")).to.be.greaterThan(stdout.indexOf("You opened this health record."));
    });

    it("gives machines every field", async () => {
      const { stdout } = await runCli("trail", "-d", file, "--patient", patient, "--json");
      const entries = JSON.parse(stdout) as readonly { readonly kind: string; readonly actor?: ProviderId }[];
      const kinds = entries.slice(0, 3).map(({ kind }) => kind);
      expect(kinds).to.deep.equal(["patient-registered", "consent-granted", "access-denied"]);
      expect(entries[2]?.actor).to.equal(clinic.provider);
    });

    it("is empty, and says so, for a record nobody opened", async () => {
      const { code, stdout } = await runCli("trail", "-d", file, "--patient", `0x${"7".repeat(64)}`);
      expect(code).to.equal(0);
      expect(stdout).to.include("holds nothing");
    });

    it("says which file is missing, and exits with 2", async () => {
      const { code, stderr } = await runCli("trail", "-d", join(folder, "absent.json"), "--patient", patient);
      expect(code).to.equal(2);
      expect(stderr).to.include("absent.json").and.not.to.include("    at ");
    });

    it("refuses a file that describes no network, and exits with 2", async () => {
      const other = join(folder, "other.json");
      writeFileSync(other, "{}");
      const { code, stderr } = await runCli("trail", "-d", other, "--patient", patient);
      expect(code).to.equal(2);
      expect(stderr).to.include("CLIENT_DEPLOYMENT_INVALID");
    });
  });

  describe("verify", () => {
    it("knows the document that was put on record from one with one changed byte", async () => {
      const opened = await openedNote();
      const proof = join(folder, "proof.json");
      const document = join(folder, "document.json");
      writeFileSync(proof, JSON.stringify(opened.proof));
      writeFileSync(document, opened.content);
      const yes = await runCli("verify", document, "--proof", proof, "-d", file);
      expect(yes.code, yes.stderr).to.equal(0);
      expect(yes.stdout).to.include(opened.recordId).and.to.include(patient);

      const altered = Uint8Array.from(opened.content);
      altered[10]! ^= 1;
      writeFileSync(document, altered);
      const no = await runCli("verify", document, "--proof", proof, "-d", file, "--json");
      expect(no.code).to.equal(1);
      expect(JSON.parse(no.stdout)).to.include({ valid: false, reason: "content-differs" });
    });

    it("refuses a file that is no proof, and exits with 2", async () => {
      const { code, stderr } = await runCli("verify", file, "--proof", file, "-d", file);
      expect(code).to.equal(2);
      expect(stderr).to.include("RECORD_PROOF_INVALID");
    });
  });

  describe("verify-receipt", () => {
    const frozen = new URL("../vectors/log/receipt-proof.json", import.meta.url);
    const { proof } = JSON.parse(readFileSync(frozen, "utf8")) as { readonly proof: ReceiptProof };
    const fileOf = (name: string, content: unknown): string => {
      const path = join(folder, name);
      writeFileSync(path, JSON.stringify(content));
      return path;
    };

    it("knows a receipt that a steward signed and logged, without any network, from a changed one", async () => {
      const yes = await runCli("verify-receipt", fileOf("receipt.json", proof));
      expect(yes.code, yes.stderr).to.equal(0);
      expect(yes.stdout).to.include("5 of 7").and.to.include("not asked");
      const machine = await runCli("verify-receipt", fileOf("receipt.json", proof), "--json");
      expect(JSON.parse(machine.stdout)).to.deep.include({ valid: true, anchored: null });

      const changed = fileOf("changed.json", { ...proof, index: 3 });
      const no = await runCli("verify-receipt", changed, "--json");
      expect(no.code).to.equal(1);
      expect(JSON.parse(no.stdout)).to.include({ valid: false, reason: "not-in-log" });
    });

    it("asks the network that is named", async () => {
      const { code, stdout } = await runCli("verify-receipt", fileOf("receipt.json", proof), "-d", file);
      expect(code).to.equal(1);
      expect(stdout).to.include("another network");
    });

    it("refuses a file that is no proof, and exits with 2", async () => {
      const { code, stderr } = await runCli("verify-receipt", file);
      expect(code).to.equal(2);
      expect(stderr).to.include("RECEIPT_PROOF_INVALID");
    });
  });

  async function openedNote() {
    const until = new Date("2030-01-01T00:00:00Z");
    const { recordId, labels } = await alice.records.add({ patient, content: note });
    const consent = {
      patient,
      grantee: clinic.provider,
      purpose: "quality",
      labels,
      actions: ["read"],
      until,
    } as const;
    await alice.consent.grant(consent);
    const chart = await clinic.client.access.open({ patient, purpose: "quality", labels });
    if (!chart.allowed) throw new Error(chart.words);
    return chart.read(recordId);
  }
});

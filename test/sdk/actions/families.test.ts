import {
  type Client,
  type ClientWithActions,
  createClient,
  createKeyring,
  type Hex,
  keyringHeaderHash,
  openKeyring,
  type PatientId,
  type SignerLike,
  sealKeyring,
  withActions,
} from "@anamnesis/sdk";
import { expect } from "chai";
import type { HDNodeWallet } from "ethers";
import { type Actor, actionsFor, admitted, inDays, registeredPatient, someOwnerKeyHash } from "../../support/actors.ts";
import { type LocalChain, localChain, testPatientDelay, testPatientWindow } from "../../support/local-chain.ts";
import { rejection } from "../../support/rejection.ts";

const addressOf = ({ signer }: Client): Hex => signer?.address ?? "0x";
const otherKeyHash = `0x${"cd".repeat(32)}` as const;

describe("identity verbs", () => {
  let chain: LocalChain;
  let officer: ClientWithActions;
  let alice: Actor<PatientId>;
  let year: number;

  before(async function () {
    this.timeout(60_000);
    chain = await localChain();
    officer = await actionsFor(chain, chain.recoveryOfficer);
  });

  beforeEach(async () => {
    alice = await registeredPatient(chain);
    const block = (await chain.rpc("eth_getBlockByNumber", ["latest", false])) as { timestamp: string };
    year = inDays(Number(block.timestamp), 365);
  });

  const clientWith = async (signer: SignerLike, root?: Uint8Array) =>
    withActions(
      await createClient({
        deployment: chain.deployment,
        signer,
        ...(root === undefined ? {} : { keyring: { root } }),
      }),
    );

  const kindsOnTrail = async (patient: PatientId) => {
    const kinds: string[] = [];
    for await (const entry of alice.actions.audit.trail({ patient })) {
      expect(entry.words).to.match(/^[A-Z].*\.$/);
      kinds.push(entry.kind);
    }
    return kinds;
  };

  describe("delegates", () => {
    it("are appointed, seen, and dismissed", async () => {
      const carer = await actionsFor(chain, chain.newWallet());
      const delegate = addressOf(carer.client);
      const { identity } = alice.actions;
      const patient = alice.id;
      expect(await identity.delegateOf({ patient, delegate })).to.equal(undefined);
      await identity.appointDelegate({ patient, delegate, as: "proxy", until: year });
      await chain.passTime(2);
      expect(await identity.delegateOf({ patient, delegate })).to.include({ kind: "proxy", until: year, live: true });
      await carer.consent.revokeAll({ patient });
      await identity.dismissDelegate({ patient, delegate });
      expect(await identity.delegateOf({ patient, delegate })).to.equal(undefined);
      await identity.appointDelegate({ patient, delegate, as: "executor", until: year });
      expect((await identity.delegateOf({ patient, delegate }))?.live).to.equal(false);
      const kinds = await kindsOnTrail(patient);
      expect(kinds.slice(0, 2)).to.deep.equal(["patient-registered", "delegate-appointed"]);
      expect(kinds.slice(2)).to.deep.equal(["everything-revoked", "delegate-dismissed", "delegate-appointed"]);
    });

    it("begin as executors after an attested death, unless the patient objects", async () => {
      const heir = await actionsFor(chain, chain.newWallet());
      const [patient, delegate] = [alice.id, addressOf(heir.client)];
      const { identity } = alice.actions;
      await identity.appointDelegate({ patient, delegate, as: "executor", until: year });
      expect((await officer.identity.attestDeath({ patient })).state).to.equal("done");
      expect((await identity.findPatient({ patient }))?.deceased).to.equal(true);
      await chain.passTime(testPatientWindow + 2);
      expect((await identity.delegateOf({ patient, delegate }))?.live).to.equal(true);
      await identity.objectToDeath({ patient });
      expect((await identity.findPatient({ patient }))?.deceased).to.equal(false);
      expect((await identity.delegateOf({ patient, delegate }))?.live).to.equal(false);
      const refused = await rejection(heir.consent.revokeAll({ patient }));
      expect(refused.details).to.include({ error: "PatientSignerNotController" });
    });
  });

  describe("changes", () => {
    it("are announced, seen, cancelled, and take effect by time", async () => {
      const next = await actionsFor(chain, chain.newWallet());
      const patient = alice.id;
      const { identity } = alice.actions;
      const controller = addressOf(next.client);
      await identity.changeController({ patient, controller });
      expect(await identity.changeOf({ patient, change: "controller" })).to.include({ controller });
      await identity.cancelChange({ patient, change: "controller" });
      expect(await identity.changeOf({ patient, change: "controller" })).to.equal(undefined);
      await identity.changeController({ patient, controller });
      await chain.passTime(testPatientDelay);
      expect((await identity.findPatient({ patient }))?.controller).to.equal(controller);
      const late = await rejection(identity.optOutOfEmergency({ patient }));
      expect(late.details).to.include({ error: "PatientSignerNotController" });
      await next.identity.optOutOfEmergency({ patient });
      expect((await identity.findPatient({ patient }))?.optedOut).to.equal(true);
      await next.identity.optInToEmergency({ patient });
      expect((await identity.findPatient({ patient }))?.optedOut).to.equal(false);
    });

    it("rotate the owner key of the keyring to its next version", async () => {
      const { root } = createKeyring();
      const owner = await clientWith(chain.newWallet(), root);
      const { patient } = await owner.identity.registerPatient();
      const rotated = await owner.identity.rotateOwnerKey({ patient });
      expect(rotated.version).to.equal(2);
      expect(await owner.identity.ownerKeyHashOf({ patient })).not.to.equal(rotated.ownerKeyHash);
      await chain.passTime(testPatientDelay);
      expect(await owner.identity.ownerKeyHashOf({ patient })).to.equal(rotated.ownerKeyHash);
      expect((await owner.identity.rotateOwnerKey({ patient })).version).to.equal(3);
      const stranger = await clientWith(chain.newWallet(), createKeyring().root);
      expect((await rejection(stranger.identity.rotateOwnerKey({ patient }))).code).to.equal(
        "RECORD_OWNER_KEY_MISMATCH",
      );
    });

    it("are signed by who has no funds and sent by another, once and here only", async () => {
      const sender = await actionsFor(chain, chain.newWallet());
      const patient = alice.id;
      const signed = await alice.actions.identity.signDecision({
        patient,
        decision: { kind: "opt-out-of-emergency" },
      });
      expect(JSON.parse(JSON.stringify(signed))).to.deep.equal(signed);
      const elsewhere = { ...signed, signedFor: { ...signed.signedFor, chainId: 1 } };
      expect((await rejection(sender.identity.submitDecision({ signed: elsewhere }))).code).to.equal(
        "CONSENT_SIGNED_FOR_ANOTHER",
      );
      await sender.identity.submitDecision({ signed });
      expect((await sender.identity.findPatient({ patient }))?.optedOut).to.equal(true);
      const changed = { ...signed, decision: { kind: "veto-recovery" } as const };
      expect((await rejection(sender.identity.submitDecision({ signed: changed }))).code).to.equal("CHAIN_REVERTED");
    });
  });

  describe("trustees", () => {
    it("freeze a record and give it to a new wallet, with the patient's new owner key", async () => {
      const patient = alice.id;
      const tom = await actionsFor(chain, chain.newWallet());
      const tina = await actionsFor(chain, chain.newWallet());
      const next = await actionsFor(chain, chain.newWallet());
      const trustees = [addressOf(tom.client), addressOf(tina.client)];
      const { identity } = alice.actions;
      await identity.setTrustees({ patient, trustees, threshold: 2 });
      expect((await identity.trusteesOf({ patient })).trustees).to.deep.equal([]);
      await chain.passTime(testPatientDelay);
      expect(await identity.trusteesOf({ patient })).to.deep.equal({ trustees, threshold: 2, version: 1, round: 0 });

      await tom.identity.freezeRecord({ patient });
      await tina.identity.freezeRecord({ patient });
      expect((await identity.findPatient({ patient }))?.frozen).to.equal(true);
      const frozen = await rejection(identity.changeController({ patient, controller: trustees[0] ?? "0x" }));
      expect(frozen.details).to.include({ error: "PatientFrozen" });

      const controller = addressOf(next.client);
      for (const trustee of [tina, tom]) {
        await trustee.identity.proposeRecovery({ patient, controller, ownerKeyHash: otherKeyHash });
      }
      expect(await identity.recoveryOf({ patient })).to.include({ state: "pending", controller });
      await chain.passTime(testPatientDelay);
      expect(await identity.recoveryOf({ patient })).to.equal(undefined);
      expect(await identity.findPatient({ patient })).to.include({ controller, frozen: false });
      expect(await identity.ownerKeyHashOf({ patient })).to.equal(otherKeyHash);
      expect(await kindsOnTrail(patient)).to.deep.equal([
        "patient-registered",
        "trustees-announced",
        "proposal-approved",
        "proposal-approved",
        "frozen",
        "everything-revoked",
        "proposal-approved",
        "proposal-approved",
        "recovery-proposed",
      ]);
    });

    it("are vetoed once; then the officer judges", async () => {
      const patient = alice.id;
      const tom = await actionsFor(chain, chain.newWallet());
      const controller = addressOf(tom.client);
      const { identity } = alice.actions;
      await identity.setTrustees({ patient, trustees: [controller], threshold: 1 });
      await chain.passTime(testPatientDelay);
      const recovery = { patient, controller, ownerKeyHash: otherKeyHash };
      await tom.identity.proposeRecovery(recovery);
      await identity.vetoRecovery({ patient });
      await tom.identity.proposeRecovery(recovery);
      expect((await identity.recoveryOf({ patient }))?.state).to.equal("awaiting");
      const second = await rejection(identity.vetoRecovery({ patient }));
      expect(second.details).to.include({ error: "PatientRecoveryNotVetoable" });
      await officer.identity.endorseRecovery(recovery);
      await chain.passTime(testPatientDelay);
      expect((await identity.findPatient({ patient }))?.controller).to.equal(controller);
    });
  });

  describe("minors", () => {
    it("have guardians who decide together, and take their record over at majority", async () => {
      const [bob, tina, child] = (await Promise.all([0, 1, 2].map(() => actionsFor(chain, chain.newWallet())))) as [
        ClientWithActions,
        ClientWithActions,
        ClientWithActions,
      ];
      const block = (await chain.rpc("eth_getBlockByNumber", ["latest", false])) as { timestamp: string };
      const majorityAt = (Math.floor(Number(block.timestamp) / 60) + 10) * 60;
      const others = [addressOf(tina.client)];
      const { patient } = await bob.identity.registerMinor({
        ...{ majorityAt, others, together: true, ownerKeyHash: someOwnerKeyHash },
      });
      expect(await bob.identity.findPatient({ patient })).to.include({
        ...{ controller: undefined, minor: true, together: true },
      });
      await chain.passTime(2);
      await tina.identity.optOutOfEmergency({ patient });
      await chain.passTime(2);
      const decision = { kind: "opt-in-to-emergency" } as const;
      const first = await bob.identity.signDecision({ patient, decision });
      const { signedAt, deadline } = first.authorization;
      const alone = await rejection(bob.identity.submitDecision({ signed: first }));
      expect(alone.details).to.include({ error: "AuthorizationSignatureInvalid" });
      const second = await tina.identity.signDecision({ patient, decision, times: { signedAt, deadline } });
      const authorizations = [second.authorization, first.authorization];
      const missing = await rejection(
        bob.identity.joinGuardianAuthorizations({ patient, authorizations: authorizations.slice(0, 1) }),
      );
      expect(missing.code).to.equal("GUARDIANS_MISSING");
      const authorization = await bob.identity.joinGuardianAuthorizations({ patient, authorizations });
      await child.identity.submitDecision({ signed: { ...first, authorization } });
      expect((await bob.identity.findPatient({ patient }))?.optedOut).to.equal(false);

      await chain.passTime(600);
      const late = await rejection(bob.identity.optOutOfEmergency({ patient }));
      expect(late.details).to.include({ error: "PatientSignerNotController" });
      const wallet = addressOf(child.client);
      await officer.identity.attestMajority({ patient, wallet });
      await child.identity.claimAtMajority({ patient, ownerKeyHash: otherKeyHash });
      expect(await child.identity.findPatient({ patient })).to.include({ controller: wallet, minor: false });
      expect(await kindsOnTrail(patient)).to.deep.equal([
        "minor-registered",
        "emergency-opted-out",
        "emergency-opted-in",
        "majority-attested",
        "majority-claimed",
      ]);
    });
  });

  describe("guardians", () => {
    it("are replaced by the recovery officer, unless one of them stops it", async () => {
      const [ada, ben, cleo] = (await Promise.all([0, 1, 2].map(() => actionsFor(chain, chain.newWallet())))) as [
        ClientWithActions,
        ClientWithActions,
        ClientWithActions,
      ];
      const [adas, bens, cleos] = [ada, ben, cleo].map(({ client }) => addressOf(client)) as [Hex, Hex, Hex];
      const terms = { majorityAt: year, others: [bens], ownerKeyHash: someOwnerKeyHash };
      const { patient } = await ada.identity.registerMinor(terms);
      await chain.passTime(2);
      const decision = { kind: "accept-guardianship", lost: bens } as const;
      const replace = async () =>
        officer.identity.replaceGuardian({ signed: await cleo.identity.signDecision({ patient, decision }) });
      expect((await replace()).state).to.equal("done");
      expect((await ada.identity.guardiansOf({ patient })).change).to.include({ lost: bens, next: cleos });
      await chain.passTime(2);
      await ben.identity.keepGuardian({ patient, guardian: bens });
      expect((await ada.identity.guardiansOf({ patient })).change).to.equal(undefined);
      await chain.passTime(2);
      await replace();
      const again = await rejection(ada.identity.keepGuardian({ patient, guardian: bens }));
      expect(again.details).to.include({ error: "PatientGuardianChangeFinal" });
      await chain.passTime(testPatientDelay + 2);
      expect((await ada.identity.guardiansOf({ patient })).guardians).to.deep.equal([adas, cleos]);
      expect(await ada.identity.delegateOf({ patient, delegate: cleos })).to.include({ kind: "guardian", live: true });
      const late = await rejection(ben.identity.optOutOfEmergency({ patient }));
      expect(late.details).to.include({ error: "PatientSignerNotController" });
      expect(await kindsOnTrail(patient)).to.deep.equal([
        "minor-registered",
        "guardian-announced",
        "guardian-kept",
        "guardian-announced",
      ]);
    });
  });

  describe("providers", () => {
    it("get a key for a lost one, unless it is found", async () => {
      const clinic = await admitted(chain, "clinic", "Meadow Clinic");
      const registrar = await actionsFor(chain, chain.registrar);
      const next = await actionsFor(chain, chain.newWallet());
      const lost = addressOf(clinic.client);
      const signed = await next.identity.signProviderKey({ provider: clinic.id, name: clinic.name });
      expect((await registrar.identity.replaceProviderKey({ lost, signed })).state).to.equal("done");
      await clinic.actions.identity.keepProviderKey({ provider: clinic.id, key: lost });
      await registrar.identity.replaceProviderKey({ lost, signed });
      await chain.passTime(testPatientDelay);
      const holder = async (key: Hex) => (await registrar.identity.findProvider({ key }))?.provider;
      expect([await holder(lost), await holder(addressOf(next.client))]).to.deep.equal([undefined, clinic.id]);
    });
  });

  describe("keyring", () => {
    it("opens with the patient's wallet, and stands on the chain by its hash", async () => {
      const wallet: HDNodeWallet = chain.newWallet();
      const { root } = createKeyring();
      const owner = await clientWith(wallet, root);
      const { patient } = await owner.identity.registerPatient();
      const sealed = await sealKeyring(root, "correct horse battery", { workFactor: 2 });
      const header = await owner.identity.addWalletSlot({ header: sealed });
      expect((await owner.identity.setKeyHeader({ patient, header })).version).to.equal(1);
      expect((await owner.identity.setKeyHeader({ patient, header: sealed })).version).to.equal(2);
      const { patientRegistry } = owner.client.contracts;
      expect((await patientRegistry.keyHeaderOf(patient)).headerHash).to.equal(keyringHeaderHash(sealed));
      const device = await actionsFor(chain, wallet);
      expect((await device.identity.unlockWithWallet({ header })).root).to.deep.equal(root);
      expect((await openKeyring(header, "correct horse battery")).root).to.deep.equal(root);
      const thief = await actionsFor(chain, chain.newWallet());
      expect((await rejection(thief.identity.unlockWithWallet({ header }))).code).to.equal("CRYPTO_SLOT_NOT_OPENED");
    });

    it("refuses a wallet whose account holds code", async () => {
      const { root } = createKeyring();
      const wallet = chain.newWallet();
      const owner = await clientWith(wallet, root);
      await chain.rpc("hardhat_setCode", [wallet.address, `0xef0100${"12".repeat(20)}`]);
      const header = await sealKeyring(root, "correct horse battery", { workFactor: 2 });
      expect((await rejection(owner.identity.addWalletSlot({ header }))).code).to.equal("CRYPTO_WALLET_UNSUITABLE");
    });
  });
});

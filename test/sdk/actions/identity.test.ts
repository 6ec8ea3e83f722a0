import { expect } from "chai";
import { createClient, createKeyring, type ProviderId, withActions } from "../../../sdk/src/index.ts";
import {
  type Actor,
  actionsFor,
  admitted,
  affiliate,
  registeredPatient,
  someOwnerKeyHash,
} from "../../support/actors.ts";
import { type LocalChain, localChain, testEmergencyDelay } from "../../support/local-chain.ts";
import { rejection } from "../../support/rejection.ts";

describe("identity verbs", function () {
  this.timeout(60_000);
  let chain: LocalChain;
  let registrar: Awaited<ReturnType<typeof actionsFor>>;

  before(async () => {
    chain = await localChain();
    registrar = await actionsFor(chain, chain.registrar);
  });

  describe("registerPatient", () => {
    it("opens a record under a fresh pseudonym with the keyring's owner key", async () => {
      const signer = chain.newWallet();
      const { deployment } = chain;
      const actions = withActions(await createClient({ deployment, signer, keyring: createKeyring() }));
      const first = await actions.identity.registerPatient();
      const second = await actions.identity.registerPatient();
      expect(first.patient).to.not.equal(second.patient);
      expect(await actions.identity.ownerKeyHashOf({ patient: first.patient })).to.equal(first.ownerKeyHash);
      expect(first.ownerKeyHash).to.equal(second.ownerKeyHash);
      const found = await actions.identity.findPatient({ patient: first.patient });
      expect(found).to.include({ controller: signer.address.toLowerCase(), generation: 0 });
    });

    it("asks for a keyring where there is none", async () => {
      const actions = await actionsFor(chain, chain.newWallet());
      expect((await rejection(actions.identity.registerPatient())).code).to.equal("CLIENT_KEYRING_MISSING");
    });

    it("can be signed by somebody without funds and sent by another", async () => {
      const patient = await actionsFor(chain, chain.newWallet());
      const signed = await patient.identity.signRegistration({ ownerKeyHash: someOwnerKeyHash });
      const sent = await registrar.identity.submitSignedRegistration({ signed });
      expect(sent.patient).to.equal(signed.patient);
      const again = await rejection(registrar.identity.submitSignedRegistration({ signed }));
      expect(again.details).to.include({ error: "PatientAlreadyRegistered", patient: signed.patient });
    });

    it("an unknown patient has no owner key", async () => {
      const patient = (await registeredPatient(chain)).id.replace(/..$/, "00") as typeof someOwnerKeyHash as never;
      expect(await registrar.identity.ownerKeyHashOf({ patient })).to.equal(undefined);
      expect(await registrar.identity.findPatient({ patient })).to.equal(undefined);
    });
  });

  describe("admitProvider", () => {
    it("admits who signed, and finds them by id and by key", async () => {
      const clinic = await admitted(chain, "clinic", "Harbour Clinic", { author: true });
      const found = await registrar.identity.findProvider({ provider: clinic.id });
      expect(found).to.include({
        status: "active",
        kind: "clinic",
        author: true,
        emergency: false,
        licence: undefined,
      });
      const key = clinic.client.signer?.address ?? "0x";
      expect((await registrar.identity.findProvider({ key }))?.provider).to.equal(clinic.id);
      expect(await registrar.identity.findProvider({ key: chain.registrar.address as typeof key })).to.equal(undefined);
    });

    it("refuses a name that looks like another's", async () => {
      await (async () => {
        const actions = await actionsFor(chain, chain.newWallet());
        const admission = await actions.identity.signProviderAdmission({ name: "Mercy Hospital", kind: "hospital" });
        await registrar.identity.admitProvider({ admission });
      })();
      const impostor = await actionsFor(chain, chain.newWallet());
      const lookalikes = ["Mercy Hоspital", "MERCY HOSPITAL", "Mercy Hospita1", "Ｍercy Hospital"];
      for (const name of lookalikes) {
        const admission = await impostor.identity.signProviderAdmission({ name, kind: "hospital" });
        const error = await rejection(registrar.identity.admitProvider({ admission }));
        expect(error.details["error"], name).to.equal("ProviderNameTaken");
      }
      const other = await impostor.identity.signProviderAdmission({ name: "Mercy Clinic", kind: "clinic" });
      expect((await registrar.identity.admitProvider({ admission: other })).provider).to.equal(other.provider);
    });

    it("only a registrar admits, and nobody without their own signature", async () => {
      const actions = await actionsFor(chain, chain.newWallet());
      const admission = await actions.identity.signProviderAdmission({ name: "Valley Pharmacy", kind: "pharmacy" });
      expect((await rejection(actions.identity.admitProvider({ admission }))).details["error"]).to.equal(
        "AccessManagedUnauthorized",
      );
      const renamed = { ...admission, name: "Hill Pharmacy" };
      expect((await rejection(registrar.identity.admitProvider({ admission: renamed }))).details["error"]).to.equal(
        "AuthorizationSignatureInvalid",
      );
    });

    it("a practitioner needs a licence of their own", async () => {
      const actions = await actionsFor(chain, chain.newWallet());
      const admission = await actions.identity.signProviderAdmission({ name: "Dr Quist", kind: "practitioner" });
      expect((await rejection(registrar.identity.admitProvider({ admission }))).details["error"]).to.equal(
        "ProviderLicenceMissing",
      );
    });
  });

  describe("status and privileges", () => {
    it("suspends, reinstates and retires", async () => {
      const { id: provider } = await admitted(chain, "laboratory", "Delta Lab");
      const status = async () => (await registrar.identity.findProvider({ provider }))?.status;
      expect((await registrar.identity.suspendProvider({ provider })).state).to.equal("done");
      expect(await status()).to.equal("suspended");
      await registrar.identity.reinstateProvider({ provider });
      expect(await status()).to.equal("active");
      await registrar.identity.retireProvider({ provider });
      expect(await status()).to.equal("retired");
      const error = await rejection(registrar.identity.reinstateProvider({ provider }));
      expect(error.details).to.include({ error: "ProviderNotActive", provider });
    });

    it("an emergency privilege is announced first and takes effect after the waiting time", async () => {
      const { id: provider } = await admitted(chain, "practitioner", "Dr Emre");
      const officer = await actionsFor(chain, chain.emergencyOfficer);
      const isGranted = async () => (await registrar.identity.findProvider({ provider }))?.emergency;
      const announced = await officer.identity.grantEmergency({ provider });
      expect(announced.state).to.equal("announced");
      expect((await officer.identity.grantEmergency({ provider })).state).to.equal("announced");
      expect(await isGranted()).to.equal(false);
      await chain.passTime(testEmergencyDelay + 1);
      expect((await officer.identity.grantEmergency({ provider })).state).to.equal("done");
      expect(await isGranted()).to.equal(true);
      const error = await rejection(registrar.identity.grantEmergency({ provider }));
      expect(error.details["error"]).to.equal("AccessManagedUnauthorized");
    });

    it("authorship is granted and taken away", async () => {
      const { id: provider } = await admitted(chain, "laboratory", "Epsilon Lab", { author: true });
      await registrar.identity.revokeAuthorship({ provider });
      expect((await registrar.identity.findProvider({ provider }))?.author).to.equal(false);
    });
  });

  describe("affiliation", () => {
    let clinic: Actor<ProviderId>;
    let doctor: Actor<ProviderId>;

    before(async () => {
      clinic = await admitted(chain, "clinic", "Garden Clinic");
      doctor = await admitted(chain, "practitioner", "Dr Gale");
    });

    it("needs both sides, and either side ends it", async () => {
      const pair = { organisation: clinic.id, practitioner: doctor.id };
      const status = async () => (await registrar.identity.affiliationOf(pair)).status;
      expect(await status()).to.equal("none");
      const early = await rejection(doctor.actions.identity.acceptAffiliation(pair));
      expect(early.details["error"]).to.equal("AffiliationStateInvalid");
      await affiliate(clinic, doctor);
      expect(await status()).to.equal("active");
      await doctor.actions.identity.endAffiliation(pair);
      expect(await status()).to.equal("ended");
      await chain.passTime(1);
      await affiliate(clinic, doctor);
      await clinic.actions.identity.endAffiliation(pair);
      expect(await status()).to.equal("ended");
      const stranger = await rejection(registrar.identity.proposeAffiliation(pair));
      expect(stranger.details["error"]).to.equal("ProviderKeyUnknown");
    });

    it("a second key joins with its own signature and leaves for ever", async () => {
      const second = await actionsFor(chain, chain.newWallet());
      const signed = await second.identity.signProviderKey({ provider: clinic.id, name: clinic.name });
      await clinic.actions.identity.addProviderKey({ signed });
      const key = second.client.signer?.address ?? "0x";
      expect((await registrar.identity.findProvider({ key }))?.provider).to.equal(clinic.id);
      await clinic.actions.identity.removeProviderKey({ provider: clinic.id, key });
      expect(await registrar.identity.findProvider({ key })).to.equal(undefined);
      const again = await second.identity.signProviderKey({ provider: clinic.id, name: clinic.name });
      const error = await rejection(clinic.actions.identity.addProviderKey({ signed: again }));
      expect(error.details["error"]).to.equal("ProviderKeyTaken");
      const own = clinic.client.signer?.address ?? "0x";
      const last = await rejection(clinic.actions.identity.removeProviderKey({ provider: clinic.id, key: own }));
      expect(last.details["error"]).to.equal("ProviderLastKey");
    });
  });
});

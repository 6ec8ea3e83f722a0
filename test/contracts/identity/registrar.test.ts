import { expect } from "chai";
import type { ProviderId } from "../../../sdk/src/core/ids.ts";
import type { ProviderKind } from "../../../sdk/src/core/types.ts";
import { providerAdmissionData } from "../../../sdk/src/typed-data/index.ts";
import {
  admissionOf,
  admit,
  at,
  bySignature,
  directly,
  EMERGENCY_DELAY,
  ethers,
  type Fixture,
  kinds,
  load,
  nextSecond,
  now,
  refuses,
  saltOf,
} from "../fixture.ts";

const status = { none: 0n, active: 1n, suspended: 2n, retired: 3n };

/** Laid out for registering: a new clinic with the spare key. */
async function newcomer(f: Fixture, kind: ProviderKind = "clinic", name = "Hilltop") {
  const salt = saltOf(name) as `0x${string}`;
  const provider = (await f.providers.providerIdOf(f.spare, salt)) as ProviderId;
  const { authorization } = await bySignature(f.spare, f.providers, (contract, times) =>
    providerAdmissionData(contract, { name, kind, provider, salt, ...times }),
  );
  return { provider, authorization, admission: admissionOf(kind, name) };
}

describe("ProviderRegistry, by its registrars", () => {
  describe("register", () => {
    it("admits every kind, with its first key and no privilege", async () => {
      const f = await load();
      const wallets = kinds
        .slice(1)
        .map((_, i) => ethers.HDNodeWallet.fromPhrase(`${"test ".repeat(11)}junk`, undefined, `m/44'/60'/0'/1/${i}`));
      let admitted = 0;
      for (const [i, kind] of kinds.slice(1).entries()) {
        const key = wallets[i]?.connect(ethers.provider) as never as typeof f.spare;
        const { provider } = await admit(f, kind as ProviderKind, `The ${kind}`, key);
        const { nameHash, skeletonHash, licence } = admissionOf(kind as ProviderKind, `The ${kind}`);
        const expected = [status.active, BigInt(i + 1), false, false, nameHash, skeletonHash, licence];
        expect(await f.providers.providerOf(provider)).to.deep.equal(expected);
        expect(await f.providers.providerOfKey(key.address)).to.equal(provider);
        expect(await f.providers.nameHashOf(provider)).to.equal(nameHash);
        admitted++;
      }
      expect(admitted).to.equal(10);
    });

    it("says so", async () => {
      const f = await load();
      const { provider, authorization, admission } = await newcomer(f);
      await expect(f.providers.connect(f.registrar).register(admission, authorization))
        .to.emit(f.providers, "ProviderRegistered")
        .withArgs(provider, f.spare.address, 2n, admission.nameHash, admission.skeletonHash, ethers.ZeroHash);
    });

    it("takes a registrar's own key by the call alone", async () => {
      const f = await load();
      const { authorization } = await directly(f.registrar, f.providers, undefined as never);
      await f.providers.connect(f.registrar).register(admissionOf("agency", "The Agency"), authorization);
      expect(await f.providers.providerOfKey(f.registrar)).not.to.equal(ethers.ZeroHash);
    });

    it("refuses anybody but a registrar", async () => {
      const f = await load();
      const { authorization, admission } = await newcomer(f);
      for (const caller of [f.spare, f.mallory, f.officer, f.admin, f.clinic.key]) {
        const call = f.providers.connect(caller).register(admission, authorization);
        await refuses(call, f.providers, "AccessManagedUnauthorized", caller.address);
      }
    });

    it("refuses a key that did not sign exactly this", async () => {
      const f = await load();
      const { authorization, admission } = await newcomer(f);
      const register = (changes: object) =>
        f.providers.connect(f.registrar).register({ ...admission, ...changes }, authorization);
      for (const changes of [{ nameHash: ethers.id("Hillside") }, { kind: 1 }, { salt: saltOf("other") }]) {
        await refuses(register(changes), f.providers, "AuthorizationSignatureInvalid", f.spare.address);
      }
      const stolen = f.providers.connect(f.registrar).register(admission, { ...authorization, signature: "0x" });
      await refuses(stolen, f.providers, "AuthorizationSignerNotCaller", f.spare.address, f.registrar.address);
      await register({});
    });

    it("refuses a missing name, kind or licence, and a licence for an organisation", async () => {
      const f = await load();
      const { authorization, admission } = await newcomer(f);
      const register = (changes: object) =>
        f.providers.connect(f.registrar).register({ ...admission, ...changes }, authorization);
      for (const changes of [
        { nameHash: ethers.ZeroHash },
        { nameHash: ethers.id("") },
        { skeletonHash: ethers.ZeroHash },
      ]) {
        await refuses(register(changes), f.providers, "ProviderNameMissing");
      }
      await refuses(register({ kind: 0 }), f.providers, "ProviderKindInvalid", 0);
      await refuses(register({ kind: 10 }), f.providers, "ProviderLicenceMissing");
      await refuses(register({ licence: ethers.id("L") }), f.providers, "ProviderLicenceUnexpected", ethers.id("L"));
      await expect(register({ kind: 11 })).to.revert(ethers);
    });

    it("refuses a name that looks like a taken one, and a taken licence, also of somebody retired", async () => {
      const f = await load();
      const { skeletonHash } = admissionOf("clinic", f.clinic.name);
      const { licence } = admissionOf("practitioner", f.drBaker.name);
      for (const end of [async () => undefined, (id: string) => f.providers.connect(f.registrar).retire(id)]) {
        await end(f.clinic.provider);
        await end(f.drBaker.provider);
        const lookalike = await newcomer(f);
        const named = f.providers
          .connect(f.registrar)
          .register({ ...lookalike.admission, skeletonHash }, lookalike.authorization);
        await refuses(named, f.providers, "ProviderNameTaken", skeletonHash, f.clinic.provider);
        const double = await newcomer(f, "practitioner", "Dr Twice");
        const licensed = f.providers
          .connect(f.registrar)
          .register({ ...double.admission, licence }, double.authorization);
        await refuses(licensed, f.providers, "ProviderLicenceTaken", licence, f.drBaker.provider);
      }
    });

    it("refuses a key that is taken, whatever the salt, and a repeat", async () => {
      const f = await load();
      const first = await newcomer(f);
      await f.providers.connect(f.registrar).register(first.admission, first.authorization);
      const repeat = f.providers.connect(f.registrar).register(first.admission, first.authorization);
      await refuses(repeat, f.providers, "ProviderAlreadyRegistered", first.provider);
      const second = await newcomer(f, "clinic", "Valley");
      const taken = f.providers.connect(f.registrar).register(second.admission, second.authorization);
      await refuses(taken, f.providers, "ProviderKeyTaken", f.spare.address);
    });

    it("refuses times ahead and deadlines behind", async () => {
      const f = await load();
      const { admission, authorization } = await newcomer(f);
      const head = await now();
      const register = (times: object) =>
        f.providers.connect(f.registrar).register(admission, { ...authorization, ...times });
      await at(head + 5);
      await refuses(register({ signedAt: head + 6 }), f.providers, "AuthorizationNotYetValid", head + 6, head + 5);
      await refuses(register({ deadline: head + 4 }), f.providers, "AuthorizationExpired", head + 4, head + 5);
    });
  });

  describe("suspend, reinstate and retire", () => {
    it("move a provider, and say so", async () => {
      const f = await load();
      const providers = f.providers.connect(f.registrar);
      const id = f.clinic.provider;
      const statusNow = async () => (await providers.providerOf(id)).status;
      await expect(providers.suspend(id)).to.emit(providers, "ProviderSuspended").withArgs(id);
      expect(await statusNow()).to.equal(status.suspended);
      await expect(providers.reinstate(id)).to.emit(providers, "ProviderReinstated").withArgs(id);
      expect(await statusNow()).to.equal(status.active);
      await expect(providers.retire(id)).to.emit(providers, "ProviderRetired").withArgs(id);
      expect(await statusNow()).to.equal(status.retired);
    });

    it("refuse anybody but a registrar", async () => {
      const f = await load();
      for (const verb of [
        "suspend",
        "reinstate",
        "retire",
        "grantAuthorship",
        "revokeAuthorship",
        "revokeEmergency",
      ] as const) {
        for (const caller of [f.mallory, f.officer, f.admin, f.clinic.key]) {
          const call = f.providers.connect(caller)[verb](f.clinic.provider);
          await refuses(call, f.providers, "AccessManagedUnauthorized", caller.address);
        }
      }
    });

    it("refuse to change nothing, and an unknown provider", async () => {
      const f = await load();
      const providers = f.providers.connect(f.registrar);
      const id = f.clinic.provider;
      await refuses(providers.reinstate(id), providers, "ProviderStatusUnchanged", id, status.active);
      await providers.suspend(id);
      await refuses(providers.suspend(id), providers, "ProviderStatusUnchanged", id, status.suspended);
      await providers.retire(id);
      await refuses(providers.retire(id), providers, "ProviderStatusUnchanged", id, status.retired);
      const unknown = ethers.id("nobody");
      for (const verb of [
        "suspend",
        "reinstate",
        "retire",
        "grantAuthorship",
        "revokeAuthorship",
        "revokeEmergency",
      ] as const) {
        await refuses(providers[verb](unknown), providers, "ProviderNotRegistered", unknown);
      }
    });

    it("retire for ever", async () => {
      const f = await load();
      const providers = f.providers.connect(f.registrar);
      const id = f.clinic.provider;
      await providers.retire(id);
      for (const verb of ["suspend", "reinstate", "grantAuthorship"] as const) {
        await refuses(providers[verb](id), providers, "ProviderNotActive", id, status.retired);
      }
    });
  });

  describe("privileges", () => {
    it("are given and taken, once each, and say so", async () => {
      const f = await load();
      const providers = f.providers.connect(f.registrar);
      const id = f.clinic.provider;
      const isAuthor = async () => (await providers.providerOf(id)).author;
      await expect(providers.grantAuthorship(id)).to.emit(providers, "AuthorshipGranted").withArgs(id);
      expect(await isAuthor()).to.equal(true);
      await expect(providers.grantAuthorship(id)).not.to.emit(providers, "AuthorshipGranted");
      await expect(providers.revokeAuthorship(id)).to.emit(providers, "AuthorshipRevoked").withArgs(id);
      await expect(providers.revokeAuthorship(id)).not.to.emit(providers, "AuthorshipRevoked");
      expect(await isAuthor()).to.equal(false);
    });

    it("let a practitioner open emergencies only a day after it was announced", async () => {
      const f = await load();
      const id = f.drBaker.provider;
      const officer = f.providers.connect(f.officer);
      const data = officer.interface.encodeFunctionData("grantEmergency", [id]);
      await refuses(officer.grantEmergency(id), f.manager, "AccessManagerNotScheduled");
      const head = await nextSecond();
      await f.manager.connect(f.officer).schedule(f.providers, data, 0);
      await refuses(officer.grantEmergency(id), f.manager, "AccessManagerNotReady");
      await at(head + EMERGENCY_DELAY);
      await expect(officer.grantEmergency(id)).to.emit(f.providers, "EmergencyGranted").withArgs(id);
      expect((await f.providers.providerOf(id)).emergency).to.equal(true);
      await refuses(officer.grantEmergency(id), f.manager, "AccessManagerNotScheduled");
      await f.manager.connect(f.officer).schedule(f.providers, data, 0);
      await at((await now()) + EMERGENCY_DELAY);
      await expect(officer.grantEmergency(id)).not.to.emit(f.providers, "EmergencyGranted");
      const providers = f.providers.connect(f.registrar);
      await expect(providers.revokeEmergency(id)).to.emit(providers, "EmergencyRevoked").withArgs(id);
      await expect(providers.revokeEmergency(id)).not.to.emit(providers, "EmergencyRevoked");
      expect((await f.providers.providerOf(id)).emergency).to.equal(false);
    });

    it("let no organisation open emergencies, and no registrar give the privilege", async () => {
      const f = await load();
      const id = f.clinic.provider;
      const data = f.providers.interface.encodeFunctionData("grantEmergency", [id]);
      const head = await nextSecond();
      await f.manager.connect(f.officer).schedule(f.providers, data, 0);
      await at(head + EMERGENCY_DELAY);
      await refuses(f.providers.connect(f.officer).grantEmergency(id), f.providers, "ProviderKindInvalid", 2);
      const call = f.providers.connect(f.registrar).grantEmergency(f.drBaker.provider);
      await refuses(call, f.providers, "AccessManagedUnauthorized", f.registrar.address);
    });
  });
});

import { expect } from "chai";
import type { ProviderId } from "../../../sdk/src/core/ids.ts";
import type { Address } from "../../../sdk/src/core/types.ts";
import {
  providerKeyAdditionData,
  providerKeyRemovalData,
  providerKeyRetentionData,
} from "../../../sdk/src/typed-data/index.ts";
import {
  bySignature,
  DAY,
  type Fixture,
  KEY_DELAY,
  load,
  networkHelpers,
  nobody,
  now,
  refuses,
  rightNow,
  type Signer,
  ways,
} from "../fixture.ts";

async function joining(f: Fixture, key: Signer, { name, provider } = f.clinic) {
  const { authorization } = await bySignature(key, f.providers, (contract, times) =>
    providerKeyAdditionData(contract, { name, key: key.address as Address, provider, ...times }),
  );
  return authorization;
}

const announce = async (f: Fixture, lost: string = f.clinic.key.address, key: Signer = f.spare, by = f.registrar) =>
  f.providers.connect(by).announceKeyReplacement(f.clinic.provider, lost, await joining(f, key));

const holder = (f: Fixture, { address }: { readonly address: string }) => f.providers.providerOfKey(address);

/** Adds `key` to the clinic. */
async function addKey(f: Fixture, key: Signer) {
  const { name, provider, key: held } = f.clinic;
  const { authorization } = await bySignature(held, f.providers, (contract, times) =>
    providerKeyAdditionData(contract, { name, key: key.address as Address, provider, ...times }),
  );
  await f.providers.addKey(provider, await joining(f, key), authorization);
}

const remove = async (f: Fixture, by: Signer, { address }: { readonly address: string }) => {
  const { name, provider } = f.clinic;
  const { authorization } = await bySignature(by, f.providers, (contract, times) =>
    providerKeyRemovalData(contract, { name, key: address as Address, provider, ...times }),
  );
  return f.providers.removeKey(provider, address, authorization);
};

describe("ProviderRegistry", () => {
  describe("announceKeyReplacement", () => {
    it("lets a new key speak instead of the lost one, after the delay, by time alone", async () => {
      const f = await load();
      const { provider, key } = f.clinic;
      await expect(announce(f))
        .to.emit(f.providers, "ProviderKeyReplacementAnnounced")
        .withArgs(provider, key.address, f.spare.address, (time: bigint) => time > 0n);
      const effectiveAt = (await now()) + KEY_DELAY;
      expect([...(await f.providers.keyReplacementOf(key))]).to.deep.equal([f.spare.address, BigInt(effectiveAt)]);
      await networkHelpers.time.increaseTo(effectiveAt - 1);
      expect([await holder(f, key), await holder(f, f.spare)]).to.deep.equal([provider, nobody]);
      await networkHelpers.time.increaseTo(effectiveAt);
      expect([await holder(f, key), await holder(f, f.spare)]).to.deep.equal([nobody, provider]);
      expect((await f.providers.providerOf(provider)).status).to.equal(1n);
      const again = announce(f, f.spare.address, f.clinic.key);
      await refuses(again, f.providers, "ProviderKeyTaken", key.address);
      await announce(f, f.spare.address, f.mallory);
      await networkHelpers.time.increase(KEY_DELAY);
      expect([await holder(f, f.spare), await holder(f, f.mallory)]).to.deep.equal([nobody, provider]);
    });

    it("is a registrar's alone, with the signature of a key that is nobody's", async () => {
      const f = await load();
      const { key } = f.clinic;
      const stranger = announce(f, key.address, f.spare, f.mallory);
      await refuses(stranger, f.providers, "AccessManagedUnauthorized", f.mallory.address);
      await refuses(announce(f, f.mallory.address), f.providers, "ProviderKeyUnknown");
      await refuses(announce(f, key.address, f.hospital.key), f.providers, "ProviderKeyTaken", f.hospital.key.address);
      await refuses(announce(f, key.address, key), f.providers, "ProviderKeyTaken", key.address);
      const others = await joining(f, f.spare, f.hospital);
      const call = f.providers.connect(f.registrar).announceKeyReplacement(f.clinic.provider, key, others);
      await refuses(call, f.providers, "AuthorizationSignatureInvalid", f.spare.address);
      const unknown = f.providers
        .connect(f.registrar)
        .announceKeyReplacement(f.alice.patient as unknown as ProviderId, key, await joining(f, f.spare));
      await refuses(unknown, f.providers, "ProviderNotRegistered");
    });

    it("works for suspended providers, not for retired ones", async () => {
      const f = await load();
      const registrar = f.providers.connect(f.registrar);
      await registrar.suspend(f.clinic.provider);
      await announce(f);
      await registrar.retire(f.clinic.provider);
      await refuses(announce(f, f.clinic.key.address, f.mallory), f.providers, "ProviderNotActive");
    });

    it("corrected by a second one: the first key is free again, and time counts anew", async () => {
      const f = await load();
      await announce(f);
      await networkHelpers.time.increase(KEY_DELAY - DAY);
      await announce(f, f.clinic.key.address, f.mallory);
      await networkHelpers.time.increase(2 * DAY);
      expect([await holder(f, f.spare), await holder(f, f.mallory)]).to.deep.equal([nobody, nobody]);
      expect(await holder(f, f.clinic.key)).to.equal(f.clinic.provider);
      await addKey(f, f.spare);
      await networkHelpers.time.increase(KEY_DELAY);
      expect([await holder(f, f.clinic.key), await holder(f, f.mallory)]).to.deep.equal([nobody, f.clinic.provider]);
    });

    it("keeps the count of keys, whoever is removed meanwhile", async () => {
      const f = await load();
      const { key, provider } = f.clinic;
      await announce(f);
      await refuses(remove(f, key, key), f.providers, "ProviderLastKey", provider);
      await addKey(f, f.mallory);
      await remove(f, f.mallory, key);
      expect(await holder(f, key)).to.equal(nobody);
      await networkHelpers.time.increase(KEY_DELAY);
      expect([await holder(f, key), await holder(f, f.spare)]).to.deep.equal([nobody, provider]);
      await remove(f, f.spare, f.mallory);
      await refuses(remove(f, f.spare, f.spare), f.providers, "ProviderLastKey", provider);
    });
  });

  describe("cancelKeyReplacement", () => {
    for (const { name, decide } of ways) {
      it(`keeps the key that was found, ${name}`, async () => {
        const f = await load();
        const { key, provider } = f.clinic;
        await announce(f);
        const { authorization, sender } = await decide(key, f.providers, (contract, times) =>
          providerKeyRetentionData(contract, { name: f.clinic.name, key: key.address as Address, provider, ...times }),
        );
        const cancel = () => f.providers.connect(sender).cancelKeyReplacement(provider, key, authorization);
        await expect(cancel())
          .to.emit(f.providers, "ProviderKeyReplacementCancelled")
          .withArgs(provider, key.address, f.spare.address, key.address);
        await networkHelpers.time.increase(KEY_DELAY - DAY);
        await refuses(cancel(), f.providers, "ProviderReplacementMissing", provider, key.address);
        await networkHelpers.time.increase(DAY);
        expect([await holder(f, key), await holder(f, f.spare)]).to.deep.equal([provider, nobody]);
        await announce(f);
      });
    }

    it("refuses strangers, suspended providers, keys not replaced, and replacements that took effect", async () => {
      const f = await load();
      const { key, provider } = f.clinic;
      await announce(f);
      const cancel = (by: Signer, lost: Signer) =>
        f.providers.connect(by).cancelKeyReplacement(provider, lost, rightNow(by));
      await refuses(cancel(f.mallory, key), f.providers, "ProviderKeyUnknown", provider, f.mallory.address);
      await refuses(cancel(f.spare, key), f.providers, "ProviderKeyUnknown", provider, f.spare.address);
      await refuses(cancel(key, f.spare), f.providers, "ProviderReplacementMissing", provider, f.spare.address);
      const hospital = f.providers.connect(f.hospital.key);
      const others = hospital.cancelKeyReplacement(f.hospital.provider, key, rightNow(f.hospital.key));
      await refuses(others, f.providers, "ProviderReplacementMissing", f.hospital.provider, key.address);
      await f.providers.connect(f.registrar).suspend(provider);
      await refuses(cancel(key, key), f.providers, "ProviderNotActive");
      await f.providers.connect(f.registrar).reinstate(provider);
      await networkHelpers.time.increase(KEY_DELAY);
      await refuses(cancel(f.spare, key), f.providers, "ProviderReplacementMissing", provider, key.address);
      expect(await holder(f, f.spare)).to.equal(provider);
    });
  });
});

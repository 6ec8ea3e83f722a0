import { expect } from "chai";
import type { Address } from "../../../sdk/src/core/types.ts";
import {
  type DecisionTimes,
  providerKeyAdditionData,
  providerKeyRemovalData,
} from "../../../sdk/src/typed-data/index.ts";
import {
  type Authorization,
  at,
  bySignature,
  type Decide,
  ethers,
  type Fixture,
  load,
  now,
  type Provider,
  refuses,
  rightNow,
  type Signer,
  ways,
} from "../fixture.ts";

/** The clinic takes the spare key in; the way concerns the clinic's own decision, the new key signs. */
async function decideAdd(
  f: Fixture,
  decide: Decide,
  choice: { by?: Provider; signer?: Signer; key?: Signer; times?: Partial<DecisionTimes> } = {},
) {
  const { by = f.clinic, key = f.spare, times = {} } = choice;
  const signer = choice.signer ?? by.key;
  const data: Parameters<Decide>[2] = (contract, at) =>
    providerKeyAdditionData(contract, { name: by.name, key: key.address as Address, provider: by.provider, ...at });
  const joining = await bySignature(key, f.providers, data, times);
  const { authorization, sender } = await decide(signer, f.providers, data, times);
  const submit = (changes: Partial<{ key: Authorization; holder: Authorization; provider: string }> = {}) =>
    f.providers
      .connect(sender)
      .addKey(changes.provider ?? by.provider, changes.key ?? joining.authorization, changes.holder ?? authorization);
  return { submit, key: joining.authorization, holder: authorization };
}

async function decideRemove(
  f: Fixture,
  decide: Decide,
  { by = f.clinic, signer = f.clinic.key, key = f.spare.address, times = {} } = {},
) {
  const { authorization, sender } = await decide(
    signer,
    f.providers,
    (contract, at) =>
      providerKeyRemovalData(contract, { name: by.name, key: key as Address, provider: by.provider, ...at }),
    times,
  );
  return { authorization, submit: () => f.providers.connect(sender).removeKey(by.provider, key, authorization) };
}

const holderOf = (f: Fixture, key: Signer) => f.providers.providerOfKey(key);

describe("ProviderRegistry", () => {
  describe("addKey and removeKey", () => {
    for (const { name, decide } of ways) {
      describe(name, () => {
        it("let a key speak for the provider, and no longer, and say so", async () => {
          const f = await load();
          const { provider } = f.clinic;
          await expect((await decideAdd(f, decide)).submit())
            .to.emit(f.providers, "ProviderKeyAdded")
            .withArgs(provider, f.spare.address);
          expect(await holderOf(f, f.spare)).to.equal(provider);
          // The new key can do what the first could: take the first one out.
          const { submit } = await decideRemove(f, decide, { signer: f.spare, key: f.clinic.key.address });
          await expect(submit()).to.emit(f.providers, "ProviderKeyRemoved").withArgs(provider, f.clinic.key.address);
          expect(await holderOf(f, f.clinic.key)).to.equal(ethers.ZeroHash);
        });

        it("refuse who holds no key of the provider", async () => {
          const f = await load();
          for (const signer of [f.mallory, f.hospital.key, f.spare]) {
            const add = await decideAdd(f, decide, { signer });
            await refuses(add.submit(), f.providers, "ProviderKeyUnknown", f.clinic.provider, signer.address);
            const remove = await decideRemove(f, decide, { signer, key: f.clinic.key.address });
            await refuses(remove.submit(), f.providers, "ProviderKeyUnknown", f.clinic.provider, signer.address);
          }
        });

        it("refuse a key that is held or was held, there or elsewhere", async () => {
          const f = await load();
          const held = await decideAdd(f, decide, { key: f.hospital.key });
          await refuses(held.submit(), f.providers, "ProviderKeyTaken", f.hospital.key.address);
          const { submit } = await decideAdd(f, decide);
          await submit();
          await refuses(submit(), f.providers, "ProviderKeyTaken", f.spare.address);
          await (await decideRemove(f, decide)).submit();
          expect(await holderOf(f, f.spare)).to.equal(ethers.ZeroHash);
          await refuses(submit(), f.providers, "ProviderKeyTaken", f.spare.address);
          for (const by of [f.clinic, f.hospital]) {
            const again = await decideAdd(f, decide, { by });
            await refuses(again.submit(), f.providers, "ProviderKeyTaken", f.spare.address);
          }
        });

        it("refuse to take out the last key, one of somebody else, and one twice", async () => {
          const f = await load();
          const last = await decideRemove(f, decide, { key: f.clinic.key.address });
          await refuses(last.submit(), f.providers, "ProviderLastKey", f.clinic.provider);
          const foreign = await decideRemove(f, decide, { key: f.hospital.key.address });
          const unknown = ["ProviderKeyUnknown", f.clinic.provider] as const;
          await refuses(foreign.submit(), f.providers, ...unknown, f.hospital.key.address);
          await (await decideAdd(f, decide)).submit();
          const { submit } = await decideRemove(f, decide);
          await submit();
          await refuses(submit(), f.providers, ...unknown, f.spare.address);
        });

        it("let a suspended provider take keys out but none in", async () => {
          const f = await load();
          await (await decideAdd(f, decide)).submit();
          await f.providers.connect(f.registrar).suspend(f.clinic.provider);
          const add = await decideAdd(f, decide, { key: f.mallory });
          await refuses(add.submit(), f.providers, "ProviderNotActive", f.clinic.provider, 2);
          await (await decideRemove(f, decide)).submit();
        });

        it("refuse times ahead and deadlines behind", async () => {
          const f = await load();
          const head = await now();
          const times = { signedAt: head + 60, deadline: head + 90 };
          const add = await decideAdd(f, decide, { times });
          const remove = await decideRemove(f, decide, { times });
          await at(head + 59);
          for (const { submit } of [add, remove]) {
            await refuses(submit(), f.providers, "AuthorizationNotYetValid", head + 60, head + 59);
          }
          await at(head + 91);
          for (const { submit } of [add, remove]) {
            await refuses(submit(), f.providers, "AuthorizationExpired", head + 90, head + 91);
          }
          await at(head + 90);
          await add.submit();
        });
      });
    }

    it("need both signatures over the same key and provider", async () => {
      const f = await load();
      const { submit, key, holder } = await decideAdd(f, bySignature);
      const other = await decideAdd(f, bySignature, { key: f.mallory });
      const elsewhere = await decideAdd(f, bySignature, { by: f.hospital });
      const invalid = "AuthorizationSignatureInvalid";
      await refuses(submit({ key: { ...key, signature: holder.signature } }), f.providers, invalid, f.spare.address);
      await refuses(submit({ holder: other.holder }), f.providers, invalid, f.clinic.key.address);
      await refuses(submit({ key: elsewhere.key }), f.providers, invalid, f.spare.address);
      const unsigned = submit({ key: { ...key, signature: "0x" } });
      await refuses(unsigned, f.providers, "AuthorizationSignerNotCaller", f.spare.address, f.relayer.address);
      await submit();
    });

    it("judge the times of the joining key by themselves", async () => {
      const f = await load();
      const head = await now();
      const { submit, key } = await decideAdd(f, bySignature, { times: { signedAt: head, deadline: head + 90 } });
      await at(head + 50);
      const late = submit({ key: { ...key, deadline: head + 49 } });
      await refuses(late, f.providers, "AuthorizationExpired", head + 49, head + 50);
      const early = submit({ key: { ...key, signedAt: head + 51 } });
      await refuses(early, f.providers, "AuthorizationNotYetValid", head + 51, head + 50);
      await submit();
    });

    it("take a direct removal without times", async () => {
      const f = await load();
      await (await decideAdd(f, bySignature)).submit();
      const { clinic, spare } = f;
      await f.providers.connect(clinic.key).removeKey(clinic.provider, spare, rightNow(clinic.key));
      expect(await holderOf(f, spare)).to.equal(ethers.ZeroHash);
    });

    it("leave no key, removed or never added, speaking for the ids that mean nobody", async () => {
      const f = await load();
      await (await decideAdd(f, bySignature)).submit();
      await (await decideRemove(f, bySignature)).submit();
      for (const provider of [ethers.ZeroHash, ethers.toBeHex(1, 32)]) {
        for (const signer of [f.spare, f.mallory]) {
          const call = f.providers.connect(signer).removeKey(provider, signer, rightNow(signer));
          await refuses(call, f.providers, "ProviderKeyUnknown", provider, signer.address);
        }
      }
    });
  });
});

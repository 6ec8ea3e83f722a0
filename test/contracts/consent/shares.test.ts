import { expect } from "chai";
import { labelMask } from "../../../sdk/src/core/vocabulary.ts";
import { chainKey } from "../../../sdk/src/typed-data/index.ts";
import {
  type Agreement,
  admit,
  affiliate,
  at,
  bySignature,
  denials,
  directly,
  ethers,
  load,
  networkHelpers,
  nextSecond,
  now,
  type Provider,
  refuses,
  rightNow,
  type Signer,
  ways,
} from "../fixture.ts";
import { agreementOf, slotOf } from "./decisions.ts";
import { ask, reasonOf } from "./questions.ts";
import { cut, decideVerb, does, exclude, grant, idsOf, readmit, revoke, share, uncut, unshare } from "./verbs.ts";

/**
 * Alice lets the clinic read, add and pass on laboratory and medications; the clinic passes reading and passing on to the hospital, the
 * hospital to a laboratory, and that reading to a pharmacy.
 */
async function referred() {
  const f = await load();
  const signers = (await ethers.getSigners()) as Signer[];
  const laboratory = await admit(f, "laboratory", "Harbour Laboratory", signers[12] as Signer);
  const pharmacy = await admit(f, "pharmacy", "Corner Pharmacy", signers[13] as Signer);
  const payer = await admit(f, "payer", "Mutual Insurance", signers[14] as Signer);
  const agreement = await agreementOf(f, { actions: ["read", "write", "share"] });
  const to = (provider: Provider, changes: Partial<Agreement> = {}): Agreement => ({
    ...agreement,
    grantee: provider.provider,
    recipient: provider.name,
    actions: ["read", "share"],
    ...changes,
  });
  await does(f, grant(agreement));
  await does(f, share(to(f.hospital), [f.clinic], 1), f.clinic.key);
  await does(f, share(to(laboratory), [f.clinic, f.hospital], 1), f.hospital.key);
  const last = to(pharmacy, { actions: ["read"], labels: ["laboratory"] });
  await does(f, share(last, [f.clinic, f.hospital, laboratory], 1), laboratory.key);
  return { ...f, laboratory, pharmacy, payer, agreement, to };
}
type World = Awaited<ReturnType<typeof referred>>;
const loadReferred = (): Promise<World> => networkHelpers.loadFixture(referred);

/** Whether each of the path's four holders may read, by the whole chain before it. */
async function readers(f: World): Promise<string> {
  const path = [f.clinic, f.hospital, f.laboratory, f.pharmacy];
  const reasons = await Promise.all(path.map((actor, index) => reasonOf(f, { actor, chain: path.slice(0, index) })));
  return reasons.map((reason) => (reason === "none" ? "yes" : reason)).join(" ");
}
const everyone = "yes yes yes yes";

describe("Shares", () => {
  it("carry down to depth three, for a part, and no further", async () => {
    const f = await loadReferred();
    expect(await readers(f)).to.equal(everyone);
    const chain = [f.clinic, f.hospital, f.laboratory];
    const asPharmacy = { actor: f.pharmacy, chain };
    expect(await reasonOf(f, { ...asPharmacy, labels: ["medications"] })).to.equal("labelsNotCovered");
    expect(await reasonOf(f, { ...asPharmacy, action: 2 })).to.equal("actionNotGranted");
    expect(await reasonOf(f, { ...asPharmacy, action: 4 })).to.equal("actionNotGranted");
    expect(await reasonOf(f, { actor: f.hospital, chain: [f.clinic], action: 5 })).to.equal("none");
    expect(await reasonOf(f, { actor: f.payer, chain: [...chain, f.pharmacy] })).to.equal("pathUnknown");
    expect(await reasonOf(f, { actor: f.pharmacy, chain, series: ethers.id("s") })).to.equal("pathUnknown");
    expect(await reasonOf(f, { actor: f.pharmacy, chain: [f.clinic, f.laboratory] })).to.equal("shareEnded");
    expect(await reasonOf(f, { actor: f.pharmacy, chain: [f.hospital, f.laboratory] })).to.equal("noConsent");
    expect(await reasonOf(f, { actor: f.pharmacy })).to.equal("noConsent");
  });

  it("reach the active practitioners of an organisation that was shared with", async () => {
    const f = await loadReferred();
    await affiliate(f, f.hospital, f.drChen);
    const question = { actor: f.drChen, organisation: f.hospital, chain: [f.clinic] };
    expect(await reasonOf(f, question)).to.equal("none");
    await f.providers
      .connect(f.hospital.key)
      .endAffiliation(f.hospital.provider, f.drChen.provider, rightNow(f.hospital.key));
    expect(await reasonOf(f, question)).to.equal("notAffiliated");
  });

  it("are named by every key and serial on the way", async () => {
    const f = await loadReferred();
    const { patient } = f.alice;
    const encode = (types: string[], values: unknown[]) =>
      ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(types, values));
    const chain = idsOf([f.clinic, f.hospital, f.laboratory, f.pharmacy]);
    let expected = encode(["bytes32", "uint256"], [chainKey(patient, chain.slice(0, 1), "treatment"), 1]);
    for (const length of [2, 3, 4]) {
      const key = chainKey(patient, chain.slice(0, length), "treatment");
      expected = encode(["bytes32", "bytes32", "uint256"], [expected, key, 1]);
    }
    const { tag } = await ask(f, { actor: f.pharmacy, chain: [f.clinic, f.hospital, f.laboratory] });
    expect(tag).to.equal(expected);
    const { tag: shorter } = await ask(f, { actor: f.laboratory, chain: [f.clinic, f.hospital] });
    expect(shorter).to.not.equal(tag);
  });

  it("give what all of the path gives: labels, actions, the latest beginning and the earliest end", async () => {
    const f = await loadReferred();
    const via = { organisation: ethers.ZeroHash, chain: idsOf([f.clinic, f.hospital, f.laboratory]), bySeries: false };
    const from = f.agreement.from + 60;
    const until = f.agreement.until - 60;
    const narrow = f.to(f.hospital, { from, until, labels: ["laboratory"] });
    await does(f, share(narrow, [f.clinic], 1), f.clinic.key);
    await does(
      f,
      share(f.to(f.laboratory, { from, until, labels: ["laboratory"] }), [f.clinic, f.hospital], 2),
      f.hospital.key,
    );
    const last = f.to(f.pharmacy, { actions: ["read"], labels: ["laboratory"], from, until: until - 60 });
    await does(f, share(last, [f.clinic, f.hospital, f.laboratory], 2), f.laboratory.key);
    const { denial, right } = await f.consents.rightOf(f.alice.patient, f.pharmacy.provider, via, 1, ethers.ZeroHash);
    expect([denial, right.labels, right.actions, right.notBefore, right.notAfter, right.serial]).to.deep.equal([
      denials.none,
      labelMask(["laboratory"]),
      1n,
      BigInt(from),
      BigInt(until - 60),
      2n,
    ]);
    await at(until - 61);
    await networkHelpers.mine();
    expect(await reasonOf(f, { actor: f.pharmacy, chain: [f.clinic, f.hospital, f.laboratory] })).to.equal("none");
    await at(until - 60);
    await networkHelpers.mine();
    expect(await reasonOf(f, { actor: f.pharmacy, chain: [f.clinic, f.hospital, f.laboratory] })).to.equal(
      "consentExpired",
    );
    expect(await reasonOf(f, { actor: f.laboratory, chain: [f.clinic, f.hospital] })).to.equal("none");
  });

  it("have no right while one of the path is missing", async () => {
    const f = await loadReferred();
    const via = { organisation: ethers.ZeroHash, chain: idsOf([f.hospital]), bySeries: false };
    const { denial, right } = await f.consents.rightOf(f.alice.patient, f.pharmacy.provider, via, 1, ethers.ZeroHash);
    expect([denial, right.labels, right.grantTag]).to.deep.equal([denials.noConsent, 0n, ethers.ZeroHash]);
  });

  describe("share", () => {
    for (const { name, decide } of ways) {
      it(`takes effect when ${name}, for the sharer's keys only`, async () => {
        const f = await loadReferred();
        const terms = f.to(f.payer, { actions: ["read"] });
        const verb = share(terms, [f.clinic], 1);
        for (const signer of [f.mallory, f.alice.wallet, f.hospital.key, f.drBaker.key]) {
          const stranger = await decideVerb(f, decide, verb, { signer });
          await refuses(stranger.submit(), f.consents, "ConsentSignerNotProvider", f.clinic.provider, signer.address);
        }
        const { submit, authorization } = await decideVerb(f, decide, verb, { signer: f.clinic.key });
        await expect(submit()).to.emit(f.consents, "ConsentShared");
        expect(await reasonOf(f, { actor: f.payer, chain: [f.clinic] })).to.equal("none");
        const stored = await f.consents.shareOf(f.alice.patient, idsOf([f.clinic]), f.payer.provider, 1);
        expect([...stored]).to.deep.equal([
          labelMask(["laboratory", "medications"]),
          1n,
          BigInt(terms.from),
          BigInt(terms.until),
          1n,
          1n,
          BigInt(authorization.signedAt),
          false,
          0n,
        ]);
      });
    }

    it("is bound by its signature to the parent, its serial and all terms", async () => {
      const f = await loadReferred();
      const verb = share(f.to(f.payer), [f.clinic], 1);
      const { authorization } = await decideVerb(f, bySignature, verb, { signer: f.clinic.key });
      const relayed = f.consents.connect(f.relayer);
      const others = [
        share(f.to(f.payer, { labels: ["laboratory"] }), [f.clinic], 1),
        share(f.to(f.payer, { actions: ["read"] }), [f.clinic], 1),
        share(f.to(f.payer, { until: f.agreement.until - 60 }), [f.clinic], 1),
        share(f.to(f.pharmacy), [f.clinic], 1),
        grant(f.to(f.payer)),
      ];
      for (const other of others.slice(0, 4)) {
        await refuses(
          other.call(relayed, authorization),
          f.consents,
          "AuthorizationSignatureInvalid",
          f.clinic.key.address,
        );
      }
      await refuses(grant(f.to(f.payer)).call(relayed, authorization), f.consents, "PatientSignerNotController");
      await refuses(
        share(f.to(f.payer), [f.clinic], 2).call(relayed, authorization),
        f.consents,
        "ConsentParentChanged",
      );
      await verb.call(relayed, authorization);
      await refuses(verb.call(relayed, authorization), f.consents, "ConsentSuperseded");
    });

    it("never exceeds its parent", async () => {
      const f = await loadReferred();
      const wider: Partial<Agreement>[] = [
        { labels: ["laboratory", "imaging"] },
        { actions: ["read", "write"] },
        { from: f.agreement.from - 60 },
        { until: f.agreement.until + 60 },
      ];
      for (const change of wider) {
        const verb = share(f.to(f.payer, change), [f.clinic, f.hospital], 1);
        await refuses(does(f, verb, f.hospital.key), f.consents, "ConsentShareTooWide");
      }
      await does(f, share(f.to(f.payer), [f.clinic, f.hospital], 1), f.hospital.key);
    });

    it("needs SHARE, a live path and a sharer who may act", async () => {
      const f = await loadReferred();
      const past = share(
        f.to(f.payer, { actions: ["read"], labels: ["laboratory"] }),
        [f.clinic, f.hospital, f.laboratory],
        1,
      );
      await refuses(
        does(f, share(f.to(f.payer, { actions: ["read"] }), [f.drChen], 1), f.drChen.key),
        f.consents,
        "ConsentShareRefused",
        denials.noConsent,
      );
      const chain = [f.clinic, f.hospital, f.laboratory, f.pharmacy];
      await refuses(does(f, share(f.to(f.payer), chain, 1), f.pharmacy.key), f.consents, "ConsentChainInvalid", 4);
      await refuses(does(f, share(f.to(f.payer), [], 1), f.pharmacy.key), f.consents, "ConsentChainInvalid", 0);
      const onlyRead = f.to(f.payer, { actions: ["read"] });
      await does(f, share(onlyRead, [f.clinic], 1), f.clinic.key);
      const byPayer = share(
        { ...onlyRead, grantee: f.pharmacy.provider, recipient: f.pharmacy.name },
        [f.clinic, f.payer],
        1,
      );
      await refuses(does(f, byPayer, f.payer.key), f.consents, "ConsentShareRefused", denials.actionNotGranted);
      await f.providers.connect(f.registrar).suspend(f.hospital.provider);
      await refuses(does(f, past, f.laboratory.key), f.consents, "ConsentShareRefused", denials.shareEnded);
      await f.providers.connect(f.registrar).reinstate(f.hospital.provider);
      await f.providers.connect(f.registrar).suspend(f.laboratory.provider);
      await refuses(does(f, past, f.laboratory.key), f.consents, "ConsentShareRefused", denials.shareEnded);
      await f.providers.connect(f.registrar).reinstate(f.laboratory.provider);
      await does(f, exclude(f, f.laboratory));
      await refuses(does(f, past, f.laboratory.key), f.consents, "ConsentShareRefused", denials.excluded);
      await does(f, readmit(f, f.laboratory));
      await does(f, past, f.laboratory.key);
    });

    it("is refused once the parent ran out, and where terms are malformed", async () => {
      const f = await loadReferred();
      await refuses(
        does(f, share(f.to(f.payer, { purpose: "emergency" }), [f.clinic], 1), f.clinic.key),
        f.consents,
        "ConsentPurposeInvalid",
        2,
      );
      await refuses(
        does(f, share({ ...f.to(f.payer), grantee: f.alice.patient as never }, [f.clinic], 1), f.clinic.key),
        f.consents,
        "ConsentGranteeUnknown",
      );
      const unknown = ethers.id("nobody") as never;
      await refuses(
        does(f, share({ ...f.to(f.payer), patient: unknown }, [f.clinic], 1), f.clinic.key),
        f.consents,
        "PatientNotRegistered",
      );
      await at(f.agreement.until);
      await networkHelpers.mine();
      await refuses(
        does(f, share(f.to(f.payer), [f.clinic], 1), f.clinic.key),
        f.consents,
        "ConsentShareRefused",
        denials.consentExpired,
      );
    });

    it("dies with its parent's serial, also when the share was withheld over a new grant", async () => {
      const f = await loadReferred();
      const withheld = await decideVerb(f, bySignature, share(f.to(f.payer), [f.clinic], 1), { signer: f.clinic.key });
      await does(f, grant(f.agreement));
      expect(await readers(f)).to.equal("yes shareEnded shareEnded shareEnded");
      await refuses(
        withheld.submit(),
        f.consents,
        "ConsentParentChanged",
        chainKey(f.alice.patient, idsOf([f.clinic]), "treatment"),
        1,
        2,
      );
      await does(f, share(f.to(f.hospital), [f.clinic], 2), f.clinic.key);
      expect(await readers(f)).to.equal("yes yes shareEnded shareEnded");
    });

    it("is refused when it was signed before revokeAll, whatever was granted since", async () => {
      const f = await loadReferred();
      const withheld = await decideVerb(f, bySignature, share(f.to(f.payer), [f.clinic], 3), { signer: f.clinic.key });
      const { signedAt } = withheld.authorization;
      await does(f, revoke(f.agreement));
      await f.patients.connect(f.alice.wallet).revokeAll(f.alice.patient, rightNow(f.alice.wallet));
      await nextSecond();
      await does(f, grant(f.agreement));
      expect((await slotOf(f, f.agreement)).serial).to.equal(3n);
      const { signedFloor } = await f.patients.headOf(f.alice.patient);
      await refuses(withheld.submit(), f.consents, "ConsentSuperseded", f.alice.patient, signedAt, signedFloor);
    });
  });

  const endings: Record<string, { end: (f: World) => Promise<unknown>; left: string }> = {
    "the patient revokes": {
      end: (f) => does(f, revoke(f.agreement)),
      left: "consentRevoked consentRevoked consentRevoked consentRevoked",
    },
    "the patient revokes everything": {
      end: (f) => f.patients.connect(f.alice.wallet).revokeAll(f.alice.patient, rightNow(f.alice.wallet)),
      left: "consentRevoked consentRevoked consentRevoked consentRevoked",
    },
    "the sharer in the middle takes it back": {
      end: (f) => does(f, unshare(f, [f.clinic, f.hospital], f.laboratory), f.hospital.key),
      left: "yes yes shareEnded shareEnded",
    },
    "the patient cuts in the middle": {
      end: (f) => does(f, cut(f, [f.clinic, f.hospital], f.laboratory)),
      left: "yes yes shareEnded shareEnded",
    },
    "the patient cuts the last": {
      end: (f) => does(f, cut(f, [f.clinic, f.hospital, f.laboratory], f.pharmacy)),
      left: "yes yes yes shareEnded",
    },
    "the patient excludes one in the middle": {
      end: (f) => does(f, exclude(f, f.hospital)),
      left: "yes excluded excluded excluded",
    },
    "a registrar suspends one in the middle": {
      end: async (f) => f.providers.connect(f.registrar).suspend(f.hospital.provider),
      left: "yes actorNotActive shareEnded shareEnded",
    },
    "the first is suspended": {
      end: async (f) => f.providers.connect(f.registrar).suspend(f.clinic.provider),
      left: "actorNotActive shareEnded shareEnded shareEnded",
    },
    "a middle share loses SHARE": {
      end: (f) => does(f, share(f.to(f.hospital, { actions: ["read"] }), [f.clinic], 1), f.clinic.key),
      left: "yes yes shareEnded shareEnded",
    },
  };
  for (const [name, { end, left }] of Object.entries(endings)) {
    it(`end in the block in which ${name}`, async () => {
      const f = await loadReferred();
      expect(await readers(f)).to.equal(everyone);
      await end(f);
      expect(await readers(f)).to.equal(left);
    });
  }

  it("need SHARE of each ancestor even were a share stored without", async () => {
    const f = await loadReferred();
    const keyOf = (chain: Provider[]) => chainKey(f.alice.patient, idsOf(chain), "treatment");
    const address = await f.consents.getAddress();
    const slots = await Promise.all(
      [0, 1, 2, 3, 4, 5, 6].map((base) =>
        ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [keyOf([f.clinic]), base])),
      ),
    );
    const words = await Promise.all(slots.map((slot) => ethers.provider.getStorage(address, slot)));
    const index = words.findIndex((word) => word !== ethers.ZeroHash);
    const word = BigInt(words[index] as string);
    await networkHelpers.setStorageAt(address, slots[index] as string, ethers.toBeHex(word & ~(4n << 64n), 32));
    expect(await readers(f)).to.equal("yes shareEnded shareEnded shareEnded");
  });

  describe("unshare", () => {
    for (const { name, decide } of ways) {
      it(`is the sharer's alone, of one second stands before a share, and changes nothing when repeated, ${name}`, async () => {
        const f = await loadReferred();
        const verb = unshare(f, [f.clinic], f.hospital);
        const stranger = await decideVerb(f, decide, verb, { signer: f.mallory });
        await refuses(stranger.submit(), f.consents, "ConsentSignerNotProvider", f.clinic.provider, f.mallory.address);
        const second = (await now()) + 10;
        const { submit } = await decideVerb(f, decide, verb, { signer: f.clinic.key, signedAt: second });
        const again = share(f.to(f.hospital), [f.clinic], 1);
        const rival = await decideVerb(f, directly, again, { signer: f.clinic.key, signedAt: second });
        await at(second);
        await rival.submit();
        await expect(submit()).to.emit(f.consents, "ConsentUnshared");
        await expect(submit()).to.not.emit(f.consents, "ConsentUnshared");
        expect(await readers(f)).to.equal("yes shareEnded shareEnded shareEnded");
      });
    }

    it("works for a suspended sharer, on a share that never was, and against those it withheld", async () => {
      const f = await loadReferred();
      const withheld = await decideVerb(f, bySignature, share(f.to(f.payer), [f.clinic], 1), { signer: f.clinic.key });
      await f.providers.connect(f.registrar).suspend(f.clinic.provider);
      await unshare(f, [f.clinic], f.payer).call(f.consents.connect(f.clinic.key), rightNow(f.clinic.key));
      await f.providers.connect(f.registrar).reinstate(f.clinic.provider);
      await refuses(withheld.submit(), f.consents, "ConsentSuperseded");
    });

    it("refuses one older than the share it would end", async () => {
      const f = await loadReferred();
      const stale = await decideVerb(f, bySignature, unshare(f, [f.clinic], f.hospital), { signer: f.clinic.key });
      await networkHelpers.mine();
      await does(f, share(f.to(f.hospital), [f.clinic], 1), f.clinic.key);
      await refuses(stale.submit(), f.consents, "ConsentSuperseded");
    });
  });

  describe("cut", () => {
    it("beats every share, also later ones, until the patient lifts it", async () => {
      const f = await loadReferred();
      await does(f, cut(f, [f.clinic], f.hospital));
      await does(f, share(f.to(f.hospital), [f.clinic], 1), f.clinic.key);
      expect(await readers(f)).to.equal("yes shareEnded shareEnded shareEnded");
      await does(f, grant(f.agreement));
      await does(f, share(f.to(f.hospital), [f.clinic], 2), f.clinic.key);
      expect(await readers(f)).to.equal("yes shareEnded shareEnded shareEnded");
      await does(f, uncut(f, [f.clinic], f.hospital));
      expect(await readers(f)).to.equal("yes yes shareEnded shareEnded");
    });

    it("may come before any share, is in shareOf, and is no sharer's to lift", async () => {
      const f = await loadReferred();
      await does(f, cut(f, [f.clinic], f.payer));
      const second = await now();
      const stored = await f.consents.shareOf(f.alice.patient, idsOf([f.clinic]), f.payer.provider, 1);
      expect([stored.isCut, stored.cutAsOf, stored.serial]).to.deep.equal([true, BigInt(second), 0n]);
      await refuses(does(f, uncut(f, [f.clinic], f.payer), f.clinic.key), f.consents, "PatientSignerNotController");
      await does(f, share(f.to(f.payer), [f.clinic], 1), f.clinic.key);
      expect(await reasonOf(f, { actor: f.payer, chain: [f.clinic] })).to.equal("shareEnded");
    });

    it("tells the whole way, which lifting it needs", async () => {
      const f = await loadReferred();
      const chain = [f.clinic, f.hospital];
      const call = does(f, cut(f, chain, f.laboratory));
      const second = (await now()) + 1;
      await expect(call)
        .to.emit(f.consents, "ShareCut")
        .withArgs(
          f.alice.patient,
          f.hospital.provider,
          f.laboratory.provider,
          1,
          idsOf(chain),
          second,
          f.alice.wallet.address,
        );
      await refuses(does(f, cut(f, [], f.laboratory)), f.consents, "ConsentChainInvalid", 0);
    });
  });
});

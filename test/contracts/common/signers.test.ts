import { expect } from "chai";
import type { BaseContract } from "ethers";
import { patientRegistrationData } from "../../../sdk/src/typed-data/index.ts";
import { agreementOf, slotOf } from "../consent/decisions.ts";
import { decideVerb, does, exclude, grant, patientVerbNames, patientVerbs } from "../consent/verbs.ts";
import {
  type Authorization,
  bySignature,
  deploy,
  directly,
  ethers,
  type Fixture,
  LIFETIME,
  load,
  networkHelpers,
  nextSecond,
  now,
  ownerAddressesOf,
  PATIENT_DELAY,
  type Patient,
  refuses,
  type Signer,
  saltOf,
  sign,
  signingContract,
  signTogether,
  ways,
} from "../fixture.ts";
import { undeployedSigner, undeployedWallet, wrap } from "../undeployed.ts";

interface Validator extends BaseContract {
  isValidSignature: {
    staticCall(signer: string, hash: string, signature: string): Promise<boolean>;
    (signer: string, hash: string, signature: string): Promise<{ wait(): Promise<{ logs: unknown[] } | null> }>;
  };
}

const setCode = (address: string, code: string) => ethers.provider.send("hardhat_setCode", [address, code]);
const codeOf = async (name: string, values: readonly unknown[]): Promise<string> => {
  const { data } = await (await ethers.getContractFactory(name)).getDeployTransaction(...values);
  return ethers.provider.call({ data });
};
const isDeployed = async (address: string) => (await ethers.provider.getCode(address)) !== "0x";
const hash = ethers.id("anything");
const signHash = async (owners: readonly string[], name: string, digest: string): Promise<string> => {
  expect(owners).to.deep.equal(ownerAddressesOf(name));
  const keys = [1, 3].map((index) => new ethers.Wallet(ethers.id(`owner ${index} of ${name.toLowerCase()}`)));
  return ethers.concat(keys.map((key) => key.signingKey.sign(digest).serialized));
};

/** The fixture, with alice's record handed over to a wallet that is not there yet: whoever calls in its name would keep it from coming. */
async function withCarol(): Promise<{ f: Fixture; carol: Patient }> {
  const f = await load();
  const wallet = await undeployedSigner("carol");
  const { patient } = f.alice;
  const { authorization } = await directly(f.alice.wallet, f.patients, (() => undefined) as never);
  await f.patients.connect(f.alice.wallet).announceController(patient, wallet.address, authorization);
  await networkHelpers.time.increase(PATIENT_DELAY + 1);
  expect((await f.patients.headOf(patient)).controller).to.equal(wallet.address);
  expect(await isDeployed(wallet.address)).to.equal(false);
  return { f, carol: { patient, wallet } };
}

describe("Signers", () => {
  describe("of a contract wallet", () => {
    const faults = ["Reverts", "OtherMagic", "ShortAnswer", "NoAnswer", "DirtyAnswer", "Writes"];
    for (const [index, fault] of faults.entries()) {
      it(`are refused where it ${fault}`, async () => {
        const f = await load();
        const { authorization, submit } = await decideVerb(f, bySignature, grant(await agreementOf(f)));
        await setCode(f.alice.wallet.address, await codeOf("FaultyWallet", [index]));
        const call = grant(await agreementOf(f)).call(f.consents.connect(f.relayer), {
          ...authorization,
          signature: "0x1234",
        });
        await refuses(call, f.consents, "AuthorizationSignatureInvalid", f.alice.wallet.address);
        await submit();
      });
    }

    it("are asked of the wallet with a signature of any length", async () => {
      const f = await load();
      const agreement = await agreementOf(f);
      await setCode(f.alice.wallet.address, await codeOf("GullibleWallet", []));
      let landed = 0;
      for (const length of [1, 64, 65, 66, 130, 1_000]) {
        const second = await nextSecond();
        const signature = `0x${"ab".repeat(length)}`;
        const authorization = { signer: f.alice.wallet.address, signedAt: second, deadline: second, signature };
        await grant(agreement).call(f.consents.connect(f.relayer), authorization);
        landed++;
      }
      expect((await slotOf(f, agreement)).serial).to.equal(BigInt(landed));
    });

    it("need two different owners where it says so", async () => {
      const f = await load();
      const { address } = f.alice.wallet;
      const agreement = await agreementOf(f);
      await setCode(address, await codeOf("SharedWallet", [ownerAddressesOf(address)]));
      const second = await nextSecond();
      const times = { signedAt: second, deadline: second + 60 };
      const data = grant(agreement).build(await signingContract(f.consents), times);
      const both = await signTogether(address, data);
      const [one, other] = [both.slice(0, 132), `0x${both.slice(132)}`];
      const submit = (signature: string) =>
        grant(agreement).call(f.consents.connect(f.relayer), { signer: address, ...times, signature });
      for (const signature of [one, other, ethers.concat([one, one]), ethers.concat([both, "0x00"])]) {
        await refuses(submit(signature), f.consents, "AuthorizationSignatureInvalid", address);
      }
      await submit(both);
    });

    it("cannot decide something else while it is asked", async () => {
      const f = await load();
      const agreement = await agreementOf(f);
      await does(f, grant(agreement));
      const before = await slotOf(f, agreement);
      await setCode(f.alice.wallet.address, await codeOf("MeddlingWallet", [await f.consents.getAddress()]));
      const second = await nextSecond();
      const signature = ethers.AbiCoder.defaultAbiCoder().encode(
        ["bytes32", "bytes32"],
        [f.alice.patient, f.clinic.provider],
      );
      const call = exclude(f, f.drBaker).call(f.consents.connect(f.relayer), {
        ...{ signer: f.alice.wallet.address, signedAt: second, deadline: second, signature },
      });
      await refuses(call, f.consents, "AuthorizationSignatureInvalid", f.alice.wallet.address);
      expect(await slotOf(f, agreement)).to.deep.equal(before);
    });
  });

  describe("of an account that lends its code", () => {
    it("are its own key's, never what the lent code accepts", async () => {
      const f = await load();
      const agreement = await agreementOf(f);
      const delegate = await deploy("GullibleWallet");
      const { address } = f.alice.wallet;
      await setCode(address, ethers.concat(["0xef0100", await delegate.getAddress()]));
      const asked = new ethers.Contract(address, delegate.interface, ethers.provider) as unknown as {
        isValidSignature(hash: string, signature: string): Promise<string>;
      };
      expect(await asked.isValidSignature(hash, "0x12")).to.equal("0x1626ba7e");
      const { authorization } = await decideVerb(f, bySignature, grant(agreement));
      const submit = (signature: string) =>
        grant(agreement).call(f.consents.connect(f.relayer), { ...authorization, signature });
      const { mallory } = f;
      const times = { signedAt: authorization.signedAt, deadline: authorization.deadline };
      const foreign = await sign(mallory, grant(agreement).build(await signingContract(f.consents), times));
      const { factory, creation } = await undeployedWallet("anybody");
      const wrapped = wrap(await factory.getAddress(), creation, authorization.signature);
      for (const signature of ["0x12", foreign, `${authorization.signature}00`, wrapped]) {
        await refuses(submit(signature), f.consents, "AuthorizationSignatureInvalid", address);
      }
      await submit(authorization.signature);
    });

    it("count after a real set-code transaction", async () => {
      const f = await load();
      const agreement = await agreementOf(f);
      const wallet = ethers.Wallet.createRandom().connect(ethers.provider);
      await ethers.provider.send("hardhat_setBalance", [wallet.address, "0x56bc75e2d63100000"]);
      const delegate = await (await deploy("GullibleWallet")).getAddress();
      const { chainId } = await ethers.provider.getNetwork();
      const lent = await wallet.authorize({ address: delegate, nonce: 1, chainId });
      const sent = await wallet.sendTransaction({ type: 4, to: f.relayer.address, authorizationList: [lent] });
      await sent.wait();
      expect(await ethers.provider.getCode(wallet.address)).to.equal(
        ethers.concat(["0xef0100", delegate]).toLowerCase(),
      );
      const salt = ethers.id("salt");
      const patient = (await f.patients.patientIdOf(wallet, salt)) as Patient["patient"];
      const ownerKeyHash = ethers.id("owner key") as `0x${string}`;
      const decided = await bySignature(wallet as unknown as Signer, f.patients, (contract, times) =>
        patientRegistrationData(contract, { patient, ownerKeyHash, ...times }),
      );
      const register = (authorization: Authorization) =>
        f.patients.connect(f.relayer).register(salt, ownerKeyHash, authorization);
      const gullible = { ...decided.authorization, signature: "0x12" };
      await refuses(register(gullible), f.patients, "AuthorizationSignatureInvalid", wallet.address);
      await register(decided.authorization);
      expect(agreement.patient).to.not.equal(patient);
    });

    it("is told from a contract whose code only has that length", async () => {
      const f = await load();
      const agreement = await agreementOf(f);
      // PUSH4 0x1626ba7e PUSH1 224 SHL PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN, and stops up to 23 bytes.
      const code = `0x631626ba7e60e01b60005260206000f3${"00".repeat(7)}`;
      expect(ethers.dataLength(code)).to.equal(23);
      await setCode(f.alice.wallet.address, code);
      const second = await nextSecond();
      const authorization = { signer: f.alice.wallet.address, signedAt: second, deadline: second, signature: "0x12" };
      await grant(agreement).call(f.consents.connect(f.relayer), authorization);
    });
  });

  describe("of a wallet that is not deployed yet", () => {
    for (const verbName of patientVerbNames) {
      it(`decide ${verbName}, which deploys it, and decide again afterwards`, async () => {
        const { f, carol } = await networkHelpers.loadFixture(withCarol);
        const asCarol = { ...f, alice: carol };
        const found = (await patientVerbs(asCarol))[verbName];
        if (found === undefined) throw new Error(verbName);
        const stranger = await decideVerb(asCarol, bySignature, found.verb, { signer: f.mallory });
        await refuses(stranger.submit(), f.consents, "PatientSignerNotController");
        const { submit } = await decideVerb(asCarol, bySignature, found.verb);
        const receipt = await (await submit()).wait();
        const registry = await f.consents.getAddress();
        expect(receipt?.logs.some(({ address }) => address === registry)).to.equal(true);
        expect(await isDeployed(carol.wallet.address)).to.equal(true);
        const again = await decideVerb(asCarol, bySignature, found.verb);
        await again.submit();
      });
    }

    it("register it as a patient", async () => {
      const f = await load();
      const wallet = await undeployedSigner("dora");
      const patient = (await f.patients.patientIdOf(wallet, saltOf("dora"))) as Patient["patient"];
      const ownerKeyHash = ethers.id("owner key") as `0x${string}`;
      const { authorization } = await bySignature(wallet, f.patients, (contract, times) =>
        patientRegistrationData(contract, { patient, ownerKeyHash, ...times }),
      );
      await f.patients.connect(f.relayer).register(saltOf("dora"), ownerKeyHash, authorization);
      expect((await f.patients.headOf(patient)).controller).to.equal(wallet.address);
      expect(await isDeployed(wallet.address)).to.equal(true);
    });

    it("are refused where the wallet is not made, is another, or did not sign", async () => {
      const { f, carol } = await networkHelpers.loadFixture(withCarol);
      const asCarol = { ...f, alice: carol };
      const { undeployed } = carol.wallet as Awaited<ReturnType<typeof undeployedSigner>>;
      const agreement = await agreementOf(asCarol);
      const second = await nextSecond();
      const times = { signedAt: second, deadline: second + 600 };
      const data = grant(agreement).build(await signingContract(f.consents), times);
      const plain = await undeployed.signPlainly(data);
      const factory = await undeployed.factory.getAddress();
      const other = await undeployedWallet("eve");
      const call = (name: string) => undeployed.factory.interface.encodeFunctionData(name as "deploy");
      const wrongs = {
        "no wrap": plain,
        "an empty wrap": `0x${"6492".repeat(16)}`,
        "nothing decodable": ethers.concat(["0x1234", `0x${"6492".repeat(16)}`]),
        "a factory that fails": wrap(factory, call("fail"), plain),
        "a factory that deploys nothing": wrap(factory, call("deployNothing"), plain),
        "a factory that deploys another": wrap(factory, other.creation, plain),
        "no factory at all": wrap(f.relayer.address, undeployed.creation, plain),
        "a signature of other owners": wrap(factory, undeployed.creation, await other.signPlainly(data)),
        "half a signature": wrap(factory, undeployed.creation, ethers.dataSlice(plain, 0, 65)),
        "a foreign key": wrap(factory, undeployed.creation, await sign(f.mallory, data)),
        "a foreign key alone": await sign(f.mallory, data),
      };
      const submit = (signature: string) =>
        grant(agreement).call(f.consents.connect(f.relayer), { signer: carol.wallet.address, ...times, signature });
      for (const signature of Object.values(wrongs)) {
        await refuses(submit(signature), f.consents, "AuthorizationSignatureInvalid", carol.wallet.address);
      }
      expect(await isDeployed(carol.wallet.address)).to.equal(false);
      await submit(wrap(factory, undeployed.creation, plain));
    });

    it("stay good without a wrap once it is there, and with one without another call of the factory", async () => {
      const { f, carol } = await networkHelpers.loadFixture(withCarol);
      const asCarol = { ...f, alice: carol };
      const { undeployed } = carol.wallet as Awaited<ReturnType<typeof undeployedSigner>>;
      const agreement = await agreementOf(asCarol);
      const factory = await undeployed.factory.getAddress();
      for (const isWrapped of [true, true, false]) {
        const second = await nextSecond();
        const times = { signedAt: second, deadline: second + 600 };
        const data = grant(agreement).build(await signingContract(f.consents), times);
        const plain = await undeployed.signPlainly(data);
        const wasThere = await isDeployed(undeployed.address);
        const signature = isWrapped ? wrap(factory, undeployed.creation, plain) : plain;
        const call = grant(agreement).call(f.consents.connect(f.relayer), {
          ...{ signer: undeployed.address, ...times, signature },
        });
        if (wasThere) await expect(call).to.not.emit(undeployed.factory, "Deployed");
        else {
          const validator = await f.validator.getAddress();
          await expect(call).to.emit(undeployed.factory, "Deployed").withArgs(undeployed.address, validator, 0);
        }
      }
      expect((await slotOf(asCarol, agreement)).serial).to.equal(3n);
    });

    it("let the factory decide nothing: it finds the watermark raised, and is nobody", async () => {
      const { f, carol } = await networkHelpers.loadFixture(withCarol);
      const asCarol = { ...f, alice: carol };
      const { undeployed } = carol.wallet as Awaited<ReturnType<typeof undeployedSigner>>;
      const agreement = await agreementOf(asCarol);
      const meddler = await deploy<BaseContract & { didMeddle(): Promise<boolean>; failure(): Promise<string> }>(
        "MeddlingFactory",
      );
      const times = { signedAt: await now(), deadline: (await now()) + 600 };
      const plain = await undeployed.signPlainly(grant(agreement).build(await signingContract(f.consents), times));
      const registry = await f.consents.getAddress();
      const factory = await undeployed.factory.getAddress();
      const owners = ownerAddressesOf("carol");
      const { labels, actions, notBefore, notAfter, document } = {
        ...{ labels: 1n << 9n, actions: 7, notBefore: agreement.from, notAfter: agreement.until },
        document: ethers.ZeroHash,
      };
      const wider = { patient: carol.patient, grantee: agreement.grantee, purpose: 1, labels, actions };
      const asWallet = { signer: undeployed.address, ...times, signature: "0x" };
      const decisions = {
        AuthorizationSignerNotCaller: f.consents.interface.encodeFunctionData("exclude", [
          ...([carol.patient, f.drBaker.provider, asWallet] as const),
        ]),
        ConsentSuperseded: f.consents.interface.encodeFunctionData("grant", [
          { ...wider, notBefore, notAfter, document },
          { ...asWallet, signature: wrap(factory, undeployed.creation, plain) },
        ]),
      };
      for (const [error, decision] of Object.entries(decisions)) {
        const snapshot = await networkHelpers.takeSnapshot();
        const meddling = meddler.interface.encodeFunctionData("meddle", [registry, decision, factory, owners]);
        await grant(agreement).call(f.consents.connect(f.relayer), {
          ...{ signer: undeployed.address, ...times },
          signature: wrap(await meddler.getAddress(), meddling, plain),
        });
        expect(await meddler.didMeddle()).to.equal(false);
        expect(f.consents.interface.parseError(await meddler.failure())?.name).to.equal(error);
        const slot = await slotOf(asCarol, agreement);
        expect([slot.serial, slot.actions]).to.deep.equal([1n, 3n]);
        await snapshot.restore();
      }
    });
  });

  it("decide for at most as long as every contract says", async () => {
    const { patients, providers, consents, records, gate } = await load();
    for (const contract of [patients, providers, consents, records, gate]) {
      expect(await contract.authorizationLifetime()).to.equal(BigInt(LIFETIME));
    }
  });

  it("come in every way of the suites", () => {
    expect(ways.map(({ name }) => name)).to.deep.equal([
      "called directly",
      "signed and relayed",
      "signed by the owners of a contract wallet",
      "signed by an account that lends its code",
    ]);
  });
});

describe("SignatureValidator", () => {
  const world = async () => {
    const validator = await deploy<Validator>("SignatureValidator");
    const wallet = await undeployedWallet("frank");
    const signature = await signHash(ownerAddressesOf("frank"), "frank", hash);
    const factory = await wallet.factory.getAddress();
    return { validator, wallet, signature, factory, wrapped: wrap(factory, wallet.creation, signature) };
  };

  it("deploys the wallet without value, then asks it", async () => {
    const { validator, wallet, wrapped } = await networkHelpers.loadFixture(world);
    expect(await validator.isValidSignature.staticCall(wallet.address, hash, wrapped)).to.equal(true);
    await expect(validator.isValidSignature(wallet.address, hash, wrapped))
      .to.emit(wallet.factory, "Deployed")
      .withArgs(wallet.address, await validator.getAddress(), 0);
    expect(await validator.isValidSignature.staticCall(wallet.address, hash, wrapped)).to.equal(true);
    await expect(validator.isValidSignature(wallet.address, hash, wrapped)).to.not.emit(wallet.factory, "Deployed");
  });

  it("asks with all of the signature, whether it fills its last word or not", async () => {
    const { validator, wallet, factory } = await networkHelpers.loadFixture(world);
    await setCode(wallet.address, await codeOf("GullibleWallet", []));
    for (const length of [0, 31, 32, 33, 64, 65]) {
      const wrapped = wrap(factory, wallet.creation, `0x${"ab".repeat(length)}`);
      expect(await validator.isValidSignature.staticCall(wallet.address, hash, wrapped), `${length}`).to.equal(true);
    }
  });

  it("says no to anything else", async () => {
    const { validator, wallet, signature, factory, wrapped } = await networkHelpers.loadFixture(world);
    const answers: [string, string, string][] = [
      [wallet.address, hash, signature],
      [wallet.address, ethers.id("something else"), wrapped],
      [factory, hash, wrapped],
      [ethers.ZeroAddress, hash, wrapped],
      [wallet.address, hash, "0x"],
      [wallet.address, hash, wrap(factory, wallet.factory.interface.encodeFunctionData("fail" as "deploy"), signature)],
    ];
    for (const [signer, digest, given] of answers) {
      expect(await validator.isValidSignature.staticCall(signer, digest, given)).to.equal(false);
    }
    const malformed = validator.isValidSignature.staticCall(wallet.address, hash, `0x${"6492".repeat(17)}`);
    await expect(malformed).to.be.revert(ethers);
    expect(await validator.isValidSignature.staticCall(wallet.address, hash, wrapped)).to.equal(true);
  });

  it("says no for an account that lends its code", async () => {
    const { validator, wrapped, wallet } = await networkHelpers.loadFixture(world);
    const delegate = await (await deploy("GullibleWallet")).getAddress();
    await setCode(wallet.address, ethers.concat(["0xef0100", delegate]));
    expect(await validator.isValidSignature.staticCall(wallet.address, hash, wrapped)).to.equal(false);
    await setCode(wallet.address, await ethers.provider.getCode(delegate));
    expect(await validator.isValidSignature.staticCall(wallet.address, hash, wrapped)).to.equal(true);
  });

  it("takes no value and holds no storage", async () => {
    const { validator, wallet, wrapped } = await networkHelpers.loadFixture(world);
    const [sender] = (await ethers.getSigners()) as [Signer];
    const address = await validator.getAddress();
    const data = validator.interface.encodeFunctionData("isValidSignature", [wallet.address, hash, wrapped]);
    await expect(sender.sendTransaction({ to: address, value: 1 })).to.be.revert(ethers);
    await expect(sender.sendTransaction({ to: address, value: 1, data })).to.be.revert(ethers);
    await sender.sendTransaction({ to: address, data });
    expect(await ethers.provider.getBalance(address)).to.equal(0n);
    for (let slot = 0; slot < 4; slot++)
      expect(await ethers.provider.getStorage(address, slot)).to.equal(ethers.ZeroHash);
  });
});

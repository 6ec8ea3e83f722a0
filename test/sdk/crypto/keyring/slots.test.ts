import { expect } from "chai";
import { SigningKey, TypedDataEncoder, Wallet } from "ethers";
import { fromHex, type Hex, toHex } from "../../../../sdk/src/core/bytes.ts";
import type { KeyId, PatientId } from "../../../../sdk/src/core/ids.ts";
import {
  addKeyringSlot,
  createKeyring,
  decodeKeyringHeader,
  encodeKeyringHeader,
  findOwnerKey,
  isShareOf,
  type KeyUnlock,
  ownerKeyHash,
  ownerKeyPair,
  type PasskeyPrf,
  readTrusteeShare,
  recoveryLabel,
  removeKeyringSlot,
  type SlotWallet,
  sealKeyringInSlots,
  sealPaperSlot,
  sealPasskeySlot,
  sealPassphraseSlot,
  sealTrusteeSlot,
  sealWalletSlot,
  sha256,
  trusteeShareText,
  unlockKeyring,
  type WalletSlot,
} from "../../../../sdk/src/crypto/index.ts";
import { unsealCapsule } from "../../../../sdk/src/crypto/threshold/capsule.ts";
import { decodeScalar, Point } from "../../../../sdk/src/crypto/threshold/group.ts";
import { type AnamnesisError, isAnamnesisError } from "../../../../sdk/src/errors/index.ts";

const { root } = createKeyring();
const contract = `0x${"12".repeat(20)}` as const;
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const workFactor = 2;

/** A wallet that signs as RFC 6979 says; `change` does to the signature what some wallets do. */
function walletOf(
  privateKey: Hex,
  change: (signature: Hex, count: number) => Hex = (signature) => signature,
): SlotWallet {
  const wallet = new Wallet(privateKey);
  let count = 0;
  return {
    address: wallet.address.toLowerCase() as Hex,
    sign: async ({ domain, types, message }) =>
      change((await wallet.signTypedData(domain, { KeyUnlock: [...types.KeyUnlock] }, message)) as Hex, count++),
  };
}

/** The typed error that `work` must end with. */
async function refusal(work: () => Promise<unknown>): Promise<AnamnesisError> {
  try {
    await work();
  } catch (error) {
    if (isAnamnesisError(error)) return error;
    throw error;
  }
  throw new Error("It was expected to be refused, and was not.");
}

const alice = `0x${"a1".repeat(32)}` as const;
const mallory = `0x${"66".repeat(32)}` as const;
const sealing = (wallet: SlotWallet, hasCode = false) => ({ wallet, chainId: 31_337, contract, hasCode });

/** The same signature as another wallet writes it: s in the upper half, v 0 or 1. */
function rewritten(signature: Hex): Hex {
  const bytes = fromHex(signature);
  const s = order - BigInt(toHex(bytes.subarray(32, 64)));
  return `${toHex(bytes.subarray(0, 32))}${s.toString(16).padStart(64, "0")}0${(bytes[64] ?? 27) === 27 ? 1 : 0}` as Hex;
}

describe("keyring slots", () => {
  describe("wallet", () => {
    it("opens with the wallet that enrolled it, however it writes the signature", async () => {
      const header = sealKeyringInSlots([await sealWalletSlot(root, sealing(walletOf(alice)))]);
      for (const wallet of [walletOf(alice), walletOf(alice, rewritten)]) {
        expect(toHex((await unlockKeyring(header, { kind: "wallet", wallet })).root)).to.equal(toHex(root));
      }
      const enrolled = await sealWalletSlot(root, sealing(walletOf(alice, rewritten)));
      const other = sealKeyringInSlots([enrolled]);
      const opened = await unlockKeyring(other, { kind: "wallet", wallet: walletOf(alice) });
      expect(toHex(opened.root)).to.equal(toHex(root));
    });

    it("refuses a contract, a wallet that signs differently each time, and signatures no key makes", async () => {
      const unsuitable = async (wallet: SlotWallet, hasCode = false) =>
        refusal(() => sealWalletSlot(root, sealing(wallet, hasCode)));
      const contractWallet = await unsuitable(walletOf(alice), true);
      expect([contractWallet.code, contractWallet.details["reason"]]).to.deep.equal([
        "CRYPTO_WALLET_UNSUITABLE",
        "a contract",
      ]);
      const key = new SigningKey(alice);
      const changing = walletOf(alice, (signature, count) =>
        count === 0 ? signature : (key.sign(toHex(sha256(fromHex(signature)))).serialized as Hex),
      );
      expect((await unsuitable(changing)).details["reason"]).to.equal("not repeatable");
      for (const odd of [(s: Hex) => `${s}00` as Hex, (s: Hex) => s.slice(0, 130) as Hex, () => "0x" as Hex]) {
        expect((await unsuitable(walletOf(alice, odd))).code).to.equal("CRYPTO_WALLET_UNSUITABLE");
      }
    });

    it("refuses another wallet, also one that claims the address, and a slot moved to another place", async () => {
      const slot = await sealWalletSlot(root, sealing(walletOf(alice)));
      const header = sealKeyringInSlots([slot]);
      const code = async (bytes: Uint8Array, wallet: SlotWallet) =>
        (await refusal(() => unlockKeyring(bytes, { kind: "wallet", wallet }))).code;
      const impostor = { ...walletOf(mallory), address: walletOf(alice).address };
      expect(await code(header, walletOf(mallory))).to.equal("CRYPTO_SLOT_NOT_OPENED");
      expect(await code(header, impostor)).to.equal("CRYPTO_SLOT_NOT_OPENED");
      const changes: readonly Partial<WalletSlot>[] = [
        { chainId: 1 },
        { contract: fromHex(`0x${"13".repeat(20)}`) },
        { salt: new Uint8Array(32) },
        { sealed: slot.sealed.map((byte, index) => (index === 20 ? byte ^ 1 : byte)) },
      ];
      for (const change of changes) {
        const moved = sealKeyringInSlots([{ ...slot, ...change }]);
        expect(await code(moved, walletOf(alice)), Object.keys(change)[0]).to.equal("CRYPTO_SLOT_NOT_OPENED");
      }
      await unlockKeyring(sealKeyringInSlots([{ ...slot }]), { kind: "wallet", wallet: walletOf(alice) });
    });

    it("says in words what it is for, under a salt of its own", async () => {
      const asked: KeyUnlock[] = [];
      const wallet = walletOf(alice);
      const sign = (data: KeyUnlock) => {
        asked.push(data);
        return wallet.sign(data);
      };
      const watching = { ...wallet, sign };
      await sealWalletSlot(root, sealing(watching));
      await sealWalletSlot(root, sealing(watching));
      const [first, again, second] = asked;
      expect(first?.message.action).to.equal("unlock my health records");
      expect(asked).to.have.length(4);
      expect(again).to.deep.equal(first);
      expect(second?.message.salt).not.to.equal(first?.message.salt);
      const encoder = TypedDataEncoder.from({ KeyUnlock: [...(first?.types.KeyUnlock ?? [])] });
      expect(encoder.encodeType("KeyUnlock")).to.equal("KeyUnlock(string action,string warning,bytes32 salt)");
    });
  });

  describe("passkey", () => {
    const credential = sha256(new Uint8Array([1]));
    const prf: PasskeyPrf = async (id, salt) => sha256(Uint8Array.from([...id, ...salt]));

    it("opens with its passkey and no other", async () => {
      const header = sealKeyringInSlots([await sealPasskeySlot(root, { credential, prf })]);
      expect(toHex((await unlockKeyring(header, { kind: "passkey", prf })).root)).to.equal(toHex(root));
      const other: PasskeyPrf = async (_, salt) => sha256(salt);
      const refused = await refusal(() => unlockKeyring(header, { kind: "passkey", prf: other }));
      expect(refused.code).to.equal("CRYPTO_SLOT_NOT_OPENED");
      const short: PasskeyPrf = async () => new Uint8Array(16);
      expect((await refusal(() => sealPasskeySlot(root, { credential, prf: short }))).code).to.equal(
        "CRYPTO_INVALID_LENGTH",
      );
    });
  });

  describe("paper", () => {
    it("opens with its printed phrase, however it is typed", async () => {
      const { slot, phrase } = await sealPaperSlot(root, { workFactor });
      expect(phrase).to.match(/^([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]$/);
      const header = sealKeyringInSlots([slot]);
      const typed = [phrase, phrase.toLowerCase(), phrase.replaceAll("-", " "), ` ${phrase.replaceAll("0", "o")} `];
      for (const text of [...typed, phrase.replaceAll("1", "l")]) {
        expect(toHex((await unlockKeyring(header, { kind: "paper", phrase: text })).root)).to.equal(toHex(root));
      }
    });

    it("refuses another phrase, and makes another one each time", async () => {
      const { slot, phrase } = await sealPaperSlot(root, { workFactor });
      const { phrase: other } = await sealPaperSlot(root, { workFactor });
      expect(other).not.to.equal(phrase);
      const refused = await refusal(() => unlockKeyring(sealKeyringInSlots([slot]), { kind: "paper", phrase: other }));
      expect(refused.code).to.equal("CRYPTO_WRONG_PASSPHRASE");
    });
  });

  describe("trustees", () => {
    const secretScalar = sha256(new Uint8Array([7])).map((byte, index) => (index === 31 ? byte & 0x0f : byte));
    const y = decodeScalar("y", secretScalar);
    const groupKey = Point.BASE.multiply(y).toBytes();
    const keyId = toHex(sha256(groupKey)) as KeyId;
    const patient = toHex(sha256(new Uint8Array([8]))) as PatientId;
    const parameters = { patient, keyId, groupKey, madeAt: 3, trustees: 3, threshold: 2 };
    const sealed = () => sealTrusteeSlot(root, parameters);

    /** What the stewards release, made here by who holds the whole committee key. */
    const stewardsHalfOf = ({ capsule }: Awaited<ReturnType<typeof sealed>>["slot"], madeAt = 3) =>
      unsealCapsule(capsule, recoveryLabel(keyId, patient, madeAt), Point.fromBytes(capsule.U).multiply(y).toBytes());

    it("opens with any two of three shares and the stewards' half", async () => {
      const { slot, shares } = await sealed();
      const header = sealKeyringInSlots([slot]);
      const stewardsHalf = await stewardsHalfOf(slot);
      for (const places of [
        [0, 1],
        [0, 2],
        [2, 1],
        [0, 1, 2],
      ]) {
        const given = shares.filter(({ place }) => places.includes(place));
        const opened = await unlockKeyring(header, { kind: "trustee", shares: given, stewardsHalf });
        expect(toHex(opened.root)).to.equal(toHex(root));
      }
    });

    it("refuses one share, the same twice, another keyring's, and the stewards' half alone or wrong", async () => {
      const { slot, shares } = await sealed();
      const [first, second] = shares as [(typeof shares)[0], (typeof shares)[0]];
      const other = await sealed();
      const header = sealKeyringInSlots([slot]);
      const stewardsHalf = await stewardsHalfOf(slot);
      const code = async (given: typeof shares, half = stewardsHalf) =>
        (await refusal(() => unlockKeyring(header, { kind: "trustee", shares: given, stewardsHalf: half }))).code;
      expect(await code([])).to.equal("CRYPTO_TOO_FEW_SHARES");
      expect(await code([first])).to.equal("CRYPTO_TOO_FEW_SHARES");
      expect(await code([first, first])).to.equal("CRYPTO_TOO_FEW_SHARES");
      expect(await code([first, ...other.shares.slice(1, 2)])).to.equal("CRYPTO_SHARE_WRONG");
      expect(await code([first, { ...second, place: 2 }])).to.equal("CRYPTO_SHARE_WRONG");
      expect(await code([first, second], await stewardsHalfOf(other.slot))).to.equal("CRYPTO_SLOT_NOT_OPENED");
      expect(await code([first, second], new Uint8Array(31))).to.equal("CRYPTO_INVALID_LENGTH");
      expect([isShareOf(slot, first), isShareOf(other.slot, first)]).to.deep.equal([true, false]);
    });

    it("binds the stewards' half to patient, committee key and the second it was made", async () => {
      const { slot } = await sealed();
      const wrong = await refusal(() => stewardsHalfOf(slot, 4));
      expect(wrong.code).to.equal("CRYPTO_OPEN_FAILED");
      expect(toHex(await stewardsHalfOf(slot))).to.have.length(66);
      expect(toHex(recoveryLabel(keyId, patient, 3))).not.to.equal(toHex(recoveryLabel(keyId, patient, 4)));
    });

    it("refuses thresholds that one person meets, or nobody", async () => {
      for (const [trustees, threshold] of [
        [3, 1],
        [2, 3],
        [17, 9],
        [2.5, 2],
      ] as const) {
        const refused = await refusal(() => sealTrusteeSlot(root, { ...parameters, trustees, threshold }));
        expect(refused.code).to.equal("CRYPTO_INVALID_PARAMETERS");
      }
      expect((await sealTrusteeSlot(root, { ...parameters, trustees: 16, threshold: 16 })).shares).to.have.length(16);
    });

    it("keeps a share as a line of text, and tells a slip of the pen", async () => {
      const { shares } = await sealed();
      for (const share of shares) {
        const text = trusteeShareText(share);
        expect(readTrusteeShare(` ${text}\n`)).to.deep.equal(share);
        let refused = 0;
        for (let place = 18; place < text.length; place++) {
          const letter = text[place] === "A" ? "B" : "A";
          const slip = text.slice(0, place) + letter + text.slice(place + 1);
          try {
            const read = readTrusteeShare(slip);
            // The last letter may hold bits that no byte uses.
            expect(read).to.deep.equal(share);
          } catch {
            refused++;
          }
        }
        expect(refused).to.be.at.least(text.length - 19);
      }
      expect((await refusal(async () => readTrusteeShare("anamnesis-share-2:AAAA"))).code).to.equal(
        "CRYPTO_SHARE_WRONG",
      );
    });
  });

  describe("header", () => {
    it("takes slots of every kind, opens with each, and gives one up, but never the last", async () => {
      const paper = await sealPaperSlot(root, { workFactor });
      const prf: PasskeyPrf = async (_, salt) => sha256(salt);
      let header = sealKeyringInSlots([await sealPassphraseSlot(root, "correct horse battery", { workFactor })]);
      header = addKeyringSlot(header, paper.slot);
      header = addKeyringSlot(header, await sealWalletSlot(root, sealing(walletOf(alice))));
      header = addKeyringSlot(header, await sealPasskeySlot(root, { credential: new Uint8Array(8), prf }));
      expect(decodeKeyringHeader(header).slots.map(({ kind }) => kind)).to.deep.equal([
        "passphrase",
        "paper",
        "wallet",
        "passkey",
      ]);
      for (const unlock of [
        { kind: "passphrase", passphrase: "correct horse battery" },
        { kind: "paper", phrase: paper.phrase },
        { kind: "wallet", wallet: walletOf(alice) },
        { kind: "passkey", prf },
      ] as const) {
        expect(toHex((await unlockKeyring(header, unlock)).root)).to.equal(toHex(root));
      }
      const without = removeKeyringSlot(header, 2);
      const refused = await refusal(() => unlockKeyring(without, { kind: "wallet", wallet: walletOf(alice) }));
      expect([refused.code, refused.details["reason"]]).to.deep.equal(["CRYPTO_KEYRING_INVALID", "no wallet slot"]);
      const last = [2, 1, 0].reduce((bytes, place) => (place === 0 ? bytes : removeKeyringSlot(bytes, place)), without);
      expect((await refusal(async () => removeKeyringSlot(last, 0))).code).to.equal("CRYPTO_KEYRING_INVALID");
      expect((await refusal(async () => removeKeyringSlot(header, 4))).code).to.equal("CRYPTO_KEYRING_INVALID");
    });

    it("keeps slots of unknown kinds as they stand, and refuses known ones that are not whole", async () => {
      const slot = await sealWalletSlot(root, sealing(walletOf(alice)));
      const foreign = { kind: "of tomorrow", anything: [1, 2] };
      const header = encodeKeyringHeader({ v: 1, slots: [foreign, slot] });
      expect(decodeKeyringHeader(header).slots[0]).to.deep.equal(foreign);
      const { salt: _, ...cut } = slot;
      for (const slots of [[cut], [{ ...slot, more: 1 }], [{ ...slot, address: new Uint8Array(19) }]]) {
        const refused = await refusal(async () => decodeKeyringHeader(encodeKeyringHeader({ v: 1, slots })));
        expect(refused.code).to.equal("CRYPTO_KEYRING_INVALID");
      }
      const full = encodeKeyringHeader({ v: 1, slots: Array.from({ length: 16 }, () => foreign) });
      expect((await refusal(async () => addKeyringSlot(full, slot))).code).to.equal("CRYPTO_KEYRING_INVALID");
    });
  });

  describe("owner key", () => {
    it("is found by its hash, whichever version it is, and another root's is not", async () => {
      for (const version of [1, 2, 5]) {
        const { publicKey } = await ownerKeyPair(root, version);
        expect((await findOwnerKey(root, ownerKeyHash(publicKey)))?.version).to.equal(version);
      }
      const { publicKey } = await ownerKeyPair(createKeyring().root, 1);
      expect(await findOwnerKey(root, ownerKeyHash(publicKey))).to.equal(undefined);
    });
  });
});

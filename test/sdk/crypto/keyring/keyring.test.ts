import { encode } from "@ipld/dag-cbor";
import { Encrypter } from "age-encryption";
import { expect } from "chai";
import { concat, type Hex, toHex, utf8 } from "../../../../sdk/src/core/bytes.ts";
import {
  createKeyring,
  decodeKeyringHeader,
  encodeKeyringHeader,
  keyringHeaderHash,
  openKeyring,
  type PassphraseSlot,
  sealKeyring,
  sha256,
} from "../../../../sdk/src/crypto/index.ts";
import { countRefused, flippedBits, refusal } from "../refusal.ts";
import { readVectors, unhex } from "../shared-vectors.ts";

const passphrase = "correct horse battery";
/** Cheap on purpose; the default costs a second. */
const workFactor = 2;

describe("keyring", () => {
  const { root } = createKeyring();
  let header: Uint8Array;

  before(async () => {
    header = await sealKeyring(root, passphrase, { workFactor });
  });

  it("makes a fresh root of 32 bytes each time", () => {
    const roots = Array.from({ length: 20 }, () => toHex(createKeyring().root));
    expect(new Set(roots).size).to.equal(20);
    expect(root).to.have.length(32);
  });

  it("opens with its passphrase", async () => {
    expect(toHex((await openKeyring(header, passphrase)).root)).to.equal(toHex(root));
  });

  it("opens with the same letters composed otherwise", async () => {
    const sealed = await sealKeyring(root, "pàssphràse à moi".normalize("NFD"), { workFactor });
    expect(toHex((await openKeyring(sealed, "pàssphràse à moi".normalize("NFC"))).root)).to.equal(toHex(root));
  });

  it("holds an age file, under scrypt of cost 2^18 unless told otherwise", async function () {
    this.timeout(120_000);
    const [slot] = decodeKeyringHeader(await sealKeyring(root, passphrase)).slots as [PassphraseSlot];
    const start = new TextDecoder("latin1").decode(slot.file.subarray(0, 80));
    expect(start).to.match(/^age-encryption\.org\/v1\n-> scrypt [A-Za-z0-9+/]{22} 18\n/);
    expect(slot.kind).to.equal("passphrase");
  });

  it("opens the frozen header", async () => {
    type Vector = { readonly root: Hex; readonly passphrase: string; readonly header: Hex; readonly hash: Hex };
    const vector = readVectors<Vector>("keyring/header.json");
    const bytes = unhex(vector.header);
    expect(toHex((await openKeyring(bytes, vector.passphrase)).root)).to.equal(vector.root);
    expect(keyringHeaderHash(bytes)).to.equal(vector.hash);
    expect(toHex(encodeKeyringHeader(decodeKeyringHeader(bytes)))).to.equal(vector.header);
  });

  it("refuses a wrong passphrase by name, and says nothing of it", async () => {
    for (const wrong of ["correct horse batterY", "", `${passphrase} `]) {
      const error = await refusal(() => openKeyring(header, wrong), "CRYPTO_WRONG_PASSPHRASE");
      expect(error.details).to.deep.equal({});
      expect(error.message).not.to.contain("battery");
    }
  });

  it("refuses to seal under a short passphrase, a wrong root or an absurd cost", async () => {
    const error = await refusal(() => sealKeyring(root, "eleven char", { workFactor }), "CRYPTO_PASSPHRASE_TOO_SHORT");
    expect(error.details).to.deep.equal({ length: 11, minimum: 12 });
    // Counted in characters, not in UTF-16 units.
    await refusal(() => sealKeyring(root, "🔑".repeat(11), { workFactor }), "CRYPTO_PASSPHRASE_TOO_SHORT");
    await sealKeyring(root, "🔑".repeat(12), { workFactor });
    await refusal(() => sealKeyring(root.slice(1), passphrase, { workFactor }), "CRYPTO_INVALID_LENGTH");
    for (const cost of [0, 19, 1.5]) {
      await refusal(() => sealKeyring(root, passphrase, { workFactor: cost }), "CRYPTO_INVALID_PARAMETERS");
    }
  });

  it("refuses every flipped bit and every truncation of the header", async function () {
    this.timeout(120_000);
    const attempts = [
      ...Array.from(flippedBits(header), (flipped) => () => openKeyring(flipped, passphrase)),
      ...Array.from({ length: header.length }, (_, length) => () => openKeyring(header.slice(0, length), passphrase)),
    ];
    const { tried, refused } = await countRefused(attempts, "CRYPTO_WRONG_PASSPHRASE", "CRYPTO_KEYRING_INVALID");
    expect(refused).to.equal(tried);
    expect(tried).to.equal(9 * header.length);
    expect((await openKeyring(header, passphrase)).root).to.have.length(32);
  });

  it("refuses a planted cost before doing the work", async () => {
    const [slot] = decodeKeyringHeader(header).slots as [PassphraseSlot];
    const text = new TextDecoder("latin1").decode(slot.file);
    const planted = Uint8Array.from(text.replace(" 2\n", " 19\n"), (letter) => letter.charCodeAt(0));
    const bytes = encodeKeyringHeader({ v: 1, slots: [{ kind: "passphrase", file: planted }] });
    const started = performance.now();
    const error = await refusal(() => openKeyring(bytes, passphrase), "CRYPTO_KEYRING_INVALID");
    expect(error.details).to.deep.equal({ reason: "slot" });
    expect(performance.now() - started).to.be.below(100);
  });

  it("refuses an age file that holds no root", async () => {
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(workFactor);
    const file = await encrypter.encrypt(utf8("not a root"));
    const error = await refusal(
      () => openKeyring(encodeKeyringHeader({ v: 1, slots: [{ kind: "passphrase", file }] }), passphrase),
      "CRYPTO_KEYRING_INVALID",
    );
    expect(error.details).to.deep.equal({ reason: "root", length: 10 });
  });

  describe("header", () => {
    it("is the one deterministic encoding, hashed by SHA-256", () => {
      expect(toHex(encodeKeyringHeader(decodeKeyringHeader(header)))).to.equal(toHex(header));
      expect(keyringHeaderHash(header)).to.equal(toHex(sha256(header)));
    });

    it("keeps slots of kinds it does not know, and opens beside them", async () => {
      const { slots } = decodeKeyringHeader(header);
      const later = { kind: "smart card", credential: utf8("id"), salt: new Uint8Array(32) };
      const bytes = encodeKeyringHeader({ v: 1, slots: [later, ...slots] });
      expect(decodeKeyringHeader(bytes).slots[0]).to.deep.equal(later);
      expect(toHex((await openKeyring(bytes, passphrase)).root)).to.equal(toHex(root));
      const alone = encodeKeyringHeader({ v: 1, slots: [later] });
      const error = await refusal(() => openKeyring(alone, passphrase), "CRYPTO_KEYRING_INVALID");
      expect(error.details).to.deep.equal({ reason: "no passphrase slot" });
    });

    it("tries each passphrase slot", async () => {
      const second = decodeKeyringHeader(await sealKeyring(root, "another passphrase", { workFactor })).slots;
      const bytes = encodeKeyringHeader({ v: 1, slots: [...decodeKeyringHeader(header).slots, ...second] });
      for (const each of [passphrase, "another passphrase"]) {
        expect(toHex((await openKeyring(bytes, each)).root)).to.equal(toHex(root));
      }
      await refusal(() => openKeyring(bytes, "neither of the two"), "CRYPTO_WRONG_PASSPHRASE");
    });

    it("says that the passphrase is wrong, whichever other slot is damaged", async () => {
      const { slots } = decodeKeyringHeader(header);
      const damaged = { kind: "passphrase", file: utf8("no age file") };
      for (const both of [
        [...slots, damaged],
        [damaged, ...slots],
      ]) {
        const bytes = encodeKeyringHeader({ v: 1, slots: both });
        await refusal(() => openKeyring(bytes, "quite another one"), "CRYPTO_WRONG_PASSPHRASE");
        expect(toHex((await openKeyring(bytes, passphrase)).root)).to.equal(toHex(root));
      }
    });

    it("is refused in any other shape", async () => {
      const file = new Uint8Array(3);
      const shapes: unknown[] = [
        null,
        [],
        {},
        { v: 1 },
        { v: 2, slots: [{ kind: "passphrase", file }] },
        { v: 1, slots: [] },
        { v: 1, slots: {} },
        { v: 1, slots: [null] },
        { v: 1, slots: [{ file }] },
        { v: 1, slots: [{ kind: "passphrase" }] },
        { v: 1, slots: [{ kind: "passphrase", file: "text" }] },
        { v: 1, slots: Array.from({ length: 17 }, () => ({ kind: "passphrase", file })) },
      ];
      const attempts = shapes.map((shape) => () => decodeKeyringHeader(encode(shape)));
      expect(await countRefused(attempts, "CRYPTO_KEYRING_INVALID")).to.deep.equal({ tried: 12, refused: 12 });
      await refusal(() => decodeKeyringHeader(concat(header, Uint8Array.of(0))), "CRYPTO_KEYRING_INVALID");
      await refusal(() => decodeKeyringHeader(new Uint8Array(65_537)), "CRYPTO_KEYRING_INVALID");
      expect(decodeKeyringHeader(header).v).to.equal(1);
    });
  });
});

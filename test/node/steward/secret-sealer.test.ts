import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { keyFileSealer, passphraseSealer, type SecretSealer } from "../../../node/src/steward/secret-sealer.ts";
import { openStewardFolder, type ShareName } from "../../../node/src/steward/steward-folder.ts";
import { randomBytes, toHex, utf8 } from "../../../sdk/src/core/bytes.ts";
import type { KeyId } from "../../../sdk/src/core/ids.ts";
import { rejection } from "../../support/rejection.ts";

describe("SecretSealer", () => {
  let directory: string;
  const share = randomBytes(32);
  const epoch = (number: number): ShareName => ({ keyId: `0x${"ab".repeat(32)}` as KeyId, epoch: number });
  /** Far below what a steward takes, for time. */
  const quick = { workFactor: 8 };
  const found = (bytes: Uint8Array) =>
    readdirSync(directory).filter((name) => readFileSync(join(directory, name)).includes(Buffer.from(bytes))).length;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "anamnesis-sealer-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  describe("passphrase", () => {
    const open = async (passphrase: string) =>
      openStewardFolder(directory, { sealer: await passphraseSealer(directory, passphrase, quick) });

    it("opens the same secrets again, and nothing without it lies beside the database", async () => {
      const folder = await open("four quiet words here");
      await folder.saveShare(epoch(1), share);
      const { publicKey } = folder.signing;
      await folder.close();
      expect(readdirSync(directory).sort()).to.deep.equal(["steward.age", "steward.sqlite"]);
      expect(statSync(join(directory, "steward.age")).mode & 0o777).to.equal(0o600);
      const again = await open("four quiet words here");
      expect(toHex(await again.loadShare(epoch(1)))).to.equal(toHex(share));
      expect(toHex(again.signing.publicKey)).to.equal(toHex(publicKey));
      expect(found(share)).to.equal(0);
      // The counter-case: what is not secret is found.
      expect(found(utf8(`share/${epoch(1).keyId}/1`))).to.be.greaterThan(0);
      await again.close();
    });

    it("refuses another one, and one that is too short, without repeating either", async () => {
      await (await open("four quiet words here")).close();
      const wrong = await rejection(open("four quiet words there"));
      expect(wrong.code).to.equal("STEWARD_SHARE_UNREADABLE");
      expect(`${wrong.stack} ${String(wrong.cause)}`).not.to.include("quiet");
      mkdirSync(join(directory, "other"));
      const short = await rejection(passphraseSealer(join(directory, "other"), "short", quick));
      expect(short.code).to.equal("CRYPTO_PASSPHRASE_TOO_SHORT");
      expect(readdirSync(join(directory, "other"))).to.deep.equal([]);
    });
  });

  it("binds each value to its name", async () => {
    const sealer = keyFileSealer(directory);
    const sealed = await sealer.seal("share/1", share);
    expect(toHex(await sealer.open("share/1", sealed))).to.equal(toHex(share));
    expect((await rejection(sealer.open("share/2", sealed))).details).to.deep.equal({ secret: "share/2" });
    expect(readdirSync(directory)).to.deep.equal(["steward.key"]);
  });

  it("may be somebody else's, such as a key-management service", async () => {
    const calls: string[] = [];
    const inner = keyFileSealer(directory);
    const service: SecretSealer = {
      seal(name, plaintext) {
        calls.push(`seal ${name}`);
        return inner.seal(name, plaintext);
      },
      open(name, sealed) {
        calls.push(`open ${name}`);
        return inner.open(name, sealed);
      },
    };
    const folder = await openStewardFolder(directory, { sealer: service });
    await folder.saveShare(epoch(1), share);
    expect(toHex(await folder.loadShare(epoch(1)))).to.equal(toHex(share));
    const name = `share/${epoch(1).keyId}/1`;
    expect(calls).to.deep.equal(["seal signing", "seal sealing", `seal ${name}`, `open ${name}`]);
    await folder.close();
  });

  it("leaves nothing of a share that was destroyed, in any file", async () => {
    const folder = await openStewardFolder(directory);
    for (const number of [1, 2, 10]) await folder.saveShare(epoch(number), share);
    const sealed = (await folder.store.secretOf(`share/${epoch(1).keyId}/1`)) as Uint8Array;
    expect(found(sealed)).to.be.greaterThan(0);
    await folder.destroyShare(epoch(1));
    expect((await folder.shares()).map((each) => each.epoch)).to.deep.equal([10, 2]);
    expect((await rejection(folder.loadShare(epoch(1)))).code).to.equal("STEWARD_SHARE_MISSING");
    expect(found(sealed)).to.equal(0);
    expect(await folder.secrets.names("share/")).to.have.length(2);
    await folder.close();
    expect(found(sealed)).to.equal(0);
  });
});

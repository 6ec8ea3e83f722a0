import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect } from "chai";
import { Wallet } from "ethers";
import { runCommitteeCeremony } from "../../../node/src/ceremony/index.ts";
import { createSteward, type StewardParameters } from "../../../node/src/steward/create-steward.ts";
import { openStewardFolder, type StewardFolder } from "../../../node/src/steward/steward-folder.ts";
import { fromHex, toHex } from "../../../sdk/src/core/bytes.ts";
import type { ProviderId } from "../../../sdk/src/core/ids.ts";
import type { Address } from "../../../sdk/src/core/types.ts";
import { openCapsule, partialDecryptBatch, sealCapsule, verifyPartialBatch } from "../../../sdk/src/crypto/index.ts";
import type { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import { simulatedChain } from "../../ceremony/simulated-chain.ts";

describe("StewardFolder", () => {
  let directory: string;
  let folders: StewardFolder[];
  const path = (index: number) => join(directory, `steward-${index}`);

  const codeOf = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      return (error as AnamnesisError).code;
    }
    return "done";
  };

  const ceremony = () => {
    const chain = simulatedChain();
    const members = folders.map((folder, i) => {
      const account = Wallet.createRandom();
      const provider = `0x${String(i).repeat(64)}` as ProviderId;
      chain.admit(provider, account.address as Address);
      return { folder, provider, account, endpoint: `memory:${i}` };
    });
    return runCommitteeCeremony({ members, threshold: 2, chain, publish: chain.publish });
  };

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "anamnesis-folder-"));
    folders = await Promise.all([0, 1, 2].map((i) => openStewardFolder(path(i))));
  });
  afterEach(() => {
    for (const folder of folders) folder.close();
    rmSync(directory, { recursive: true, force: true });
  });

  describe("runCommitteeCeremony", () => {
    it("gives each steward a share of one key, of which any two open a capsule", async () => {
      const { committee, signatures } = await ceremony();
      expect(signatures).to.have.length(3);
      const label = new Uint8Array(8);
      const secret = new Uint8Array(32).fill(7);
      const capsule = await sealCapsule({ groupKey: fromHex(committee.groupKey), label, secret });
      const points = await Promise.all(
        folders.map(async (folder, i) => {
          const share = await folder.loadShare(committee);
          const verifyingShare = fromHex(committee.members[i]!.verifyingShare);
          const partial = partialDecryptBatch({ share, verifyingShare, U: [capsule.U] });
          const verified = verifyPartialBatch({ verifyingShare, U: [capsule.U], partial });
          return { member: i + 1, point: (verified as readonly Uint8Array[])[0]! };
        }),
      );
      for (const pair of [
        [0, 1],
        [0, 2],
        [1, 2],
      ]) {
        const partials = pair.map((i) => points[i]!);
        expect(toHex(await openCapsule({ capsule, label, partials, threshold: 2 }))).to.equal(toHex(secret));
      }
      expect(await codeOf(() => openCapsule({ capsule, label, partials: [points[0]!], threshold: 2 }))).to.equal(
        "CRYPTO_TOO_FEW_PARTIALS",
      );
    });
  });

  describe("open", () => {
    it("finds signing key and share again, under a key file that only its owner reads", async () => {
      const { committee } = await ceremony();
      const share = toHex(await folders[0]!.loadShare(committee));
      const { publicKey } = folders[0]!.signing;
      folders[0]!.close();
      const again = await openStewardFolder(path(0));
      expect(toHex(again.signing.publicKey)).to.equal(toHex(publicKey));
      expect(toHex(await again.loadShare(committee))).to.equal(share);
      expect(statSync(join(path(0), "steward.key")).mode & 0o777).to.equal(0o600);
      again.close();
    });

    it("refuses another key file, and a share that was never made", async () => {
      const { committee } = await ceremony();
      expect(await codeOf(() => folders[0]!.loadShare({ ...committee, epoch: 2 }))).to.equal("STEWARD_SHARE_MISSING");
      folders[0]!.close();
      writeFileSync(join(path(0), "steward.key"), new Uint8Array(32));
      expect(await codeOf(() => openStewardFolder(path(0)))).to.equal("STEWARD_SHARE_UNREADABLE");
    });
  });

  describe("the share", () => {
    it("is in no file, no printed steward and no error", async () => {
      const { committee } = await ceremony();
      const folder = folders[0]!;
      const share = await folder.loadShare(committee);
      const parameters: StewardParameters = {
        index: 0,
        signing: folder.signing,
        share,
        committee,
        chainId: 31337,
        gate: `0x${"22".repeat(20)}`,
        system: `0x${"33".repeat(32)}`,
        nodes: [],
        store: folder.store,
      };
      const steward = createSteward(parameters);
      const needle = Buffer.from(share);
      const hex = needle.toString("hex");
      const printed = inspect(steward, { depth: 20, showHidden: true }) + JSON.stringify(steward);
      expect(printed).not.to.include(hex);

      let message = "";
      const wrong = Uint8Array.from(share, (byte, i) => (i === 0 ? byte ^ 1 : byte));
      try {
        createSteward({ ...parameters, share: wrong });
      } catch (error) {
        message = inspect(error, { depth: 20 });
      }
      expect(message).to.include("CRYPTO_SHARE_MISMATCH");
      expect(message).not.to.include(Buffer.from(wrong).toString("hex"));

      const files = readdirSync(path(0)).map((name) => readFileSync(join(path(0), name)));
      expect(files.length).to.be.greaterThan(1);
      const found = (bytes: Uint8Array) => files.filter((file) => file.includes(Buffer.from(bytes))).length;
      expect([found(needle), found(folder.signing.secretKey)]).to.deep.equal([0, 0]);
      // The counter-case: what is not secret is found.
      expect(found(new TextEncoder().encode(`share/${committee.keyId}/1`))).to.be.greaterThan(0);
      steward.close();
      expect(await codeOf(() => steward.handle("list", new Uint8Array()))).to.equal("STEWARD_UNREACHABLE");
    });
  });
});

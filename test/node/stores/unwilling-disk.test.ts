import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openStewardStore } from "../../../node/src/stores/open-steward-store.ts";
import type { RecordId } from "../../../sdk/src/core/ids.ts";

const script = new URL("write-until-refused.ts", import.meta.url).pathname;
/** `nobody`. */
const UNPRIVILEGED = 65_534;

interface Said {
  readonly acknowledged: readonly { recordId: RecordId; encoded: string }[];
  readonly code: string;
}

describe("StewardStore on a disk that takes no more", () => {
  let directory: string;
  const location = () => `sqlite:${join(directory, "steward.sqlite")}`;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "anamnesis-full-"));
  });
  afterEach(() => {
    chmodSync(directory, 0o700);
    rmSync(directory, { recursive: true, force: true });
  });

  /** Writes in a process whose files may have that many blocks of 512 bytes, or as somebody without rights. */
  function write(most: number, limits: { readonly blocks?: number; readonly unprivileged?: boolean } = {}): Said {
    const user = limits.unprivileged && process.getuid?.() === 0 ? [String(UNPRIVILEGED)] : [];
    const bound = limits.blocks === undefined ? "" : `trap '' XFSZ; ulimit -f ${limits.blocks};`;
    const { stdout, stderr } = spawnSync(
      "sh",
      ["-c", `${bound} exec "$0" "$@"`, process.execPath, script, location(), String(most), ...user],
      { cwd: new URL("../../..", import.meta.url).pathname, timeout: 60_000, encoding: "utf8" },
    );
    expect(stdout, stderr).to.not.equal("");
    return JSON.parse(stdout) as Said;
  }

  async function kept(said: readonly Said[]): Promise<number> {
    const store = await openStewardStore(location());
    let found = 0;
    for (const { recordId, encoded } of said.flatMap(({ acknowledged }) => acknowledged)) {
      const envelope = await store.envelopeOf(recordId);
      if (envelope && Buffer.from(envelope).toString("hex") === encoded) found += 1;
    }
    await store.close();
    return found;
  }

  it("that is full refuses with a typed error, keeps what it acknowledged, and goes on once there is room", async () => {
    const full = write(1_000, { blocks: 1_200 });
    expect(full.code).to.equal("STEWARD_STORE_FAILED");
    expect(full.acknowledged.length).to.be.within(5, 999);
    const roomy = write(20);
    expect([roomy.code, roomy.acknowledged.length]).to.deep.equal(["none", 20]);
    expect(await kept([full, roomy])).to.equal(full.acknowledged.length + 20);
  });

  it("that may only be read refuses with a typed error, and changes nothing", async () => {
    const before = write(3);
    expect([before.code, before.acknowledged.length]).to.deep.equal(["none", 3]);
    chmodSync(directory, 0o555);
    for (const name of ["steward.sqlite", "steward.sqlite-wal", "steward.sqlite-shm"]) {
      try {
        chmodSync(join(directory, name), 0o444);
      } catch {
        // A file that is not there cannot be written either.
      }
    }
    const after = write(3, { unprivileged: true });
    expect(after).to.deep.equal({ acknowledged: [], code: "STEWARD_STORE_FAILED" });
    chmodSync(directory, 0o700);
    expect(await kept([before])).to.equal(3);
  });
});

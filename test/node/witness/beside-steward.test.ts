import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { createLogger } from "../../../node/src/service/index.ts";
import { openStewardFolder } from "../../../node/src/steward/index.ts";
import type { StewardServiceConfiguration } from "../../../node/src/steward-service/configuration.ts";
import { keepWatch } from "../../../node/src/steward-service/witness.ts";
import type { WitnessReport } from "../../../node/src/witness/report.ts";
import { toHex } from "../../../sdk/src/core/bytes.ts";
import { localChain } from "../../support/local-chain.ts";

describe("Witness beside a steward", function () {
  this.timeout(120_000);
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "anamnesis-watch-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("writes its reports, under a key that is not the steward's own, and only where it is configured", async () => {
    const { deployment, url } = await localChain();
    const folder = await openStewardFolder(directory);
    const clock = { now: () => Date.now(), elapsed: () => performance.now() };
    const shared = {
      folder,
      clock,
      logger: createLogger({ service: "steward", level: "silent" }),
      onFault: () => undefined,
    };
    const configuration = { folder: directory, deployment, nodes: [url] } as unknown as StewardServiceConfiguration;
    await keepWatch({ ...shared, configuration }).stop();
    expect(existsSync(join(directory, "witness"))).to.equal(false);

    const path = join(directory, "witness", "report.json");
    const watching = keepWatch({
      ...shared,
      configuration: { ...configuration, witness: { every: 1, name: "riverside" } },
    });
    for (let i = 0; i < 600 && !existsSync(path); i++) await delay(50);
    await watching.stop();
    const report = JSON.parse(readFileSync(path, "utf8")) as WitnessReport;
    expect([report.alarms, report.checked.events > 0]).to.deep.equal([[], true]);
    const publicKey = Buffer.from(report.witness.key.split("+")[2] ?? "", "base64").subarray(1);
    expect([publicKey.length, toHex(publicKey) === toHex(folder.signing.publicKey)]).to.deep.equal([32, false]);
    expect(existsSync(join(directory, "witness", "witness.key"))).to.equal(false);
    folder.close();
  });
});

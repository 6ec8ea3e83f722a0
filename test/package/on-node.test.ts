import { join } from "node:path";
import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import type { Outcome } from "./consumer/flow.ts";
import { compileConsumer } from "./support/compile-consumer.ts";
import { expectOutcome } from "./support/expect-outcome.ts";
import { runPlainly } from "./support/run-plainly.ts";
import { type Served, serveNetwork } from "./support/serve-network.ts";
import { sdkConsumer } from "./support/workshop.ts";
import { writeConsumer } from "./support/write-consumer.ts";

describe("the installed SDK under Node", () => {
  let folder = "";
  let network: LocalNetwork;
  let served: Served;
  before(async function () {
    this.timeout(240_000);
    folder = await sdkConsumer();
    writeConsumer(folder);
    network = await startLocalNetwork();
    served = await serveNetwork(network);
  });
  after(async () => {
    await served?.stop();
    await network?.stop();
  });

  it("runs the README's example, and denies before consent and after its end", async () => {
    await compileConsumer(folder, "tsconfig.nodenext.json", "--skipLibCheck");
    const args = [join("out", "on-node.js"), served.origin];
    const { stdout, stderr } = await runPlainly(process.execPath, args, { folder, seconds: 50 });
    expectOutcome(JSON.parse(stdout) as Outcome);
    if (stderr !== "") throw new Error(`It complained: ${stderr}`);
  });
});

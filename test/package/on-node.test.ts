import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import type { Outcome } from "./consumer/flow.ts";
import { expectOutcome } from "./support/expect-outcome.ts";
import { runPlainly } from "./support/run-plainly.ts";
import { type Served, serveNetwork } from "./support/serve-network.ts";
import { nodeConsumer, root, sdkConsumer } from "./support/workshop.ts";
import { writeConsumer } from "./support/write-consumer.ts";

const compile = (folder: string) => {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const args = [compiler, "-p", "tsconfig.nodenext.json", "--skipLibCheck"];
  return runPlainly(process.execPath, args, { folder, seconds: 90 });
};

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
    await compile(folder);
    const args = [join("out", "on-node.js"), served.origin];
    const { stdout, stderr } = await runPlainly(process.execPath, args, { folder, seconds: 50 });
    expectOutcome(JSON.parse(stdout) as Outcome);
    if (stderr !== "") throw new Error(`It complained: ${stderr}`);
  });
});

/** Plain JavaScript, as somebody would write it after `npm install`. */
const ownNetwork = `import { startLocalNetwork } from "@anamnesis/node";
import { share } from "./out/example.js";

const network = await startLocalNetwork();
try {
  const clinic = await network.admit({ name: "Riverside Clinic", kind: "clinic" });
  const doctor = await network.admit({ name: "Dr Baker", kind: "practitioner" });
  await network.affiliate(clinic, doctor);
  const code = { coding: [{ system: "http://loinc.org", code: "718-7" }], text: "Hemoglobin" };
  const laboratory = { system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" };
  const result = { resourceType: "Observation", status: "final", category: [{ coding: [laboratory] }], code };
  await share(network, await network.account(), doctor.signer, clinic.provider, result);
} finally {
  await network.stop();
}
`;

describe("the installed package for Node", () => {
  it("starts a whole network, runs the README's example on it, and ends by itself", async function () {
    this.timeout(240_000);
    const folder = await nodeConsumer();
    writeConsumer(folder);
    await compile(folder);
    writeFileSync(join(folder, "own-network.js"), ownNetwork);
    const { stdout } = await runPlainly(process.execPath, ["own-network.js"], { folder, seconds: 90 });
    const [title, ...trail] = stdout.trim().split("\n");
    if (title !== "Lab result: Hemoglobin" || trail.length !== 5) throw new Error(`It printed:\n${stdout}`);
  });
});

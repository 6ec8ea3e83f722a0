import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileConsumer } from "./support/compile-consumer.ts";
import { runPlainly } from "./support/run-plainly.ts";
import { nodeConsumer } from "./support/workshop.ts";
import { writeConsumer } from "./support/write-consumer.ts";

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
    await compileConsumer(folder, "tsconfig.nodenext.json", "--skipLibCheck");
    writeFileSync(join(folder, "own-network.js"), ownNetwork);
    const { stdout } = await runPlainly(process.execPath, ["own-network.js"], { folder, seconds: 90 });
    const [title, ...trail] = stdout.trim().split("\n");
    if (title !== "Lab result: Hemoglobin" || trail.length !== 5) throw new Error(`It printed:\n${stdout}`);
  });
});

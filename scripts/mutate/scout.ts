/** Runs test files once over marked code and says which statements they reached. Started by `reach-of-tests.ts`. */
import { join } from "node:path";
import { writeArtifacts } from "./artifacts.ts";
import { onHits, resetConnections } from "./connections.ts";
import { markContracts } from "./marked-contracts.ts";
import { readProject } from "./project.ts";
import type { FileReach, ScoutAnswer } from "./reach-of-tests.ts";
import { WarmTests } from "./warm-tests.ts";

const [root = "", folder = "", ...files] = process.argv.slice(2);
const answer = (message: ScoutAnswer): Promise<void> =>
  new Promise((resolve) => void process.send?.(message, undefined, undefined, () => resolve()));
const project = await readProject(root);
const { texts, statements } = markContracts(project);
writeArtifacts(folder, project.compiler.build(project.roots, texts));
const placeOf = new Map(statements.map(({ tag }, index) => [tag, index]));

/** By the full titles of tests the places of the statements they reached, and what fixtures and hooks did for all of them. */
let reached = new Map<string, Set<number>>();
let everywhere = new Set<number>();
let current: string | undefined;
onHits((tags, isInFixture) => {
  for (const tag of tags) {
    const place = placeOf.get(tag);
    if (place === undefined) continue;
    if (isInFixture || current === undefined) everywhere.add(place);
    else reached.get(current)?.add(place);
  }
});

const warm = await WarmTests.load(
  root,
  files.map((path) => join(root, path)),
);
for (const file of files) {
  [reached, everywhere] = [new Map(), new Set()];
  await resetConnections();
  const { failures } = await warm.runFile(file, (title) => {
    current = title;
    if (title !== undefined && !reached.has(title)) reached.set(title, new Set());
  });
  const [first] = failures;
  if (first !== undefined) {
    await answer({ kind: "failed", message: `${first.title}: ${first.message}` });
    process.exit(1);
  }
  const tests = [...reached].map(([title, places]) => ({ title, statements: [...places] }));
  const reach: FileReach = { file, everywhere: [...everywhere], tests };
  await answer({ kind: "reach", reach });
}
process.exit(0);

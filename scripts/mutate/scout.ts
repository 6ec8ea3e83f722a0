/** Runs every test once over marked code and says which statements it reached. Started by `reach-of-tests.ts`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type MarkedStatement, markLibrary, markStatements } from "../coverage/marker.ts";
import { writeArtifacts } from "./artifacts.ts";
import { onHits, resetConnections } from "./connections.ts";
import { readProject } from "./project.ts";
import type { Reached } from "./reach-of-tests.ts";
import { WarmTests } from "./warm-tests.ts";

const [root = "", folder = "", resultPath = ""] = process.argv.slice(2);
const { compiler, candidates, roots, tests } = await readProject(root);

const library = markLibrary();
const marked = new Map([[library.file, library.text]]);
const statements: (MarkedStatement & { readonly file: string })[] = [];
for (const file of new Set(candidates.map((candidate) => candidate.file))) {
  const one = markStatements(file, compiler.sources.get(file) ?? "");
  marked.set(file, one.text);
  statements.push(...one.statements.map((statement) => ({ file, ...statement })));
}
writeArtifacts(folder, compiler.build(roots, marked));

const titles: string[] = [];
/** By tag, the tests that reached it; `everywhere` what fixtures and hooks did, on which every test stands. */
const reachedBy = new Map<string, Set<number>>();
const everywhere = new Set<string>();
let current: number | undefined;
onHits((tags, isInFixture) => {
  for (const tag of tags) {
    if (isInFixture || current === undefined) everywhere.add(tag);
    else reachedBy.set(tag, (reachedBy.get(tag) ?? new Set()).add(current));
  }
});

const warm = await WarmTests.load(
  root,
  tests.map((path) => join(root, path)),
);
await resetConnections();
const { failures } = await warm.run(tests, {
  bail: false,
  onTest: (title) => {
    current = title === undefined ? undefined : titles.push(title) - 1;
  },
});
for (const { title, message } of failures) process.stderr.write(`on marked code fails: ${title}: ${message}\n`);

const reached: Reached = {
  titles,
  statements: statements.map(({ tag, ...place }) => ({
    ...place,
    tests: everywhere.has(tag) ? "all" : [...(reachedBy.get(tag) ?? [])],
  })),
};
writeFileSync(resultPath, JSON.stringify(reached));
process.exit(failures.length > 0 ? 1 : 0);

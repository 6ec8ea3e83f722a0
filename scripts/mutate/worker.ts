/** Tries mutants one after the other, over tests and a compiler that stay loaded. Started by `pool.ts`. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { writeArtifacts } from "./artifacts.ts";
import { Source } from "./ast.ts";
import type { Candidate } from "./candidates.ts";
import type { Built } from "./compiler.ts";
import { resetConnections } from "./connections.ts";
import type { Plan } from "./killing-order.ts";
import type { Answer, Outcome, Request } from "./messages.ts";
import { readProject } from "./project.ts";
import { type Failure, type TestRun, WarmTests } from "./warm-tests.ts";

const [root = "", folder = ""] = process.argv.slice(2);
const answer = (message: Answer): void => void process.send?.(message);

const { compiler, candidates, roots, affectedBy, tests } = await readProject(root);
const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]));
const originals = compiler.build(roots);
const keyOf = ({ source, contract }: { readonly source: string; readonly contract: string }) => `${source}:${contract}`;
const originalOf = new Map(originals.map((built) => [keyOf(built), built]));
writeArtifacts(folder, originals);
const warm = await WarmTests.load(
  root,
  tests.map((path) => join(root, path)),
);

/** The contracts that the mutant changes, or why it is none. */
function compile(candidate: Candidate): readonly Built[] | "invalid" | "same" {
  const text = compiler.sources.get(candidate.file) ?? "";
  const changed = new Source(candidate.file, text).replace(candidate.span, candidate.replacement);
  try {
    const built = compiler.build(affectedBy(candidate), new Map([[candidate.file, changed]]));
    const different = built.filter((one) => one.bytecode !== originalOf.get(keyOf(one))?.bytecode);
    return different.length === 0 ? "same" : different;
  } catch {
    return "invalid";
  }
}

/** The first test that fails on what was compiled. */
async function killerOf(compiled: readonly Built[], { titles, reached, files }: Plan): Promise<Failure | undefined> {
  writeArtifacts(folder, compiled);
  const run = async (work: () => Promise<TestRun>): Promise<Failure | undefined> => {
    await resetConnections();
    return (await work()).failures[0];
  };
  try {
    const early = titles.length === 0 ? undefined : await run(() => warm.runOnly(titles));
    if (early !== undefined || reached?.length === 0) return early;
    if (reached !== undefined) return await run(() => warm.runOnly(reached, files));
    return await run(() => warm.run(files, true));
  } finally {
    writeArtifacts(
      folder,
      compiled.map((one) => originalOf.get(keyOf(one)) as Built),
    );
  }
}

async function tryMutant(candidate: Candidate, plan: Plan): Promise<Omit<Outcome, "milliseconds">> {
  const { id } = candidate;
  const compiled = compile(candidate);
  if (typeof compiled === "string") return { id, verdict: compiled };
  const digest = createHash("sha256");
  for (const one of compiled) digest.update(`${keyOf(one)}:${one.bytecode};`);
  const killer = await killerOf(compiled, plan);
  const code = digest.digest("hex");
  return killer === undefined ? { id, verdict: "survived", code } : { id, verdict: "killed", code, killer };
}

process.on("message", async (request: Request) => {
  try {
    if (request.kind === "control") {
      await resetConnections();
      answer({ kind: "control", run: await warm.run(tests, false) });
      return;
    }
    const started = Date.now();
    const candidate = byId.get(request.id);
    if (candidate === undefined) throw new Error(`there is no mutant ${request.id}`);
    const outcome = await tryMutant(candidate, request.plan);
    answer({ kind: "outcome", outcome: { ...outcome, milliseconds: Date.now() - started } });
  } catch (error) {
    answer({ kind: "failed", message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
answer({ kind: "ready" });

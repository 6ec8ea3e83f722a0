/**
 * Compiles mutants and runs the tests over them, one after the other, in one warm process: Hardhat, solc and the tests are loaded once,
 * artifacts are handed to Hardhat in memory, and the chain goes back to its first block between two mutants.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import {
  CompilationFailure,
  type CompiledContract,
  compile,
  contractFiles,
  type Files,
  testContractFiles,
} from "./compiler.ts";
import { withMarkers } from "./coverage.ts";
import type { Answer, Job, Preparation } from "./messages.ts";
import { loadTests, type Tests } from "./tests.ts";

const root = process.cwd();
const settings = hre.config.solidity.profiles["default"]?.compilers[0]?.settings ?? {};

/** What Hardhat is told that the contracts are. */
let contracts: ReadonlyMap<string, CompiledContract> = new Map();
const byName = (list: readonly CompiledContract[]) =>
  new Map(list.map((contract) => [contract.contractName, contract]));

const readFromDisk = hre.artifacts.readArtifact.bind(hre.artifacts);
hre.artifacts.readArtifact = (async (name: string) => {
  const contract = contracts.get(name.split(":").at(-1) ?? name);
  if (contract === undefined) return readFromDisk(name);
  return {
    _format: "hh3-artifact-1",
    ...contract,
    deployedBytecode: "0x",
    linkReferences: {},
    deployedLinkReferences: {},
  };
}) as typeof hre.artifacts.readArtifact;

const starts = new Map<NetworkConnection, unknown>();
const snapshot = (connection: NetworkConnection) => connection.provider.request({ method: "evm_snapshot" });
hre.hooks.registerHandlers("network", {
  newConnection: async (context, next) => {
    const connection = await next(context);
    starts.set(connection as NetworkConnection, await snapshot(connection as NetworkConnection));
    return connection;
  },
  closeConnection: async (context, connection, next) => {
    starts.delete(connection as NetworkConnection);
    await next(context, connection);
  },
});

/** Undoes everything that tests did to a chain. */
async function rewind(): Promise<void> {
  for (const [connection, start] of starts) {
    await connection.provider.request({ method: "evm_revert", params: [start] });
    starts.set(connection, await snapshot(connection));
    if ("networkHelpers" in connection) (connection.networkHelpers as { clearSnapshots(): void }).clearSnapshots();
  }
}

let tests: Tests | undefined;

async function prepare(cache: string): Promise<Answer> {
  const ours = contractFiles(root);
  const all = [...ours, ...testContractFiles(root)];
  const { files, statements } = withMarkers(root, ours);
  contracts = byName(compile(root, all, settings, files));
  const runBy = new Map<string, Set<string>>();
  hre.hooks.registerHandlers("network", {
    onCoverageData: async (_context, tags) => {
      const title = tests?.title();
      if (title === undefined) return;
      for (const tag of tags) runBy.set(tag, (runBy.get(tag) ?? new Set()).add(title));
    },
  });
  tests = await loadTests(root, { bail: false });
  const result = await tests.run();
  const titles = [...new Set([...runBy.values()].flatMap((set) => [...set]))];
  const numbers = new Map(titles.map((title, number) => [title, number]));
  const preparation: Preparation = {
    titles,
    statements: [...statements].map(([tag, statement]) => ({
      ...statement,
      tests: [...(runBy.get(tag) ?? [])].flatMap((title) => numbers.get(title) ?? []),
    })),
    contracts: compile(root, all, settings),
  };
  mkdirSync(dirname(cache), { recursive: true });
  writeFileSync(cache, JSON.stringify(preparation));
  return { kind: "done", ...result };
}

let originals: { readonly cache: string; readonly list: readonly CompiledContract[] } | undefined;

function originalsOf(cache: string): readonly CompiledContract[] {
  if (originals?.cache !== cache)
    originals = { cache, list: (JSON.parse(readFileSync(cache, "utf8")) as Preparation).contracts };
  return originals.list;
}

async function baseline(cache: string): Promise<Answer> {
  contracts = byName(originalsOf(cache));
  tests ??= await loadTests(root, { bail: true });
  await rewind();
  return { kind: "done", ...(await tests.run()) };
}

async function tryMutant({ cache, mutant, source, affected, first }: Job & { kind: "mutant" }): Promise<Answer> {
  const before = byName(originalsOf(cache));
  const files: Files = { [mutant.file]: source };
  let changed: readonly CompiledContract[];
  try {
    changed = compile(root, affected, settings, files);
  } catch (error) {
    if (error instanceof CompilationFailure) return { kind: "invalid" };
    throw error;
  }
  if (changed.every(({ contractName, bytecode }) => before.get(contractName)?.bytecode === bytecode))
    return { kind: "equivalent" };

  contracts = new Map([...before, ...byName(changed)]);
  tests ??= await loadTests(root, { bail: true });
  await rewind();
  const chosen = new Set(first);
  const near = chosen.size === 0 ? { tests: 0, failures: [] } : await tests.run((title) => chosen.has(title));
  if (near.failures[0] !== undefined) return { kind: "killed", by: near.failures[0] };
  const far = await tests.run((title) => !chosen.has(title));
  if (far.failures[0] !== undefined) return { kind: "killed", by: far.failures[0] };
  return { kind: "survived", tests: near.tests + far.tests };
}

async function answer(job: Job): Promise<Answer> {
  try {
    if (job.kind === "prepare") return await prepare(job.cache);
    if (job.kind === "baseline") return await baseline(job.cache);
    return await tryMutant(job);
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on("message", async (job: Job) => process.send?.(await answer(job)));
process.on("disconnect", () => process.exit(0));

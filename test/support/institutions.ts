import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StewardServiceFile } from "@anamnesis/node/steward";
import { freePorts } from "../../node/src/local-network/free-ports.ts";
import { actionsFor } from "./actors.ts";
import type { LocalChain } from "./local-chain.ts";

/** `anamnesis-steward`, in the sources. */
export const stewardProgram = fileURLToPath(new URL("../../apps/steward/src/main.ts", import.meta.url));

/** An admitted provider that is to run a steward, with what its operator begins with. */
export interface Institution {
  readonly name: string;
  readonly provider: string;
  /** Its steward's configuration. */
  readonly file: string;
  readonly port: number;
}

/**
 * Admits one provider for each name and writes, side by side in the folder, what its operator has: the account's key, and the steward's
 * configuration, `<name>.json`.
 */
export async function institutionsIn(
  folder: string,
  chain: LocalChain,
  names: readonly string[],
  more: (name: string) => Partial<StewardServiceFile> = () => ({}),
): Promise<readonly Institution[]> {
  writeFileSync(join(folder, "network.json"), JSON.stringify(chain.deployment));
  const registrar = await actionsFor(chain, chain.registrar);
  const ports = await freePorts(names.length);
  const made: Institution[] = [];
  for (const [index, name] of names.entries()) {
    const wallet = chain.newWallet();
    const applicant = await actionsFor(chain, wallet);
    const admission = await applicant.identity.signProviderAdmission({
      name: `Steward of the ${name}`,
      kind: "agency",
    });
    const { provider } = await registrar.identity.admitProvider({ admission });
    writeFileSync(join(folder, `${name}.account.key`), wallet.privateKey, { mode: 0o600 });
    const port = ports[index] as number;
    const configuration: StewardServiceFile = {
      listen: { port },
      folder: name,
      deployment: "network.json",
      ceremony: { provider, accountFiles: [`${name}.account.key`] },
      log: { account: `${name}.account.key`, every: 1 },
      // A busy machine makes blocks late.
      limits: { headAge: 30 },
      ...more(name),
    };
    const file = join(folder, `${name}.json`);
    writeFileSync(file, `${JSON.stringify(configuration, undefined, 2)}\n`);
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
    made.push({ name, provider, file, port });
  }
  return made;
}

/** What a command said; it has three minutes: a busy machine takes long to load a program. */
export function typed(...words: readonly string[]): Promise<{ code: number; said: string; complaint: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [stewardProgram, ...words], { timeout: 180_000 }, (error, said, complaint) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), said, complaint }),
    );
  });
}

/** A steward as its operator runs it. */
export interface RunningSteward {
  /** Asks it to end, and gives its exit code. */
  stop(): Promise<number | null>;
}

/** Starts `anamnesis-steward --config FILE`; resolves once it listens. What it writes goes beside the file, to `<file>.log`. */
export async function startSteward(file: string): Promise<RunningSteward> {
  const log = `${file}.log`;
  const lines = openSync(log, "w", 0o600);
  const child = spawn(process.execPath, [stewardProgram, "--config", file], { stdio: ["ignore", lines, lines] });
  closeSync(lines);
  const ended = once(child, "exit");
  for (const giveUpAt = performance.now() + 180_000; !readFileSync(log, "utf8").includes('"msg":"listening"'); ) {
    if (child.exitCode !== null || performance.now() > giveUpAt) {
      child.kill("SIGKILL");
      throw new Error(`A steward did not start: ${readFileSync(log, "utf8")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    async stop() {
      child.kill("SIGTERM");
      const limit = setTimeout(() => child.kill("SIGKILL"), 20_000);
      await ended;
      clearTimeout(limit);
      return child.exitCode;
    },
  };
}

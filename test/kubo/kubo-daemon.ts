import { type ChildProcess, execFile, spawn } from "node:child_process";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const buildScript = fileURLToPath(new URL("../../scripts/kubo/build.sh", import.meta.url));
const startLimitMs = 60_000;
const stopLimitMs = 10_000;

export interface KuboDaemon {
  /** Base address of the RPC interface. */
  readonly url: string;
  readonly port: number;
  /** The bearer token the interface asks for. */
  readonly token: string;
  /** The repository, with `blocks/` in it. */
  readonly directory: string;
  readonly binary: string;
  /** Ends the daemon, keeps the repository. */
  end(): Promise<void>;
  /** Ends the daemon where it runs, and starts it again on the same port. */
  restart(settings?: KuboSettings): Promise<void>;
  /** Ends the daemon and deletes the repository. Never throws for a daemon already gone. */
  stop(): Promise<void>;
}

export interface KuboSettings {
  /** Whether Kubo itself checks hashes when it reads from disk; its own default is not to. */
  readonly hashOnRead?: boolean;
  readonly chunker?: string;
}

/** The pinned Kubo; built on first use. @throws with a clear message when Go is absent or the build fails */
export async function kuboBinary(): Promise<string> {
  try {
    const { stdout } = await run("bash", [buildScript], { maxBuffer: 64 * 1024 * 1024 });
    const binary = stdout.trim().split("\n").at(-1) ?? "";
    await access(binary);
    return binary;
  } catch (error) {
    const said = (error as { readonly stderr?: string }).stderr ?? String(error);
    throw new Error(`The tests of test/kubo need a real Kubo, which could not be had.\n${said.trim()}`);
  }
}

/** Starts one Kubo of its own: offline, on loopback, on ports the system chose, in a fresh directory. */
export async function startKubo(settings: KuboSettings = {}): Promise<KuboDaemon> {
  const binary = await kuboBinary();
  const directory = await mkdtemp(join(tmpdir(), "anamnesis-kubo-"));
  const token = crypto.randomUUID();
  const environment = {
    ...process.env,
    IPFS_PATH: directory,
    IPFS_TELEMETRY: "off",
    DO_NOT_TRACK: "1",
    GOLOG_LOG_LEVEL: "error",
  };
  let daemon: ChildProcess | undefined;
  // Mocha ends the process when it is interrupted: the daemon must not outlive it.
  const kill = () => daemon?.kill("SIGKILL");
  process.once("exit", kill);

  const stop = async () => {
    await end(daemon);
    daemon = undefined;
    process.removeListener("exit", kill);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await run(binary, ["init", "--empty-repo", "--profile=server"], { env: environment, timeout: startLimitMs });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const start = async (wanted: KuboSettings) => {
      await configure(join(directory, "config"), port, token, wanted);
      daemon = spawn(binary, ["daemon", "--offline", "--migrate=false", "--enable-gc=false"], {
        env: environment,
        stdio: ["ignore", "ignore", "pipe"],
      });
      await ready(daemon, url, token);
    };
    await start(settings);
    return {
      url,
      port,
      token,
      directory,
      binary,
      end: () => end(daemon),
      async restart(wanted = settings) {
        await end(daemon);
        await start(wanted);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function configure(file: string, port: number, token: string, settings: KuboSettings): Promise<void> {
  const config = JSON.parse(await readFile(file, "utf8"));
  config.Addresses = { API: `/ip4/127.0.0.1/tcp/${port}`, Gateway: [], Swarm: [], Announce: [], NoAnnounce: [] };
  config.API = {
    HTTPHeaders: {},
    Authorizations: { tests: { AuthSecret: `bearer:${token}`, AllowedPaths: ["/api/v0"] } },
  };
  config.Bootstrap = [];
  config.AutoConf = { Enabled: false };
  config.AutoTLS = { Enabled: false };
  config.AutoNAT = { ServiceMode: "disabled" };
  config.Discovery = { MDNS: { Enabled: false } };
  config.DNS = { Resolvers: {} };
  config.HTTPRetrieval = { Enabled: false };
  config.Ipns = { ...config.Ipns, DelegatedPublishers: [] };
  config.Plugins = { Plugins: { telemetry: { Disabled: true, Config: { Mode: "off" } } } };
  config.Provide = { ...config.Provide, Enabled: false };
  config.Routing = { Type: "none", DelegatedRouters: [] };
  config.Version = { SwarmCheckEnabled: false };
  config.Datastore.HashOnRead = settings.hashOnRead ?? false;
  // Kubo's own defaults are left alone otherwise: what the store asks for must not depend on them.
  config.Import = settings.chunker ? { UnixFSChunker: settings.chunker } : {};
  await writeFile(file, JSON.stringify(config, null, 2), { mode: 0o600 });
}

async function ready(daemon: ChildProcess, url: string, token: string): Promise<void> {
  let said = "";
  daemon.stderr?.on("data", (part: Buffer) => {
    said = (said + part.toString()).slice(-4_000);
  });
  const giveUpAt = Date.now() + startLimitMs;
  while (Date.now() < giveUpAt) {
    if (daemon.exitCode !== null || daemon.signalCode !== null) throw new Error(`Kubo ended at once: ${said}`);
    try {
      const answer = await fetch(`${url}/api/v0/version`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(1_000),
      });
      await answer.arrayBuffer();
      if (answer.ok) return;
    } catch {}
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Kubo was not ready within ${startLimitMs} ms: ${said}`);
}

async function end(daemon: ChildProcess | undefined): Promise<void> {
  if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => daemon.once("exit", () => resolve()));
  daemon.kill("SIGTERM");
  const forced = setTimeout(() => daemon.kill("SIGKILL"), stopLimitMs);
  await ended;
  clearTimeout(forced);
}

/** A port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(address)));
    });
  });
}

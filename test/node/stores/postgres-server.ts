import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";

/** `nobody`: PostgreSQL does not run as root. */
const UNPRIVILEGED = 65_534;

/** A PostgreSQL server of this test's own, in a temporary folder, on a Unix socket; it syncs as in earnest. */
export interface PostgresServer {
  /** An empty database. */
  createDatabase(): Promise<string>;
  /** Runs one statement as the superuser, in that database. */
  run(url: string, text: string): Promise<readonly Record<string, unknown>[]>;
  /** Where all files lie. */
  readonly data: string;
  /** Ends it, as an operator does or as a crash does. */
  stop(signal?: "SIGINT" | "SIGKILL"): Promise<void>;
  /** With other settings than in earnest, where some are named. */
  start(settings?: readonly string[]): Promise<void>;
  remove(): Promise<void>;
}

/** Folder of the server's programs, of the newest version there is. */
export const postgresPrograms = (): string | undefined =>
  globSync("/usr/lib/postgresql/*/bin/initdb").toSorted().map(dirname).at(-1);

/** Asked for where a server must be there: its absence then fails instead of being pending. */
export const isPostgresRequired = (): boolean => process.env["ANAMNESIS_POSTGRES"] === "required";

export async function startPostgres(programs: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "anamnesis-pg-"));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, UNPRIVILEGED, UNPRIVILEGED);
  const as = isRoot ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {};
  const env = { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" };
  const data = join(folder, "data");
  const made = spawnSync(
    join(programs, "initdb"),
    ["-D", data, "-U", "admin", "--auth=trust", "-E", "UTF8", "--wal-segsize=1", "--no-sync"],
    {
      ...as,
      env,
      cwd: folder,
      timeout: 60_000,
    },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const urlOf = (name: string) => `postgres://admin@localhost/${name}?host=${encodeURIComponent(folder)}`;
  const run = async (url: string, text: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  };

  let server: ReturnType<typeof spawn> | undefined;
  const start = async (settings: readonly string[] = []) => {
    const options = [
      "listen_addresses=",
      `unix_socket_directories=${folder}`,
      "fsync=on",
      "wal_recycle=off",
      ...settings,
    ];
    const given = options.flatMap((option) => ["-c", option]);
    server = spawn(join(programs, "postgres"), ["-D", data, ...given], { ...as, env, cwd: folder, stdio: "ignore" });
    for (const end = Date.now() + 30_000; ; await delay(50)) {
      try {
        await run(urlOf("postgres"), "SELECT 1");
        return;
      } catch (error) {
        if (Date.now() > end || server.exitCode !== null) throw error;
      }
    }
  };
  const stop = async (signal: "SIGINT" | "SIGKILL" = "SIGINT") => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill(signal);
    await ended;
  };

  await start();
  let databases = 0;
  return {
    data,
    run,
    start,
    stop,
    async createDatabase() {
      const name = `steward_${++databases}`;
      await run(urlOf("postgres"), `CREATE DATABASE ${name}`);
      return urlOf(name);
    },
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

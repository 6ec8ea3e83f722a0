import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Acknowledgement } from "./workload.ts";

/** One call that changes files, or an acknowledgement between them. */
export type Operation =
  | { readonly kind: "write"; readonly file: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly file: string; readonly size: number }
  | { readonly kind: "create" | "unlink"; readonly file: string }
  | { readonly kind: "sync"; readonly file: string }
  | { readonly kind: "sync folder" }
  | { readonly kind: "said"; readonly said: Acknowledgement };

/** Debian's `strace`; traces need it, and nothing else does. */
export const hasStrace = (): boolean => spawnSync("strace", ["-V"]).status === 0;

const CALLS =
  "openat,pwrite64,write,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2,fallocate,pwritev,pwritev2";

const unhex = (text: string): Buffer => Buffer.from(text.replaceAll("\\x", ""), "hex");

/**
 * Runs a program under `strace` and gives its calls on the database's files in a folder, in their order. The shared-memory file is left out: nobody reads it
 * after a crash. A call that the model does not know is an error.
 */
export function traced(
  command: readonly string[],
  {
    folder,
    said,
    cwd,
    log,
  }: { readonly folder: string; readonly said: string; readonly cwd: string; readonly log: string },
): Operation[] {
  const options = ["-f", "-y", "-xx", "-s", "1048576", "-e", `trace=${CALLS}`, "-o", log];
  const run = spawnSync("strace", [...options, ...command], { cwd, timeout: 240_000, encoding: "utf8" });
  if (run.status !== 0) throw new Error(`strace ended with ${run.status}: ${run.stderr}`);
  const operations: Operation[] = [];
  const nameOf = (path: string): string | undefined => {
    if (!path.startsWith(`${folder}/`) || path.endsWith("-shm")) return undefined;
    return basename(path);
  };
  let line_ = "";
  for (const line of readFileSync(log, "latin1").split("\n")) {
    const call = /^\d+ +(\w+)\((.*)$/.exec(line);
    if (call === null) continue;
    const [, name = "", rest = ""] = call;
    const failed = / = -1 /.test(rest);
    if (failed) continue;
    const onFile = /^\d+<((?:\\x[0-9a-f]{2})+)>(?:, (.*))?$/s.exec(
      rest.replace(/(\)\s+= \d+.*|\s*<unfinished \.\.\.>|\)\s*)$/, ""),
    );
    const path = onFile ? unhex(onFile[1] as string).toString() : "";
    const given = onFile?.[2] ?? "";
    const file = nameOf(path);
    switch (name) {
      case "write":
      case "pwrite64": {
        const written = /^"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?, (\d+)(?:, (\d+))?/.exec(given);
        if (path === said && written) {
          line_ += unhex(written[1] as string).toString();
          for (let end = line_.indexOf("\n"); end >= 0; end = line_.indexOf("\n")) {
            operations.push({ kind: "said", said: JSON.parse(line_.slice(0, end)) as Acknowledgement });
            line_ = line_.slice(end + 1);
          }
        } else if (file !== undefined) {
          const bytes = unhex(written?.[1] ?? "");
          if (written?.[4] === undefined || bytes.length !== Number(written[3])) throw new Error(`not read: ${name}`);
          operations.push({ kind: "write", file, at: Number(written[4]), bytes });
        }
        break;
      }
      case "ftruncate":
        if (file !== undefined) operations.push({ kind: "truncate", file, size: Number.parseInt(given, 10) });
        break;
      case "fsync":
      case "fdatasync":
        if (onFile === null) throw new Error(`not read: ${line}`);
        if (file !== undefined) operations.push({ kind: "sync", file });
        else if (path === folder) operations.push({ kind: "sync folder" });
        break;
      case "unlink":
      case "openat": {
        const named = /"((?:\\x[0-9a-f]{2})*)"/.exec(rest);
        const target = nameOf(unhex(named?.[1] ?? "").toString());
        if (target === undefined) break;
        if (name === "unlink") operations.push({ kind: "unlink", file: target });
        else if (rest.includes("O_CREAT")) operations.push({ kind: "create", file: target });
        break;
      }
      default:
        if (file !== undefined || rest.includes(Buffer.from(folder).toString("hex").replaceAll(/../g, "\\x$&")))
          throw new Error(`the model does not know ${name}`);
    }
  }
  return operations;
}

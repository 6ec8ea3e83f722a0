import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Check, Finding } from "../../scripts/checks/finding.ts";

/** The files of a small project, by path. */
export type Project = Readonly<Record<string, string>>;

/** Writes a small project into an empty folder, hands it over, and removes it. */
export async function withProject<T>(files: Project, work: (root: string) => T | Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "anamnesis-planted-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return await work(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** What a check finds in a project, notes left out, as `file: message`. */
export async function findingsOf(check: Check, files: Project): Promise<readonly string[]> {
  const findings: readonly Finding[] = await withProject(files, (root) => check.run(root));
  return findings.filter(({ isWarning }) => !isWarning).map(({ file, message }) => `${file}: ${message}`);
}

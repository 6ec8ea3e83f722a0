import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readCatalog, renderErrors } from "../errors/render.ts";
import { sourceFiles, typescriptEndings } from "./files.ts";
import type { Check, Finding } from "./finding.ts";

const page = "docs/errors.md";
const catalog = "sdk/src/errors/catalog";

async function checkPage(root: string): Promise<readonly Finding[]> {
  const wanted = renderErrors(await readCatalog(root));
  const path = join(root, page);
  const isCurrent = existsSync(path) && readFileSync(path, "utf8") === wanted;
  return isCurrent ? [] : [{ file: page, message: "does not agree with the error catalog: run `npm run errors`" }];
}

async function checkMerged(root: string): Promise<readonly Finding[]> {
  const { errorCatalog } = (await import(join(root, "sdk/src/errors/catalog.ts"))) as {
    readonly errorCatalog: Readonly<Record<string, unknown>>;
  };
  return (await readCatalog(root))
    .flatMap(({ codes }) => codes)
    .filter(({ code }) => !(code in errorCatalog))
    .map(({ code }) => ({
      file: "sdk/src/errors/catalog.ts",
      message: `${code} is written, but not part of the catalog`,
    }));
}

async function checkUse(root: string): Promise<readonly Finding[]> {
  const read = (folders: readonly string[], endings: readonly string[]): string =>
    folders
      .flatMap((folder) => sourceFiles(root, folder, endings))
      .filter(({ path }) => !path.startsWith(catalog) && path !== page)
      .map(({ text }) => text)
      .join("\n");
  const thrown = read(["sdk/src", "node/src", "apps", "scripts/demo"], typescriptEndings);
  const shown = read(["test", "docs"], [...typescriptEndings, ".md"]);
  const names = (text: string, code: string): boolean => new RegExp(`\\b${code}\\b`).test(text);
  const codes = (await readCatalog(root)).flatMap((domain) => domain.codes.map(({ code }) => code));
  const listed = (lacking: readonly string[]): string =>
    lacking.slice(0, 10).join(", ") + (lacking.length > 10 ? " …" : "");
  const warn = (lacking: readonly string[], what: string): readonly Finding[] =>
    lacking.length === 0
      ? []
      : [
          {
            file: catalog,
            message: `${lacking.length} of ${codes.length} ${what}: ${listed(lacking)}`,
            isWarning: true,
          },
        ];
  return [
    ...warn(
      codes.filter((code) => !names(thrown, code)),
      "codes are never thrown",
    ),
    ...warn(
      codes.filter((code) => !names(shown, code)),
      "codes stand in no test and no guide",
    ),
  ];
}

export const errorCatalog: Check = {
  name: "error catalog",
  run: async (root) => [...(await checkPage(root)), ...(await checkMerged(root)), ...(await checkUse(root))],
};

import { readdirSync } from "node:fs";
import { join } from "node:path";

interface Descriptor {
  readonly message: string;
  readonly remedy: string;
}

export interface ErrorDomain {
  readonly domain: string;
  readonly codes: readonly ({ readonly code: string } & Descriptor)[];
}

/** The catalog as it is written, one domain a file. */
export async function readCatalog(root: string): Promise<readonly ErrorDomain[]> {
  const folder = join(root, "sdk", "src", "errors", "catalog");
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  return Promise.all(
    files.toSorted().map(async (name) => {
      const exported = (await import(join(folder, name))) as Readonly<
        Record<string, Readonly<Record<string, Descriptor>>>
      >;
      const entries = Object.values(exported).flatMap((group) => Object.entries(group));
      const codes = entries
        .map(([code, { message, remedy }]) => ({ code, message, remedy }))
        .toSorted((left, right) => left.code.localeCompare(right.code));
      return { domain: name.replace(/\.ts$/, ""), codes };
    }),
  );
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** `docs/errors.md`: every code with what happened and what to do. */
export function renderErrors(domains: readonly ErrorDomain[]): string {
  const sections = domains
    .filter(({ codes }) => codes.length > 0)
    .map(({ domain, codes }) => {
      const rows = codes.map(({ code, message, remedy }) => `| \`${code}\` | ${cell(message)} | ${cell(remedy)} |`);
      return [
        `## ${domain[0]?.toUpperCase()}${domain.slice(1)}`,
        "",
        "| code | what happened | what to do |",
        "|---|---|---|",
        ...rows,
        "",
      ].join("\n");
    });
  const head = [
    "# Errors",
    "",
    "Every failure of the SDK is an `AnamnesisError`: `code` for programs, `shortMessage` and `remedy` for people, `details` with the ids",
    "concerned. Written by `npm run errors` from `sdk/src/errors/catalog`; not edited by hand.",
    "",
  ];
  return `${[...head, ...sections].join("\n").trimEnd()}\n`;
}

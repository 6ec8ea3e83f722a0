import { sourceFiles } from "./files.ts";
import type { Check, Finding } from "./finding.ts";

const groups = ["dependencies", "devDependencies", "optionalDependencies"] as const;
const isExact = (version: string): boolean => /^(npm:(@[^@/]+\/)?[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version);

type Overrides = { readonly [name: string]: string | Overrides };
interface Manifest extends Partial<Record<(typeof groups)[number], Readonly<Record<string, string>>>> {
  readonly overrides?: Overrides;
}

const flatten = (overrides: Overrides): readonly (readonly [string, string])[] =>
  Object.entries(overrides).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : flatten(value),
  );

function check(root: string): readonly Finding[] {
  return sourceFiles(root, ".", ["package.json"])
    .filter(({ path }) => path.split("/").at(-1) === "package.json" && !path.startsWith("test/fixtures/"))
    .flatMap(({ path, text }) => {
      const manifest = JSON.parse(text) as Manifest;
      const wanted = [
        ...groups.flatMap((group) => Object.entries(manifest[group] ?? {})),
        ...flatten(manifest.overrides ?? {}),
      ];
      return (
        wanted
          // A reference such as $ethers repeats a version that is itself checked.
          .filter(([, version]) => !isExact(version) && !version.startsWith("$"))
          .map(([name, version]) => ({
            file: path,
            message: `${name} is wanted as "${version}": pin one exact version`,
          }))
      );
    });
}

export const pinnedVersions: Check = { name: "exact versions", run: check };

import { type MarkedStatement, markLibrary, markStatements } from "../coverage/marker.ts";
import type { Project } from "./project.ts";

/** A statement of a contract; its span in bytes. */
export type Statement = MarkedStatement & { readonly file: string };

/** Every contract with a mark before each statement, by path, with the library that marks call; and the statements, in a fixed order. */
export function markContracts({ compiler, contracts }: Pick<Project, "compiler" | "contracts">): {
  readonly texts: ReadonlyMap<string, string>;
  readonly statements: readonly Statement[];
} {
  const library = markLibrary();
  const texts = new Map([[library.file, library.text]]);
  const statements = contracts.flatMap((file) => {
    const marked = markStatements(file, compiler.sources.get(file) ?? "");
    texts.set(file, marked.text);
    return marked.statements.map((statement) => ({ file, ...statement }));
  });
  return { texts, statements };
}

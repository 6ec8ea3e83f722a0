import type { SolidityHooks } from "hardhat/types/hooks";

const library = "library __NomicFoundationCoverage";

/** The marker of a statement, with its number in scratch space, which Solidity promises to nobody between two statements. */
export function inScratchSpace(content: string): string {
  const changed = content.replace("let ptr := mload(0x40)", "let ptr := 0");
  if (changed === content) throw new Error("Hardhat's coverage library changed: see scripts/coverage/marker.ts.");
  return changed;
}

export default async (): Promise<Partial<SolidityHooks>> => ({
  // After Hardhat's own hook, whichever of the two is asked first: its library is in the input that comes back.
  preprocessSolcInputBeforeBuilding: async (context, given, next) => {
    const input = await next(context, given);
    const sources = Object.entries(input.sources).map(([name, source]) =>
      source.content.includes(library)
        ? [name, { ...source, content: inScratchSpace(source.content) }]
        : [name, source],
    );
    return { ...input, sources: Object.fromEntries(sources) };
  },
});

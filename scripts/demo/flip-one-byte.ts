import { readFile, writeFile } from "node:fs/promises";
import { blockFile } from "@anamnesis/node";
import type { CID } from "multiformats/cid";

/** What a bad disk or a bad operator does: changes one byte of a block behind everybody's back. Returns the way back. */
export async function flipOneByte(directory: string, cid: CID): Promise<() => Promise<void>> {
  const file = blockFile(directory, cid);
  const original = await readFile(file);
  const altered = Uint8Array.from(original);
  const middle = Math.floor(altered.length / 2);
  altered[middle] = (altered[middle] as number) ^ 1;
  await writeFile(file, altered);
  return () => writeFile(file, original);
}

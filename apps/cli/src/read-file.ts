import { readFile } from "node:fs/promises";
import { CommandFailure } from "./failure.ts";

/** @throws CommandFailure */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return Uint8Array.from(await readFile(path));
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw new CommandFailure(`The file ${path} cannot be read${reason}.`, { cause });
  }
}

/** @throws CommandFailure */
export async function readJson(path: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(path));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandFailure(`The file ${path} is not JSON.`, { cause });
  }
}

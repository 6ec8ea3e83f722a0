import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const shared = new URL("../../../../shared/vectors/", import.meta.url);

/** Published vectors stand beside the project on some machines only: skips the suite elsewhere. */
export function needsShared(folder: string): (this: Mocha.Context) => void {
  return function () {
    if (!existsSync(new URL(`${folder}/`, shared))) this.skip();
  };
}

export function readSharedText(path: string): string {
  const bytes = readFileSync(new URL(path, shared));
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

const vectors = new URL("../../vectors/", import.meta.url);

/** Our own frozen vectors. */
export function readVectors<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, vectors), "utf8")) as T;
}

export const unhex = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(text.replace(/^0x/, ""), "hex"));

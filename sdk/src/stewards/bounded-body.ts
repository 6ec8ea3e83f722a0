import { concat } from "../core/bytes.ts";

/** A reply's bytes, never holding more than the bound, for whoever answers may not be the steward; undefined where it is longer. */
export async function boundedBody(response: Response, maximum: number): Promise<Uint8Array | undefined> {
  if (Number(response.headers.get("content-length") ?? 0) > maximum) {
    await response.body?.cancel();
    return undefined;
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const read = await reader?.read();
    if (read === undefined || read.done) return concat(...pieces);
    length += read.value.length;
    if (length > maximum) {
      await reader?.cancel();
      return undefined;
    }
    pieces.push(read.value);
  }
}

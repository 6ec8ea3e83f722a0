import { concat, utf8 } from "../../../sdk/src/core/bytes.ts";
import { bigEndian } from "../../../sdk/src/crypto/encode-integer.ts";
import { sha256 } from "../../../sdk/src/crypto/hash.ts";
import type { RandomSource } from "../../../sdk/src/crypto/random-source.ts";

/** The same bytes for the same seed: SHA-256 of seed and counter, cut to length. */
export function seededRandom(seed: string): RandomSource {
  let counter = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
      sha256(concat(utf8(seed), bigEndian(counter++, 8))),
    );
    return concat(...blocks).slice(0, length);
  };
}

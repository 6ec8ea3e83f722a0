import { createHash } from "node:crypto";
import { expect } from "chai";
import { randomBytes, toHex, utf8 } from "../../../sdk/src/core/bytes.ts";
import { commitmentOf, commitmentOfHash, sha256 } from "../../../sdk/src/crypto/index.ts";
import { refusal } from "./refusal.ts";

describe("commitmentOf", () => {
  const nonce = new Uint8Array(32).fill(9);
  const plaintext = utf8("blood pressure 120/80");

  it("is SHA-256 over domain, nonce and the content's hash", () => {
    const inner = createHash("sha256").update(plaintext).digest();
    const outer = createHash("sha256").update("anamnesis/commitment").update(nonce).update(inner).digest("hex");
    expect(toHex(commitmentOf(nonce, plaintext))).to.equal(`0x${outer}`);
    expect(toHex(commitmentOfHash(nonce, sha256(plaintext)))).to.equal(`0x${outer}`);
  });

  it("gives unequal values for equal documents under other nonces", () => {
    const values = Array.from({ length: 100 }, () => toHex(commitmentOf(randomBytes(32), plaintext)));
    expect(new Set(values).size).to.equal(100);
  });

  it("refuses a nonce or a hash of another length", async () => {
    await refusal(() => commitmentOf(new Uint8Array(31), plaintext), "CRYPTO_INVALID_LENGTH");
    const error = await refusal(() => commitmentOfHash(nonce, plaintext), "CRYPTO_INVALID_LENGTH");
    expect(error.details).to.deep.equal({ what: "content hash", expected: 32, actual: 21 });
  });
});

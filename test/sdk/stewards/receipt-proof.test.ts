import { expect } from "chai";
import { verifyReceiptProof } from "../../../sdk/src/actions/audit/receipt-proof.ts";
import { fromHex, type Hex } from "../../../sdk/src/core/bytes.ts";
import { logLeafHash } from "../../../sdk/src/crypto/index.ts";
import type { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import { decodeReceiptProofPayload, decodeReceiptProofRequest } from "../../../sdk/src/stewards/index.ts";
import { readVectors } from "../crypto/shared-vectors.ts";
import { type ReceiptProofCase, receiptProofCase } from "./receipt-proof-case.ts";
import { named } from "./vector-cases.ts";

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as AnamnesisError).code;
  }
  return "accepted";
};

describe("Receipt proofs", () => {
  const frozen = readVectors<ReceiptProofCase>("log/receipt-proof.json");

  it("are made today as they were frozen", async () => {
    expect(await receiptProofCase()).to.deep.equal(frozen);
  });

  it("verify without any network", () => {
    const found = verifyReceiptProof(frozen.proof);
    expect(found.valid && found.receipt.patient).to.equal(named("patient"));
    expect(found.valid && found.anchored).to.equal(undefined);
    const changed = { ...frozen.proof, receipt: `${frozen.proof.receipt.slice(0, -1)}0` as Hex };
    expect(verifyReceiptProof(changed)).to.deep.include({ valid: false, reason: "receipt-invalid" });
  });

  it("are asked for by the receipt's hash, and answered with its place", () => {
    const { leaf } = decodeReceiptProofRequest(fromHex(frozen.request));
    expect(fromHex(leaf)).to.deep.equal(logLeafHash(fromHex(frozen.proof.receipt)));
    expect(decodeReceiptProofPayload(fromHex(frozen.payload))).to.deep.include({ index: 4, size: 7, block: 4_720 });
  });

  it("are refused as messages in every bit that breaks their form, and one byte more or less", () => {
    for (const [encoded, decode] of [
      [fromHex(frozen.request), decodeReceiptProofRequest],
      [fromHex(frozen.payload), decodeReceiptProofPayload],
    ] as const) {
      expect(codeOf(() => decode(encoded))).to.equal("accepted");
      expect(codeOf(() => decode(encoded.slice(0, -1)))).to.equal("INPUT_MALFORMED");
      expect(codeOf(() => decode(Uint8Array.of(...encoded, 0)))).to.equal("INPUT_MALFORMED");
      for (let bit = 0; bit < 8; bit++) {
        const changed = Uint8Array.from(encoded);
        changed[0]! ^= 1 << bit;
        expect(
          codeOf(() => decode(changed)),
          `bit ${bit}`,
        ).to.equal("INPUT_MALFORMED");
      }
    }
  });
});

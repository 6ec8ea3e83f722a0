import { makeReceiptProof, type ReceiptProof } from "../../../sdk/src/actions/audit/receipt-proof.ts";
import { type Hex, toHex } from "../../../sdk/src/core/bytes.ts";
import { logLeafHash, logRoot, proveInclusion } from "../../../sdk/src/crypto/index.ts";
import {
  encodeReceiptProofPayload,
  encodeReceiptProofRequest,
  type ReceiptPlace,
  signReceipt,
} from "../../../sdk/src/stewards/index.ts";
import { grownLog, leavesOf } from "../../support/merkle-log.ts";
import { named, vectorInputs } from "./vector-cases.ts";

export interface ReceiptProofCase {
  readonly request: Hex;
  readonly payload: Hex;
  readonly proof: ReceiptProof;
}

/** The receipt of the frozen messages as the fifth of seven leaves: question, answer and proof. */
export async function receiptProofCase(): Promise<ReceiptProofCase> {
  const { receipt, steward } = await vectorInputs();
  const encoded = signReceipt(receipt, steward);
  const leaf = logLeafHash(encoded);
  const { read } = grownLog(leavesOf("another receipt", 7).with(4, leaf));
  const place: ReceiptPlace = {
    ...{ index: 4, size: 7, root: toHex(await logRoot(read, 7)), path: await proveInclusion(read, 4, 7) },
    ...{ block: 4_720, transaction: named("transaction of the head") },
  };
  const log = { chainId: 31_337, logRegistry: named("log registry").slice(0, 42) as Hex, owner: named("provider") };
  return {
    request: toHex(encodeReceiptProofRequest(toHex(leaf))),
    payload: toHex(encodeReceiptProofPayload(place)),
    proof: makeReceiptProof(log, encoded, place),
  };
}

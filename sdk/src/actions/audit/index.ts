export { type ProveReceiptParameters, proveReceipt } from "./prove-receipt.ts";
export {
  type ProvenReceipt,
  type ReceiptFailure,
  type ReceiptProof,
  type RefutedReceipt,
  verifyReceiptProof,
} from "./receipt-proof.ts";
export { type KeyReleaseLine, type ReleaseLine, type ReleaseTrail, releaseTrail } from "./receipts.ts";
export { type TrailParameters, trail } from "./trail.ts";
export { type VerifyReceiptParameters, verifyReceipt } from "./verify-receipt.ts";

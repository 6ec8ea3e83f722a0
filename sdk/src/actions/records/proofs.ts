export { type ProvenRecord, type ProveRecordParameters, proveRecord } from "./prove-record.ts";
export type { RecordLogProof, RecordProof } from "./record-proof.ts";
export { type Verification, type VerificationFailure, verifyRecord } from "./verify-record.ts";
export {
  type ProofFailure,
  type ProvenOffline,
  type RefutedProof,
  type TrustedAnchor,
  verifyRecordProof,
} from "./verify-record-proof.ts";

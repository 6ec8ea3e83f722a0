export {
  type ChainClient,
  type ChainParameters,
  type ChainTimeouts,
  createChainClient,
  type ProviderLike,
  requireSigner,
} from "./chain-client.ts";
export { type ContractErrorName, contractErrorWords } from "./contract-error-words.ts";
export { type Contracts, contractNames, contractsAt } from "./contracts.ts";
export {
  type DecisionOptions,
  decideBySignature,
  decideDirectly,
  decisionTimes,
  defaultValidity,
  restrictDirectly,
  signingContract,
} from "./decide.ts";
export { decodeRevert, describeRevert, isContractError } from "./decode-revert.ts";
export { denialReasons, refusalOf } from "./denial.ts";
export { type ContractEvent, decodeEvent, eventOf, eventTopic, type LogFilter, pagesOfLogs } from "./events.ts";
export { blockAt, finalBlock, head, headReaching } from "./head.ts";
export { type AnchoredLogHead, isLogHead } from "./log-head.ts";
export { ask, type ChainNode, connectNode, providerProfile } from "./node.ts";
export { readContract } from "./read-contract.ts";
export { sendTransaction } from "./send-transaction.ts";
export type { ChainSigner, Eip1193Wallet, SignableData, SignerLike, ViemAccount } from "./signer-kinds.ts";
export {
  anchorSlot,
  fetchStateProof,
  logHeadSlot,
  type ProvenSlot,
  provenSlot,
  type StateProof,
} from "./state-proof.ts";
export { decodeVia, type EncodedVia, encodeVia, toVia, type ViaLike } from "./via.ts";
export type { RawLog, Sent } from "./wait-for-receipt.ts";

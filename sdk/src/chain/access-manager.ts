import type { BaseContract, BigNumberish, BytesLike, ContractTransaction } from "ethers";

type View<Arguments extends readonly unknown[], Value> = (...args: Arguments) => Promise<Value>;

interface Write<Arguments extends readonly unknown[]> {
  populateTransaction(...args: Arguments): Promise<ContractTransaction>;
}

/** What this SDK uses of OpenZeppelin's AccessManager, which holds every office and its waiting times. */
export interface AccessManager extends BaseContract {
  readonly canCall: View<[caller: string, target: string, selector: string], [immediate: boolean, delay: bigint]>;
  readonly getSchedule: View<[id: BytesLike], bigint>;
  readonly hashOperation: View<[caller: string, target: string, data: BytesLike], string>;
  readonly schedule: Write<[target: string, data: BytesLike, when: BigNumberish]>;
  readonly execute: Write<[target: string, data: BytesLike]>;
}

export const accessManagerAbi = [
  "function canCall(address caller, address target, bytes4 selector) view returns (bool immediate, uint32 delay)",
  "function getSchedule(bytes32 id) view returns (uint48)",
  "function hashOperation(address caller, address target, bytes data) view returns (bytes32)",
  "function schedule(address target, bytes data, uint48 when) returns (bytes32 operationId, uint32 nonce)",
  "function execute(address target, bytes data) payable returns (uint32)",
  "error AccessManagerAlreadyScheduled(bytes32 operationId)",
  "error AccessManagerNotScheduled(bytes32 operationId)",
  "error AccessManagerNotReady(bytes32 operationId)",
  "error AccessManagerExpired(bytes32 operationId)",
  "error AccessManagerUnauthorizedAccount(address msgsender, uint64 roleId)",
  "error AccessManagerUnauthorizedCall(address caller, address target, bytes4 selector)",
] as const;

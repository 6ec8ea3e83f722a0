import { expect } from "chai";
import type { BaseContract, BytesLike, ContractTransactionResponse } from "ethers";
import { network } from "hardhat";
import { deployLinked } from "../support/deploy-linked.ts";

export const connection = await network.create();
export const { ethers, networkHelpers } = connection;
export type Signer = Awaited<ReturnType<typeof ethers.getSigners>>[number];

export const DAY = 86_400;

/** Seconds of the latest block. */
export const now = (): Promise<number> => networkHelpers.time.latest();

/** Makes the next block's second `seconds` later than the latest one's, and returns it. */
export const nextSecond = async (seconds = 1): Promise<number> => at((await now()) + seconds);

/** Makes `second` that of the next block. A refused call makes no block, and so does not use it up. */
export async function at(second: number): Promise<number> {
  await networkHelpers.time.setNextBlockTimestamp(second);
  return second;
}

/** OpenZeppelin's, as far as tests use it. */
export interface AccessManager extends BaseContract {
  connect(signer: Signer): AccessManager;
  setTargetFunctionRole(target: BaseContract, selectors: readonly string[], role: bigint): Promise<unknown>;
  grantRole(role: bigint, account: Signer, executionDelay: number): Promise<unknown>;
  schedule(target: BaseContract, data: BytesLike, when: number): Promise<ContractTransactionResponse>;
}

/** Deploys a contract by its name; `T` is its generated type. */
export async function deploy<T extends BaseContract>(name: string, values: readonly unknown[] = []): Promise<T> {
  return (await deployLinked(ethers as never, name, values)) as T;
}

/** Fails unless a call was refused with exactly this error and these arguments. */
export async function refuses(
  call: Promise<unknown>,
  contract: Parameters<Chai.Assertion["revertedWithCustomError"]>[0],
  error: string,
  ...values: readonly unknown[]
): Promise<void> {
  const assertion = expect(call).to.be.revertedWithCustomError(contract, error);
  await (values.length > 0 ? assertion.withArgs(...values) : assertion);
}

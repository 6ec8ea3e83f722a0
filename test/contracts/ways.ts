import type { Address } from "../../sdk/src/core/types.ts";
import type { DecisionTimes, SigningContract, TypedData } from "../../sdk/src/typed-data/index.ts";
import { DAY, ethers, nextSecond, type Signer } from "./chain.ts";

export const LIFETIME = 7 * DAY;

/** A contract that acts on signatures. */
export interface Contract {
  getAddress(): Promise<string>;
}

/** Where a signature counts. */
export async function signingContract(contract: Contract): Promise<SigningContract> {
  const { chainId } = await ethers.provider.getNetwork();
  return { chainId: Number(chainId), contract: (await contract.getAddress()) as Address };
}

export interface Authorization extends DecisionTimes {
  readonly signer: string;
  readonly signature: string;
}

export const sign = (signer: Signer, { domain, types, message }: TypedData): Promise<string> =>
  signer.signTypedData(domain, types as never, message);

/** Builds the typed data of one decision once its contract and times are known. */
export type Build = (contract: SigningContract, times: DecisionTimes) => TypedData;

/** Decides at `times`, by default in the second of the next block. `sender` is who has to send the transaction. */
export type Decide = (
  signer: Signer,
  contract: Contract,
  build: Build,
  times?: Partial<DecisionTimes>,
) => Promise<{ readonly authorization: Authorization; readonly sender: Signer }>;

async function timesOf({ signedAt, deadline }: Partial<DecisionTimes> = {}): Promise<DecisionTimes> {
  const second = signedAt ?? (await nextSecond());
  return { signedAt: second, deadline: deadline ?? second + LIFETIME };
}

export const directly: Decide = async (signer, _contract, _build, given) => ({
  authorization: { signer: signer.address, ...(await timesOf(given)), signature: "0x" },
  sender: signer,
});

/** The account that pays for everybody's signed decisions, and can do nothing else. */
export const relayer = (await ethers.getSigners()).at(-1) as Signer;

export const bySignature: Decide = async (signer, contract, build, given) => {
  const times = await timesOf(given);
  const signature = await sign(signer, build(await signingContract(contract), times));
  return { authorization: { signer: signer.address, ...times, signature }, sender: relayer };
};

/** A suite looped over these shows that a verb does the same whichever way it was decided. */
export const ways: readonly { readonly name: string; readonly decide: Decide }[] = [
  { name: "called directly", decide: directly },
  { name: "signed and relayed", decide: bySignature },
];

/** A direct, restrictive call without times: now. */
export const rightNow = (signer: Signer): Authorization => ({
  signer: signer.address,
  signedAt: 0,
  deadline: 0,
  signature: "0x",
});

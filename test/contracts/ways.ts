import type { BaseWallet } from "ethers";
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

/** Three keys that own the shared wallet of somebody; two of them sign. */
const ownersOf = (address: string) =>
  [1, 2, 3].map((index) => new ethers.Wallet(ethers.id(`owner ${index} of ${address.toLowerCase()}`)));

/** What a contract's address would hold once deployed, found without a block. */
async function runtimeCodeOf(name: string, values: readonly unknown[]): Promise<string> {
  const factory = await ethers.getContractFactory(name);
  const { data } = await factory.getDeployTransaction(...values);
  return ethers.provider.call({ data });
}

const setCode = (address: string, code: string) => ethers.provider.send("hardhat_setCode", [address, code]);

/** Two of three signatures in one, 130 bytes, of the owners of `address`. */
export async function signTogether(address: string, data: TypedData): Promise<string> {
  const [first, , third] = ownersOf(address) as BaseWallet[] as [BaseWallet, BaseWallet, BaseWallet];
  const parts = [third, first].map((owner) => owner.signTypedData(data.domain, data.types as never, data.message));
  return ethers.concat(await Promise.all(parts));
}

export const ownerAddressesOf = (address: string) => ownersOf(address).map((owner) => owner.address);

/** The signer's address becomes a wallet that two of three owners sign for. */
export const byContractWallet: Decide = async (signer, contract, build, given) => {
  const times = await timesOf(given);
  const owners = ownerAddressesOf(signer.address);
  await setCode(signer.address, await runtimeCodeOf("SharedWallet", [owners]));
  const data = build(await signingContract(contract), times);
  return {
    authorization: { signer: signer.address, ...times, signature: await signTogether(signer.address, data) },
    sender: relayer,
  };
};

/** The signer's address lends code, of a wallet that accepts anything; its own key still signs. */
export const byDelegatedAccount: Decide = async (signer, contract, build, given) => {
  const delegate = ethers.getCreateAddress({ from: relayer.address, nonce: 0xffff_ffff });
  await setCode(delegate, await runtimeCodeOf("GullibleWallet", []));
  await setCode(signer.address, ethers.concat(["0xef0100", delegate]));
  return bySignature(signer, contract, build, given);
};

/** A suite looped over these shows that a verb does the same whichever way it was decided. Wallets not yet deployed have a suite of their own. */
export const ways: readonly { readonly name: string; readonly decide: Decide }[] = [
  { name: "called directly", decide: directly },
  { name: "signed and relayed", decide: bySignature },
  { name: "signed by the owners of a contract wallet", decide: byContractWallet },
  { name: "signed by an account that lends its code", decide: byDelegatedAccount },
];

/** A direct, restrictive call without times: now. */
export const rightNow = (signer: Signer): Authorization => ({
  signer: signer.address,
  signedAt: 0,
  deadline: 0,
  signature: "0x",
});

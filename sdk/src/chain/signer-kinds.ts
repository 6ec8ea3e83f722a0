import type { Signer, TypedDataDomain, TypedDataField } from "ethers";
import type { Hex } from "../core/bytes.ts";
import type { Address } from "../core/types.ts";

/** What is signed: EIP-712 domain, types without `EIP712Domain`, and the message. Every `TypedData` is one. */
export interface SignableData {
  readonly domain: TypedDataDomain;
  readonly types: Readonly<Record<string, readonly TypedDataField[]>>;
  readonly primaryType: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** A wallet in the browser, or anything else that speaks EIP-1193. */
export interface Eip1193Wallet {
  request(request: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

/**
 * A viem `LocalAccount`, by its shape alone: viem is never imported. The parameters of its functions are viem's own generics, which no
 * plain type matches: what is passed is `ViemTypedData` and `ViemTransaction`.
 */
export interface ViemAccount {
  readonly address: Address;
  signTypedData(parameters: never): Promise<Hex>;
  signTransaction(transaction: never): Promise<Hex>;
}

export interface ViemTypedData {
  readonly domain: Record<string, unknown>;
  readonly types: Record<string, readonly TypedDataField[]>;
  readonly primaryType: string;
  readonly message: Record<string, unknown>;
}

export interface ViemTransaction {
  readonly type: "eip1559" | "legacy";
  readonly chainId: number;
  readonly nonce: number;
  readonly to: Address;
  readonly data: Hex;
  readonly gas: bigint;
  readonly maxFeePerGas?: bigint;
  readonly maxPriorityFeePerGas?: bigint;
  readonly gasPrice?: bigint;
}

export interface CallableViemAccount {
  signTypedData(parameters: ViemTypedData): Promise<Hex>;
  signTransaction(transaction: ViemTransaction): Promise<Hex>;
}

export type SignerLike = Signer | Eip1193Wallet | ViemAccount;

/** A call with gas and fees settled, but without a nonce. */
export interface PreparedTransaction {
  readonly chainId: number;
  readonly to: Address;
  readonly data: Hex;
  readonly gas: bigint;
  readonly fees:
    | { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }
    | { readonly gasPrice: bigint };
}

/** The three kinds of signers, seen alike. A wallet keeps its own nonces and sends; the others only sign. */
export interface ChainSigner {
  /** The caller's own object: whoever shares it shares its nonces. */
  readonly origin: object;
  readonly address: Address;
  signTypedData(data: SignableData): Promise<Hex>;
  readonly sending:
    | { readonly kind: "raw"; sign(transaction: PreparedTransaction, nonce: number): Promise<Hex> }
    | { readonly kind: "wallet"; send(transaction: PreparedTransaction): Promise<Hex> };
}

/** Runs what a wallet is asked and turns its refusals into the family's errors. */
export type Guard = <T>(work: () => Promise<T>) => Promise<T>;

export const lower = (address: string) => address.toLowerCase() as Address;

/** Wallet libraries take arrays they could change. */
export const mutableTypes = ({ types }: SignableData): Record<string, TypedDataField[]> =>
  Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, [...fields]]));

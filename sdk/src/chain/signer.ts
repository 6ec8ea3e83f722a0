import {
  type JsonRpcApiProvider,
  type Signer,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
} from "ethers";
import type { Hex } from "../core/bytes.ts";
import type { Address } from "../core/types.ts";
import { AnamnesisError } from "../errors/index.ts";
import { translateWalletError } from "./translate-error.ts";

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

/** A viem `LocalAccount`, by its shape alone: viem is never imported. */
export interface ViemAccount {
  readonly address: Address;
  signTypedData(parameters: ViemTypedData): Promise<Hex>;
  signTransaction(transaction: ViemTransaction): Promise<Hex>;
}

interface ViemTypedData {
  readonly domain: Record<string, unknown>;
  readonly types: Record<string, readonly TypedDataField[]>;
  readonly primaryType: string;
  readonly message: Record<string, unknown>;
}

interface ViemTransaction {
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

const has = (value: object, ...methods: readonly string[]) =>
  methods.every((method) => typeof (value as Readonly<Record<string, unknown>>)[method] === "function");

const isEthersSigner = (signer: SignerLike): signer is Signer =>
  has(signer, "getAddress", "signTypedData", "sendTransaction");
const isEip1193 = (signer: SignerLike): signer is Eip1193Wallet => has(signer, "request");
const isViemAccount = (signer: SignerLike): signer is ViemAccount =>
  has(signer, "signTypedData", "signTransaction") && "address" in signer && typeof signer.address === "string";

/** An ethers signer's node, where it brings one along. */
export function providerOfSigner(signer: SignerLike | undefined): JsonRpcApiProvider | undefined {
  if (!signer || !isEthersSigner(signer) || !signer.provider || !has(signer.provider, "send")) return undefined;
  return signer.provider as JsonRpcApiProvider;
}

/** @throws CLIENT_SIGNER_UNKNOWN, and what a wallet refuses: SIGNATURE_REFUSED, WALLET_BUSY, CHAIN_WRONG_NETWORK … */
export async function chainSigner(signer: SignerLike, chainId: number): Promise<ChainSigner> {
  if (typeof signer !== "object" || signer === null) throw new AnamnesisError("CLIENT_SIGNER_UNKNOWN");
  const guard: Guard = async (work) => {
    try {
      return await work();
    } catch (error) {
      throw translateWalletError(error, { chainId });
    }
  };
  if (isEthersSigner(signer)) return fromEthers(signer, guard);
  if (isViemAccount(signer)) return fromViem(signer, guard);
  if (isEip1193(signer)) return fromEip1193(signer, chainId, guard);
  throw new AnamnesisError("CLIENT_SIGNER_UNKNOWN");
}

type Guard = <T>(work: () => Promise<T>) => Promise<T>;

const lower = (address: string) => address.toLowerCase() as Address;
const mutableTypes = ({ types }: SignableData): Record<string, TypedDataField[]> =>
  Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, [...fields]]));

async function fromEthers(signer: Signer, guard: Guard): Promise<ChainSigner> {
  const address = lower(await guard(() => signer.getAddress()));
  const requestOf = ({ chainId, to, data, gas, fees }: PreparedTransaction) => ({
    type: "gasPrice" in fees ? 0 : 2,
    ...{ chainId, to, data, gasLimit: gas, ...fees },
  });
  return {
    origin: signer,
    address,
    signTypedData: (data) =>
      guard(async () => (await signer.signTypedData(data.domain, mutableTypes(data), data.message)) as Hex),
    // A JsonRpcSigner is a wallet behind a node: it cannot sign without sending.
    sending: has(signer, "sendUncheckedTransaction")
      ? {
          kind: "wallet",
          send: (transaction) =>
            guard(() =>
              (signer as Signer & { sendUncheckedTransaction(request: object): Promise<Hex> }).sendUncheckedTransaction(
                requestOf(transaction),
              ),
            ),
        }
      : {
          kind: "raw",
          sign: (transaction, nonce) =>
            guard(async () => (await signer.signTransaction({ ...requestOf(transaction), nonce })) as Hex),
        },
  };
}

function fromViem(account: ViemAccount, guard: Guard): ChainSigner {
  return {
    origin: account,
    address: lower(account.address),
    signTypedData: (data) =>
      guard(() =>
        account.signTypedData({
          domain: { ...data.domain },
          types: mutableTypes(data),
          primaryType: data.primaryType,
          message: { ...data.message },
        }),
      ),
    sending: {
      kind: "raw",
      sign: ({ fees, ...transaction }, nonce) =>
        guard(() =>
          account.signTransaction({ type: "gasPrice" in fees ? "legacy" : "eip1559", ...transaction, ...fees, nonce }),
        ),
    },
  };
}

async function fromEip1193(wallet: Eip1193Wallet, chainId: number, guard: Guard): Promise<ChainSigner> {
  const accounts = await guard(() => wallet.request({ method: "eth_requestAccounts" }));
  const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
  if (typeof first !== "string") throw new AnamnesisError("WALLET_FAILED");
  const address = lower(first);
  const onNetwork: Guard = (work) =>
    guard(async () => {
      await switchNetwork(wallet, chainId);
      return work();
    });
  return {
    origin: wallet,
    address,
    signTypedData: (data) =>
      onNetwork(async () => {
        const payload: unknown = TypedDataEncoder.getPayload(data.domain, mutableTypes(data), data.message);
        return (await wallet.request({
          method: "eth_signTypedData_v4",
          params: [address, JSON.stringify(payload)],
        })) as Hex;
      }),
    sending: {
      kind: "wallet",
      send: ({ to, data, gas }) =>
        onNetwork(async () => {
          const call = { from: address, to, data, gas: `0x${gas.toString(16)}` };
          return (await wallet.request({ method: "eth_sendTransaction", params: [call] })) as Hex;
        }),
    },
  };
}

/** Asks the wallet to change over where it stands on another network. */
async function switchNetwork(wallet: Eip1193Wallet, chainId: number): Promise<void> {
  const current = async () => Number(await wallet.request({ method: "eth_chainId" }));
  const actual = await current();
  if (actual === chainId) return;
  const wanted = { chainId: `0x${chainId.toString(16)}` };
  try {
    await wallet.request({ method: "wallet_switchEthereumChain", params: [wanted] });
  } catch (cause) {
    const translated = translateWalletError(cause, { chainId });
    if (translated.code !== "WALLET_FAILED") throw translated;
    throw new AnamnesisError("CHAIN_WRONG_NETWORK", { expected: chainId, actual }, { cause });
  }
  const now = await current();
  if (now !== chainId) throw new AnamnesisError("CHAIN_WRONG_NETWORK", { expected: chainId, actual: now });
}

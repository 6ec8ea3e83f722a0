import type { JsonRpcApiProvider, Signer } from "ethers";
import type { Hex } from "../core/bytes.ts";
import { AnamnesisError } from "../errors/index.ts";
import { fromEip1193 } from "./eip1193-signer.ts";
import {
  type CallableViemAccount,
  type ChainSigner,
  type Eip1193Wallet,
  type Guard,
  lower,
  mutableTypes,
  type PreparedTransaction,
  type SignerLike,
  type ViemAccount,
} from "./signer-kinds.ts";
import { translateWalletError } from "./translate-error.ts";

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
  const callable = account as CallableViemAccount;
  return {
    origin: account,
    address: lower(account.address),
    signTypedData: (data) =>
      guard(() =>
        callable.signTypedData({
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
          callable.signTransaction({ type: "gasPrice" in fees ? "legacy" : "eip1559", ...transaction, ...fees, nonce }),
        ),
    },
  };
}

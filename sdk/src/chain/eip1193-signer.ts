import { TypedDataEncoder } from "ethers";
import type { Hex } from "../core/bytes.ts";
import { AnamnesisError } from "../errors/index.ts";
import { type ChainSigner, type Eip1193Wallet, type Guard, lower, mutableTypes } from "./signer-kinds.ts";
import { translateWalletError } from "./translate-error.ts";

/** A wallet that keeps its key, its nonces and its fees to itself, and may stand on another network. */
export async function fromEip1193(wallet: Eip1193Wallet, chainId: number, guard: Guard): Promise<ChainSigner> {
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

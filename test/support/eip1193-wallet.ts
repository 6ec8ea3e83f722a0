import type { Eip1193Wallet } from "@anamnesis/sdk";
import { type BaseWallet, JsonRpcProvider } from "ethers";

interface CallRequest {
  readonly to: string;
  readonly data: string;
  readonly gas: string;
}

/**
 * A browser wallet as pages see it, holding one key: the standard's methods, the standard's error codes. `refusals` makes it answer a
 * method with an error code; `chainId` puts it on another network until it is asked to switch.
 */
export function eip1193WalletOf(
  wallet: BaseWallet,
  url: string,
  refusals: Readonly<Record<string, number>> = {},
  chainId?: number,
): Eip1193Wallet {
  const node = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, batchMaxCount: 1 });
  const connected = wallet.connect(node) as BaseWallet;
  let current = chainId;
  return {
    async request({ method, params = [] }) {
      const code = refusals[method];
      if (code !== undefined) throw Object.assign(new Error("refused by the wallet"), { code });
      switch (method) {
        case "eth_requestAccounts":
        case "eth_accounts":
          return [wallet.address];
        case "eth_chainId":
          return current === undefined ? node.send("eth_chainId", []) : `0x${current.toString(16)}`;
        case "wallet_switchEthereumChain":
          current = Number((params[0] as { chainId: string }).chainId);
          return null;
        case "eth_signTypedData_v4": {
          const { domain, types, message } = JSON.parse(params[1] as string);
          const { EIP712Domain: _, ...own } = types;
          return connected.signTypedData(domain, own, message);
        }
        case "eth_sendTransaction": {
          const { to, data, gas } = params[0] as CallRequest;
          return (await connected.sendTransaction({ to, data, gasLimit: gas })).hash;
        }
        default:
          throw Object.assign(new Error(`unsupported: ${method}`), { code: 4200 });
      }
    },
  };
}

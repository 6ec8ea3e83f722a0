import { ask } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { addKeyringSlot, sealWalletSlot } from "../../crypto/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { signerAsSlotWallet } from "./signer-as-slot-wallet.ts";

export interface AddWalletSlotParameters extends AbortOptions {
  /** The sealed keyring so far. */
  readonly header: Uint8Array;
}

/**
 * Lets the client's wallet unlock the keyring by a signature, and gives the header with the new slot; `setKeyHeader` makes it count. The wallet
 * is asked twice. Contract wallets, accounts with delegated code, and wallets that sign differently each time are refused.
 * @throws CRYPTO_WALLET_UNSUITABLE, CLIENT_KEYRING_MISSING, CLIENT_SIGNER_MISSING, SIGNATURE_REFUSED, CHAIN_UNREACHABLE
 */
export async function addWalletSlot(client: Client, { header, signal }: AddWalletSlotParameters): Promise<Uint8Array> {
  const { root } = requireCapability(client, "keyring");
  const wallet = signerAsSlotWallet(client);
  const code = await ask(client.nodes[0], "eth_getCode", [wallet.address, "latest"], signal);
  const { description, contracts } = client.deployment;
  const slot = await sealWalletSlot(root, {
    wallet,
    chainId: description.chainId,
    contract: contracts.patientRegistry,
    hasCode: code !== "0x",
  });
  return addKeyringSlot(header, slot);
}

import { type Keyring, unlockKeyring } from "../../crypto/index.ts";
import type { Client } from "../client.ts";
import { signerAsSlotWallet } from "./signer-as-slot-wallet.ts";

/** Opens a keyring with the client's wallet, which `addWalletSlot` enrolled. @throws CRYPTO_SLOT_NOT_OPENED, CLIENT_SIGNER_MISSING … */
export function unlockWithWallet(client: Client, { header }: { readonly header: Uint8Array }): Promise<Keyring> {
  return unlockKeyring(header, { kind: "wallet", wallet: signerAsSlotWallet(client) });
}

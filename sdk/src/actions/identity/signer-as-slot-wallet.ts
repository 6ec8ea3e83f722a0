import { requireSigner } from "../../chain/index.ts";
import type { SlotWallet } from "../../crypto/index.ts";
import type { Client } from "../client.ts";

/** The client's signer, as keyring slots use it. @throws CLIENT_SIGNER_MISSING */
export function signerAsSlotWallet(client: Client): SlotWallet {
  const signer = requireSigner(client);
  return { address: signer.address, sign: (data) => signer.signTypedData(data) };
}

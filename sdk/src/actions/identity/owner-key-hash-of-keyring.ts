import type { Hex } from "../../core/bytes.ts";
import { ownerKeyHash, ownerKeyPair } from "../../crypto/index.ts";
import { type Client, requireCapability } from "../client.ts";

/** The hash that stands on the chain for the keyring's first owner key. @throws CLIENT_KEYRING_MISSING */
export async function ownerKeyHashOfKeyring(client: Client): Promise<Hex> {
  const { root } = requireCapability(client, "keyring");
  const { publicKey } = await ownerKeyPair(root, 1);
  return ownerKeyHash(publicKey);
}

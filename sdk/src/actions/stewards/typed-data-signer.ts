import { requireSigner } from "../../chain/index.ts";
import type { TypedDataSigner } from "../../stewards/index.ts";
import type { Client } from "../client.ts";

/** The client's signer, as requests to stewards are signed with it. @throws CLIENT_SIGNER_MISSING */
export function typedDataSigner(client: Client): TypedDataSigner {
  const signer = requireSigner(client);
  return {
    getAddress: async () => signer.address,
    signTypedData: (domain, types, message) =>
      signer.signTypedData({ domain, types, primaryType: Object.keys(types)[0] ?? "", message }),
  };
}

import type { Hex } from "../core/bytes.ts";

/** What a wallet must offer to sign for stewards; an ethers signer fits as it is. */
export interface TypedDataSigner {
  getAddress(): Promise<string>;
  signTypedData(
    domain: { name: string; version: string; chainId: number; verifyingContract: string },
    types: Record<string, { name: string; type: string }[]>,
    value: Record<string, unknown>,
  ): Promise<string>;
}

/** The AccessGate that stewards answer for. */
export interface GateReference {
  readonly chainId: number;
  readonly gate: Hex;
}

/** Signed permissions of this protocol are short-lived: they only ever open a door once. Seconds. */
export const MAX_AUTHORIZATION_PERIOD = 600;

/** What the wallet shows when a device is to copy the patient's envelopes and receipts. */
export const ENVELOPE_SYNC_ACTION = "copy my records to this device";

/** EIP-712 types of what people sign for stewards, in the domain of the AccessGate. */
export const envelopeSyncTypes = {
  EnvelopeSync: [
    { name: "action", type: "string" },
    { name: "patient", type: "bytes32" },
    { name: "deviceKeyHash", type: "bytes32" },
    { name: "signedAt", type: "uint40" },
    { name: "deadline", type: "uint40" },
  ],
};

export const ownerKeyRequestTypes = {
  OwnerKeyRequest: [
    { name: "patient", type: "bytes32" },
    { name: "provider", type: "bytes32" },
    { name: "signedAt", type: "uint40" },
    { name: "deadline", type: "uint40" },
  ],
};

export const gateDomain = ({ chainId, gate }: GateReference) => ({
  name: "Anamnesis",
  version: "1",
  chainId,
  verifyingContract: gate,
});

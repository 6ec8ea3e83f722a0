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
/** When it is to get the stewards' half of the keys after a recovery. */
export const KEY_RECOVERY_ACTION = "open my old records after a recovery";
/** When it is to seal the records' keys to a new owner key. */
export const RECORD_RESEAL_ACTION = "seal my records to my new key";

const devicePermission = [
  { name: "action", type: "string" },
  { name: "patient", type: "bytes32" },
  { name: "deviceKeyHash", type: "bytes32" },
  { name: "signedAt", type: "uint40" },
  { name: "deadline", type: "uint40" },
];

/** EIP-712 types of what people sign for stewards, in the domain of the AccessGate: what one lets a device do, another does not. */
export const envelopeSyncTypes = { EnvelopeSync: devicePermission };
export const keyRecoveryTypes = { KeyRecovery: devicePermission };
export const recordResealTypes = { RecordReseal: devicePermission };

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

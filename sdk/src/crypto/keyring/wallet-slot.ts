import { bytesToNumberBE, numberToBytesBE } from "@noble/curves/utils.js";
import { concat, fromHex, type Hex, toHex } from "../../core/bytes.ts";
import { encodeDagCbor } from "../../core/dag-cbor.ts";
import type { Address } from "../../core/types.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { type RandomSource, systemRandom } from "../random-source.ts";
import { openSlotRoot, sealSlotRoot } from "./slot-key.ts";

/** The root, under what one wallet signs for one salt. */
export interface WalletSlot {
  readonly kind: "wallet";
  readonly address: Uint8Array;
  readonly chainId: number;
  /** Whose EIP-712 domain the wallet shows: PatientRegistry. */
  readonly contract: Uint8Array;
  readonly salt: Uint8Array;
  readonly sealed: Uint8Array;
}

/** What a wallet is asked to sign to unlock a slot; words first. No contract ever reads it. */
export interface KeyUnlock {
  readonly domain: {
    readonly name: "Anamnesis";
    readonly version: "1";
    readonly chainId: number;
    readonly verifyingContract: Address;
  };
  readonly types: { readonly KeyUnlock: readonly { readonly name: string; readonly type: string }[] };
  readonly primaryType: "KeyUnlock";
  readonly message: { readonly action: string; readonly warning: string; readonly salt: Hex };
}

/** A wallet, as far as slots need one. */
export interface SlotWallet {
  readonly address: Address;
  sign(data: KeyUnlock): Promise<Hex>;
}

export interface SealWalletSlotParameters {
  readonly wallet: SlotWallet;
  readonly chainId: number;
  readonly contract: Address;
  /** Whether the chain holds code for the wallet's address; delegated code (EIP-7702) included. */
  readonly hasCode: boolean;
  readonly random?: RandomSource | undefined;
}

export function keyUnlockData(slot: Pick<WalletSlot, "chainId" | "contract" | "salt">): KeyUnlock {
  const { chainId, contract, salt } = slot;
  return {
    domain: { name: "Anamnesis", version: "1", chainId, verifyingContract: toHex(contract) as Address },
    types: {
      KeyUnlock: [
        { name: "action", type: "string" },
        { name: "warning", type: "string" },
        { name: "salt", type: "bytes32" },
      ],
    },
    primaryType: "KeyUnlock",
    message: {
      action: "unlock my health records",
      warning: "who asks this elsewhere wants to read them",
      salt: toHex(salt),
    },
  };
}

/** Order of secp256k1. */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** r ‖ low s of a signature; its v tells nothing that differs between honest signers, and wallets write it differently. */
function secretOf(signature: Hex): Uint8Array {
  const bytes = fromHex(signature);
  if (bytes.length !== 65) throw new AnamnesisError("CRYPTO_WALLET_UNSUITABLE", { reason: "no key's signature" });
  const s = bytesToNumberBE(bytes.subarray(32, 64));
  return concat(bytes.subarray(0, 32), numberToBytesBE(s > order / 2n ? order - s : s, 32));
}

const aadOf = ({ address, chainId, contract }: Pick<WalletSlot, "address" | "chainId" | "contract">) =>
  encodeDagCbor([address, chainId, contract]);

/**
 * Asks the wallet twice: one that signs differently each time, or that code speaks for, could never open the slot again.
 * @throws CRYPTO_WALLET_UNSUITABLE, CRYPTO_INVALID_LENGTH
 */
export async function sealWalletSlot(root: Uint8Array, parameters: SealWalletSlotParameters): Promise<WalletSlot> {
  const { wallet, chainId, hasCode, random = systemRandom } = parameters;
  if (hasCode) throw new AnamnesisError("CRYPTO_WALLET_UNSUITABLE", { reason: "a contract" });
  const place = { address: fromHex(wallet.address), chainId, contract: fromHex(parameters.contract) };
  const salt = random(32);
  const data = keyUnlockData({ ...place, salt });
  const secret = secretOf(await wallet.sign(data));
  const again = secretOf(await wallet.sign(data));
  if (toHex(secret) !== toHex(again))
    throw new AnamnesisError("CRYPTO_WALLET_UNSUITABLE", { reason: "not repeatable" });
  const sealed = await sealSlotRoot({ kind: "wallet", secret, salt, aad: aadOf(place) }, root, random);
  return { kind: "wallet", ...place, salt, sealed };
}

/** @throws CRYPTO_SLOT_NOT_OPENED for another wallet, CRYPTO_WALLET_UNSUITABLE */
export async function openWalletSlot(slot: WalletSlot, wallet: SlotWallet): Promise<Uint8Array> {
  if (wallet.address.toLowerCase() !== toHex(slot.address)) {
    throw new AnamnesisError("CRYPTO_SLOT_NOT_OPENED", { kind: "wallet", wallet: wallet.address });
  }
  const secret = secretOf(await wallet.sign(keyUnlockData(slot)));
  return openSlotRoot({ kind: "wallet", secret, salt: slot.salt, aad: aadOf(slot) }, slot.sealed);
}

import { type GateReference, gateDomain, type Hex, MAX_AUTHORIZATION_PERIOD } from "@anamnesis/sdk/internal";
import { verifyTypedData } from "ethers";
import { secondsOf } from "./clock.ts";
import type { StewardContext } from "./context.ts";

type Types = Record<string, { name: string; type: string }[]>;

/** Whether the account signed this message for our gate. High-s and malformed signatures are false. */
export function isTypedSignatureOf(
  reference: GateReference,
  types: Types,
  message: Record<string, unknown>,
  { signer, signature }: { readonly signer: Hex; readonly signature: Hex },
): boolean {
  try {
    return verifyTypedData(gateDomain(reference), types, message, signature).toLowerCase() === signer;
  } catch {
    return false;
  }
}

/** Whether a signed permission counts now: begun, not over, and short. */
export function isInForce({ clock, limits }: StewardContext, period: { signedAt: number; deadline: number }): boolean {
  const now = secondsOf(clock);
  const { signedAt, deadline } = period;
  const short = deadline >= signedAt && deadline - signedAt <= MAX_AUTHORIZATION_PERIOD;
  return short && signedAt <= now + limits.skew && now <= deadline;
}

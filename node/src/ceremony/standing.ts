import { bytesUpTo, decodeDagCbor, encodeDagCbor, fromHex, list, map, oneOf, uint } from "@anamnesis/sdk/internal";
import type { CeremonyState } from "./state.ts";

/** How far a steward is with a plan: what a coordinator who knows nothing goes on from. */
export interface Standing {
  readonly phase: "none" | "live" | "aborted" | "signed" | "settled";
  /** The last attempt; 0 where there was none. */
  readonly attempt: number;
  readonly dealers: readonly number[];
  /** Its word for the plan; empty for one that only deals. */
  readonly voucher: Uint8Array;
}

const readStanding = map<Standing>({
  phase: oneOf("none", "live", "aborted", "signed", "settled"),
  attempt: uint(0xffff_ffff),
  dealers: list(uint(255), 255),
  voucher: bytesUpTo(65),
});

function phaseOf({ attempt, settled }: CeremonyState): Standing["phase"] {
  if (settled !== null) return "settled";
  if (attempt === null) return "none";
  if (attempt.fault !== null) return "aborted";
  return attempt.isSigned ? "signed" : "live";
}

export function encodeStanding(state: CeremonyState): Uint8Array {
  const { attempt, voucher } = state;
  return encodeDagCbor({
    phase: phaseOf(state),
    attempt: attempt?.number ?? 0,
    dealers: attempt?.dealers ?? [],
    voucher: voucher === null ? new Uint8Array() : fromHex(voucher),
  });
}

/** @throws INPUT_MALFORMED */
export function decodeStanding(encoded: Uint8Array): Standing {
  return decodeDagCbor(encoded, readStanding, "standing");
}

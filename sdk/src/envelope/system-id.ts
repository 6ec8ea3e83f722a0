import { concat, fromHex, type Hex, toHex, utf8 } from "../core/bytes.ts";
import { sha256 } from "../crypto/index.ts";

/**
 * The id of a network as records name it: SHA-256("anamnesis/system/v1" ‖ chain id as 32 bytes ‖ address of the first
 * PatientRegistry). Successor deployments keep their predecessor's.
 */
export function systemIdOf(chainId: number, patientRegistry: Hex): Hex {
  const chain = fromHex(`0x${chainId.toString(16).padStart(64, "0")}`);
  return toHex(sha256(concat(utf8("anamnesis/system/v1"), chain, fromHex(patientRegistry))));
}

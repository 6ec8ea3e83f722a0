import { decodeHeaderUpload, encodeHeaderAck, keyringHeaderHash } from "@anamnesis/sdk/internal";
import { agreed } from "./chain-moment.ts";
import type { StewardContext } from "./context.ts";
import { readOrRefuse, refuse } from "./refuse.ts";

/**
 * Keeps a patient's keyring header, whoever brings it: the controller put its hash on the chain, with a version that only rises.
 * @throws STEWARD_REFUSED, STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED
 */
export async function handleHeaderPut(context: StewardContext, encoded: Uint8Array): Promise<Uint8Array> {
  const { patient, header } = readOrRefuse(() => decodeHeaderUpload(encoded));
  const moment = await context.moment();
  const hash = agreed(await moment.atHead((node, block) => node.keyHeaderHashOf(patient, block)));
  if (keyringHeaderHash(header) !== hash) refuse("KEY_HEADER_MISMATCH");
  await context.store.putHeader(patient, header);
  return encodeHeaderAck(patient);
}

import type { AbortOptions } from "../core/abort.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import { bytes, bytesUpTo, list, literal, map, uint } from "../core/shape.ts";
import { askSteward } from "./ask-steward.ts";
import type { StewardsClient } from "./client.ts";
import type { StewardMember } from "./committee.ts";
import { MAX_LOG_PATH } from "./receipt-proof.ts";

/** Asked by whoever watches a steward's log. Hashes only, so nobody signs. */
export interface LogConsistencyRequest {
  readonly v: 1;
  readonly verb: "log-consistency";
  readonly size: number;
  readonly laterSize: number;
}

const readRequest = map<LogConsistencyRequest>({
  v: literal(1),
  verb: literal("log-consistency"),
  size: uint(),
  laterSize: uint(),
});
const readPath = map<{ readonly path: readonly Uint8Array[] }>({ path: list(bytes(32), MAX_LOG_PATH) });

export const encodeLogConsistencyRequest = (size: number, laterSize: number): Uint8Array =>
  encodeDagCbor({ v: 1, verb: "log-consistency", size, laterSize });
export const encodeLogConsistencyPayload = (path: readonly Uint8Array[]): Uint8Array =>
  encodeDagCbor({ path: [...path] });

/** Each decoder throws INPUT_MALFORMED. */
export const decodeLogConsistencyRequest = (encoded: Uint8Array): LogConsistencyRequest =>
  decodeDagCbor(bytesUpTo(128)(encoded, "request"), readRequest, "request");
export const decodeLogConsistencyPayload = (payload: Uint8Array): readonly Uint8Array[] =>
  decodeDagCbor(payload, readPath, "consistency").path;

/** The path by which a steward shows that its log went on; whether it does is for the caller to verify. @throws STEWARD_* */
export function fetchLogConsistency(
  client: StewardsClient,
  parameters: { readonly member: StewardMember; readonly size: number; readonly laterSize: number } & AbortOptions,
): Promise<readonly Uint8Array[]> {
  const { member, size, laterSize, signal } = parameters;
  const request = encodeLogConsistencyRequest(size, laterSize);
  return askSteward(client, { member, verb: "log-consistency", request, signal }, decodeLogConsistencyPayload);
}

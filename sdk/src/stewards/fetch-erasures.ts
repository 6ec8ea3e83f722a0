import { AnamnesisError } from "../errors/index.ts";
import { askAll } from "./ask-committee.ts";
import type { StewardsClient } from "./client.ts";
import type { StewardMember } from "./committee.ts";
import { type Cursors, cursorsOf, type DeviceParameters, type Page, pagesOf, requireSome } from "./device-pages.ts";
import { decodeErasuresPayload, type VerifiedErasure, verifyErasure } from "./erasure-receipt.ts";
import { isValid, type StewardVerdict } from "./verdict.ts";

export interface ErasuresResult {
  /** Each verified: the steward's signature, and that it is the asked one's, of this patient. */
  readonly erasures: readonly VerifiedErasure[];
  readonly verdicts: readonly StewardVerdict[];
  readonly cursors: Cursors;
}

/**
 * Fetches what the stewards signed after they erased something of the patient's.
 * @throws DEVICE_REFUSED { reason }, STEWARDS_TOO_FEW when none answers, OPERATION_ABORTED
 */
export async function fetchErasures(client: StewardsClient, parameters: DeviceParameters): Promise<ErasuresResult> {
  const { patient } = parameters.authorization;
  const read = (payload: Uint8Array, member: StewardMember): Page<VerifiedErasure> => {
    const { erasures, next, more } = decodeErasuresPayload(payload);
    const items = erasures.map((encoded) => verifyErasure(encoded));
    if (items.every((item) => item.patient === patient && item.steward === member.signingKey))
      return { items, next, more };
    throw new AnamnesisError("STEWARD_LIED", { steward: member.index, reason: "an erasure of another" });
  };
  const outcomes = await askAll(client, (member) => pagesOf(client, parameters, member, "erasures", read), parameters);
  const verdicts = requireSome(client, outcomes, patient);
  const erasures = outcomes.filter(isValid).flatMap(({ value }) => value.items);
  return { erasures, verdicts, cursors: cursorsOf(parameters.after, outcomes) };
}

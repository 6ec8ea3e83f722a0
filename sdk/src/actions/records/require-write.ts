import { encodeVia, readContract, refusalOf } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { noId, type PatientId } from "../../core/ids.ts";
import type { Via } from "../../core/types.ts";
import { actionMask, labelsOfMask, type Purpose, purposeId } from "../../core/vocabulary.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { Client } from "../client.ts";
import type { Author } from "./author-of.ts";

/** Under which consent a record is written. */
export interface WritePath {
  readonly patient: PatientId;
  readonly via: Via;
  readonly purpose: Purpose;
}

/** Asked before anything is encrypted or stored, so that a refusal costs nothing. @throws RECORD_WRITE_REFUSED */
export async function requireWrite(
  client: Client,
  author: Author,
  { patient, via, purpose, labels }: WritePath & { readonly labels: bigint },
  options: AbortOptions,
): Promise<void> {
  if (author.kind === "patient") return;
  const [denial] = await readContract(
    client,
    () =>
      client.contracts.consentRegistry.decide(
        patient,
        author.provider,
        encodeVia(via),
        purposeId(purpose),
        labels,
        noId,
        actionMask(["write"]),
      ),
    options,
  );
  if (denial === 0n) return;
  const { reason, words } = refusalOf(denial);
  throw new AnamnesisError("RECORD_WRITE_REFUSED", { patient, reason, words, labels: labelsOfMask(labels) });
}

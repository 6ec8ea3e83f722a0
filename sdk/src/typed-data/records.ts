import { AbiCoder, keccak256 } from "ethers";
import type { Hex } from "../core/bytes.ts";
import { noId, type PatientId, type ProviderId, type RecordId } from "../core/ids.ts";
import type { Via } from "../core/types.ts";
import { type Label, labelMask, labelWords, type Purpose, purposeId, purposeWords } from "../core/vocabulary.ts";
import { type DecisionTimes, type SigningContract, type TypedData, typedData } from "./types.ts";

export interface RecordAnchorParameters extends DecisionTimes {
  readonly patient: PatientId;
  readonly recordId: RecordId;
  readonly labels: readonly Label[];
  readonly purpose: Purpose;
  readonly via: Via;
}

/** A path as signatures name it: `keccak256(abi.encode(Via))`. */
export function viaHash({ organisation, chain, bySeries }: Via): Hex {
  const path = [organisation ?? noId, chain ?? [], bySeries ?? false];
  return keccak256(AbiCoder.defaultAbiCoder().encode(["tuple(bytes32,bytes32[],bool)"], [path])) as Hex;
}

/** Signed by the author for `RecordRegistry.anchor`. @throws INPUT_UNKNOWN_LABEL, INPUT_UNKNOWN_PURPOSE */
export function recordAnchorData(
  contract: SigningContract,
  { patient, recordId, labels, purpose, via, signedAt, deadline }: RecordAnchorParameters,
): TypedData<"RecordAnchor"> {
  return typedData("RecordAnchor", contract, {
    records: labelWords(labelMask(labels)),
    purpose: purposeWords(purposeId(purpose)),
    patient,
    record: recordId,
    via: viaHash(via),
    signedAt,
    deadline,
  });
}

export interface RecordRetractionParameters extends DecisionTimes {
  readonly recordId: RecordId;
  readonly author: ProviderId | PatientId;
}

/** Signed by the author for `RecordRegistry.retract`. */
export function recordRetractionData(
  contract: SigningContract,
  { recordId, author, signedAt, deadline }: RecordRetractionParameters,
): TypedData<"RecordRetraction"> {
  const message = { action: "mark as entered in error", record: recordId, author, signedAt, deadline };
  return typedData("RecordRetraction", contract, message);
}

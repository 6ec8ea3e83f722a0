import { decodeLogEvidence, encodeLogEvidence, type LogEvidence } from "@anamnesis/sdk/internal";

type Consent = Pick<LogEvidence, "purpose" | "via">;

/** Under which consent a record is written, kept as evidence without a place. */
export const consentBytes = ({ purpose, via }: Consent): Uint8Array =>
  encodeLogEvidence({ index: 0, size: 0, path: [], later: null, purpose, via });

export function consentOfBytes(encoded: Uint8Array): Consent {
  const { purpose, via } = decodeLogEvidence(encoded);
  return { purpose, via };
}

import { noId, type ProviderId } from "../core/ids.ts";
import type { Via } from "../core/types.ts";

/** A path, or short for "on behalf of this organisation". */
export type ViaLike = ProviderId | Via;

/** As contracts take it. */
export interface EncodedVia {
  readonly organisation: string;
  readonly chain: string[];
  readonly bySeries: boolean;
}

export function toVia(via: ViaLike | undefined): Via {
  return typeof via === "string" ? { organisation: via } : (via ?? {});
}

export function encodeVia(via: Via): EncodedVia {
  return { organisation: via.organisation ?? noId, chain: [...(via.chain ?? [])], bySeries: via.bySeries ?? false };
}

/** What a contract returns for a path. */
export function decodeVia({ organisation, chain, bySeries }: EncodedVia): Via {
  return {
    organisation: organisation === noId ? undefined : (organisation as ProviderId),
    chain: [...chain] as ProviderId[],
    bySeries,
  };
}

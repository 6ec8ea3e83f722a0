import { head, readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { ProviderId } from "../../core/ids.ts";
import { type Action, actionsOfMask, type Label, labelsOfMask, purposeId } from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";
import type { ShareLink } from "./consent-decision.ts";
import { settleLink } from "./share-consent.ts";

export interface ShareOfParameters extends ShareLink, AbortOptions {}

/** What one provider passed on to another, as stored: alone it is no permission, ask `isPermitted`. Times are Unix seconds. */
export interface Share extends ShareLink {
  readonly sharer: ProviderId | undefined;
  readonly labels: readonly Label[];
  /** None: never passed on, or taken back. */
  readonly actions: readonly Action[];
  readonly from: number;
  readonly until: number;
  /** Serial of what it hangs on: it ended if that has another one now. */
  readonly parentSerial: number;
  readonly serial: number;
  readonly asOf: number;
  /** The patient cut it, which beats all else. */
  readonly cut: boolean;
}

/** @throws INPUT_…, CHAIN_REVERTED with `ConsentChainInvalid`, CHAIN_UNREACHABLE */
export async function shareOf(client: Client, { signal, ...parameters }: ShareOfParameters): Promise<Share> {
  const link = settleLink(parameters);
  const { patient, chain, grantee, purpose } = link;
  const { number: blockTag } = await head(client, { signal });
  const { consentRegistry } = client.contracts;
  const slot = await readContract(
    client,
    () => consentRegistry.shareOf(patient, [...chain], grantee, purposeId(purpose), { blockTag }),
    { signal },
  );
  return {
    ...link,
    sharer: chain.at(-1),
    labels: labelsOfMask(slot.labels),
    actions: actionsOfMask(Number(slot.actions)),
    from: Number(slot.notBefore),
    until: Number(slot.notAfter),
    parentSerial: Number(slot.parentSerial),
    serial: Number(slot.serial),
    asOf: Number(slot.asOf),
    cut: slot.isCut,
  };
}

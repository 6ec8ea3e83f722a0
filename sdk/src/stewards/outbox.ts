import type { AbortOptions } from "../core/abort.ts";
import type { Hex } from "../core/bytes.ts";
import type { RecordId } from "../core/ids.ts";
import type { LogEvidence } from "./logged-envelope.ts";

/** What an author wants anchored, and the stewards given, as soon as that can be. */
export interface OutboxItem extends Pick<LogEvidence, "purpose" | "via"> {
  readonly recordId: RecordId;
  /** The provider whose log it goes into. */
  readonly author: Hex;
  /** The encoded envelope; null where there is none to hand to stewards. */
  readonly envelope: Uint8Array | null;
}

/** An item that will be anchored, whatever happens to the process. */
export interface AcceptedItem {
  readonly recordId: RecordId;
  /** Its place in the author's log. */
  readonly index: number;
}

/** Takes records for good and anchors many with one transaction; `@anamnesis/node` has one that keeps them in a file. */
export interface Outbox {
  /**
   * Resolves once all of them are on disk, in the order given, in the order of calls for each author. A record that it has already keeps its
   * place.
   * @throws OUTBOX_FULL, OUTBOX_CLOSED, OUTBOX_AUTHOR_UNKNOWN, OUTBOX_LOG_BEHIND, OUTBOX_LOG_DIFFERS: then it took none of them
   */
  accept(items: readonly OutboxItem[], options?: AbortOptions): Promise<readonly AcceptedItem[]>;
}

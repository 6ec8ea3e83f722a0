import { type Hex, type ReceivedSessionRequest, type RecordId, signReceipt } from "@anamnesis/sdk/internal";
import type { ReceiptRow } from "../stores/steward-store.ts";
import { secondsOf } from "./clock.ts";
import type { StewardContext } from "./context.ts";
import { reasonOf, refuse } from "./refuse.ts";
import type { CheckedSession } from "./session-checks.ts";
import { within } from "./within.ts";

/**
 * Writes the line on the trail and returns once it is on disk. A steward that cannot log refuses, and so does one whose log
 * hangs.
 * @throws STEWARD_REFUSED { RECEIPT_NOT_WRITTEN }
 */
export async function writeReceipt(
  context: StewardContext,
  checked: CheckedSession,
  received: ReceivedSessionRequest,
  receiptId: Hex,
  records: readonly RecordId[],
): Promise<void> {
  const { committee, signing, signingKey, clock } = context;
  const { session, moment } = checked;
  const encoded = signReceipt(
    {
      v: 1,
      steward: signingKey,
      keyId: committee.keyId,
      epoch: committee.epoch,
      request: received.encoded,
      block: moment.head,
      sessionId: session.sessionId,
      kind: session.kind,
      patient: session.patient,
      actor: session.actor,
      purpose: session.purpose,
      records,
      grantTag: session.grantTag,
      time: secondsOf(clock),
    },
    signing,
  );
  const row = { receiptId, requestHash: received.requestHash, patient: session.patient, encoded };
  await appendReceipt(context, row);
}

/** Durable within the limit, or refused. @throws STEWARD_REFUSED { RECEIPT_NOT_WRITTEN } */
export async function appendReceipt({ store, limits }: StewardContext, row: ReceiptRow): Promise<void> {
  try {
    await within(limits.receiptWithin, store.appendReceipt(row), () => refuse("RECEIPT_NOT_WRITTEN"));
  } catch (error) {
    refuse(reasonOf(error) === "STEWARD_UNAVAILABLE" ? "RECEIPT_NOT_WRITTEN" : reasonOf(error));
  }
}

import type { ErrorDescriptor } from "../descriptor.ts";

/** What keeps an outbox from taking records, or from anchoring those that it took. */
export const outboxErrors = {
  OUTBOX_FULL: {
    message: "The outbox holds as many records that are not anchored yet as it may.",
    remedy:
      "Nothing of these was accepted. Try again when the chain has caught up, and check that the account can pay.",
  },
  OUTBOX_CLOSED: {
    message: "The outbox was closed.",
    remedy: "Nothing of these was accepted. Open the outbox again.",
  },
  OUTBOX_AUTHOR_UNKNOWN: {
    message: "This outbox does not write for this author.",
    remedy: "Open it with an account of that provider. Patients' own records are added one by one.",
  },
  OUTBOX_LOG_BEHIND: {
    message: "The chain holds a longer log of this author than the outbox does: its file was rolled back.",
    remedy: "Use the newest copy of the file. Never let two outboxes write for one provider.",
  },
  OUTBOX_LOG_DIFFERS: {
    message: "The author's log on the chain is not the one in this outbox.",
    remedy: "Use the newest copy of the file. Never let two outboxes write for one provider.",
  },
  OUTBOX_ACCOUNT_FOREIGN: {
    message: "The account that is to anchor the author's log is no key of the author.",
    remedy: "Configure a key of that provider, or add this account to the provider's keys.",
  },
} as const satisfies Record<string, ErrorDescriptor>;

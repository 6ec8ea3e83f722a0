import type { ErrorDescriptor } from "../descriptor.ts";

/** What stewards answered, or did not. */
export const stewardErrors = {
  STEWARDS_TOO_FEW: {
    message: "Too few stewards gave a valid answer.",
    remedy: "Wait until more of them can be reached, then try again; the details say what each one did.",
  },
  STEWARD_LIED: {
    message: "A steward signed an answer that is not true.",
    remedy: "Its answer was not used. Tell the stewards' operators which one it was; the signed answer proves it.",
  },
  STEWARD_UNREACHABLE: {
    message: "A steward could not be reached.",
    remedy: "The others were asked instead; if it stays away, tell its operator.",
  },
  STEWARD_TIMEOUT: {
    message: "A steward did not answer in time.",
    remedy: "The others were asked instead; if it stays slow, tell its operator.",
  },
  STEWARD_REPLY_INVALID: {
    message: "An answer arrived that the steward did not sign for this question.",
    remedy: "It was not used. Check the connection to the steward; somebody in between may have changed the answer.",
  },
  STEWARD_REFUSED: {
    message: "The steward refused.",
    remedy: "The reason stands in the details; what a stranger asks is refused without one.",
  },
  SESSION_REFUSED: {
    message: "The stewards no longer allow this session to read.",
    remedy: "Open a new session; if the patient ended the consent, ask them first.",
  },
  RECORD_REFUSED: {
    message: "The stewards do not open this record in this session.",
    remedy: "Open a session whose patient, kinds of records and purpose cover it.",
  },
  RECORD_NOT_RELEASED: {
    message: "Too few stewards could open this record.",
    remedy: "Try again later; some stewards may not have received their copy of the record yet.",
  },
  ENVELOPE_NOT_ACCEPTED: {
    message: "Too few stewards took the record's envelope.",
    remedy: "Nothing is lost: it is kept on this device. Send it again; the details say why each steward refused.",
  },
  OWNER_KEY_UNAVAILABLE: {
    message: "No steward could give the patient's key.",
    remedy: "Ask the patient to register their key with the stewards, or try again later.",
  },
  OWNER_KEY_NOT_ACCEPTED: {
    message: "Too few stewards took the patient's key.",
    remedy: "Check that the patient is registered with exactly this key, then send it again.",
  },
  DEVICE_REFUSED: {
    message: "The stewards do not let this device copy the records.",
    remedy: "Sign the permission for this device again with the wallet that controls the records now.",
  },
  KEY_HEADER_NOT_ACCEPTED: {
    message: "Too few stewards took the keyring's header.",
    remedy: "Check that the chain names exactly this header for the record, then send it again.",
  },
  KEY_HEADER_UNAVAILABLE: {
    message: "No steward could give the keyring's header that the chain names.",
    remedy: "Try again later, or use a copy of the header that you or a trustee kept.",
  },
  RECOVERY_REFUSED: {
    message: "The stewards do not give their half of the keys.",
    remedy:
      "Sign with the wallet that the recovery named, once the recovery took effect; the reason stands in the details.",
  },
  RECEIPT_INVALID: {
    message: "A steward's receipt does not hold: it was changed, or it is not about what it says.",
    remedy: "It was not used. Ask the steward for it again, and tell an auditor if it happens twice.",
  },
  RECEIPT_PROOF_INVALID: {
    message: "This is no proof of a receipt, or it was changed.",
    remedy: "Ask the steward for the proof again. Do not rely on this one.",
  },
  RECEIPT_PROOF_UNAVAILABLE: {
    message: "The steward cannot prove yet that this receipt is in its log.",
    remedy: "Keep the receipt and ask again once the steward has anchored its log; the reason stands in the details.",
  },
  STEWARD_LOG_BEHIND: {
    message:
      "The chain holds a longer log of this steward than its database does: it was rolled back, and opens nothing.",
    remedy: "Restore the newest copy of the database. Never start the steward on an older one.",
  },
  STEWARD_LOG_DIFFERS: {
    message: "The steward's receipts are not those whose root is on the chain, so it opens nothing.",
    remedy: "Restore the newest copy of the database, and tell the other members of the committee.",
  },
  STEWARD_ACCOUNT_FOREIGN: {
    message: "The account that is to anchor the steward's log is no key of the steward's provider.",
    remedy: "Configure a key of that provider, or add this account to the provider's keys.",
  },
  STEWARD_STORE_FAILED: {
    message: "The steward's database could not be read or written.",
    remedy: "Nothing was released. Check the disk and the database file, then start the steward again.",
  },
  STEWARD_STORE_UNSUITABLE: {
    message: "This database server could lose what the steward acknowledged, or keep what it erased.",
    remedy: "Change the setting or give the right that the details name, then start the steward again.",
  },
  STEWARD_STORE_TOO_NEW: {
    message: "This database was written by a newer version of the steward.",
    remedy: "Run that version or a later one; nothing was changed.",
  },
  STEWARD_SHARE_UNREADABLE: {
    message: "The steward's key share or signing key cannot be opened.",
    remedy: "Put back the key file that belongs to this database.",
  },
  STEWARD_SHARE_MISSING: {
    message: "The steward holds no key share for this committee.",
    remedy: "Run the committee's ceremony with this steward, or restore its database.",
  },
  STEWARD_CHAIN_UNAVAILABLE: {
    message: "The steward cannot get a dependable view of the chain, so it opens nothing.",
    remedy: "Check its chain nodes: they must be reachable, up to date and agree with each other.",
  },
  COMMITTEE_INVALID: {
    message: "This committee of stewards does not hold together.",
    remedy: "Read it again from the chain; members, threshold and shares must belong to one publication.",
  },
  COMMITTEE_CEREMONY_FAILED: {
    message: "The stewards did not arrive at the same committee key.",
    remedy:
      "Settle it with the steward named, and with the one who named it, then run the ceremony again; nothing of this attempt is used.",
  },
  CEREMONY_PLAN_INVALID: {
    message: "This plan for a committee's ceremony cannot be carried out.",
    remedy: "The reason stands in the details. Make another plan; every member has to approve it again.",
  },
  CEREMONY_REFUSED: {
    message: "A member of the ceremony does not do this step.",
    remedy: "The reason stands in the details; run the ceremony again, it goes on where it can.",
  },
  COMMITTEE_NOT_PINNED: {
    message: "The chain names another stewards' key than the one this deployment was made with.",
    remedy:
      "Do not add records. Ask the network's operators whether the key was changed, and take their new deployment file.",
  },
} as const satisfies Record<string, ErrorDescriptor>;

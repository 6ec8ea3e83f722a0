import type { ErrorDescriptor } from "../descriptor.ts";

/** Ciphertexts, keys and proofs that do not hold. */
export const cryptoErrors = {
  CRYPTO_INVALID_LENGTH: {
    message: "A key or value has the wrong length.",
    remedy: "Pass exactly the number of bytes named in the details.",
  },
  CRYPTO_INVALID_PARAMETERS: {
    message: "These encryption settings cannot be used.",
    remedy: "Use the settings of the network, or leave them out to get the usual ones.",
  },
  CRYPTO_CONTENT_HEADER_INVALID: {
    message: "The encrypted document does not belong to this key and this record.",
    remedy: "Fetch the record again; if it fails again, the stored record was changed or mixed up with another.",
  },
  CRYPTO_CONTENT_DAMAGED: {
    message: "The encrypted document is incomplete or was changed.",
    remedy: "Fetch it again from another copy; nothing of the damaged part was shown.",
  },
  CRYPTO_SEGMENT_LENGTH: {
    message: "A piece of the document has the wrong length to be encrypted here.",
    remedy: "Cut the document into full pieces; only the last may be shorter.",
  },
  CRYPTO_OPEN_FAILED: {
    message: "This sealed value could not be opened.",
    remedy: "It was sealed for another key or purpose, or it was changed; ask for it again.",
  },
  CRYPTO_KEY_INVALID: {
    message: "This is not a usable key.",
    remedy: "Fetch the key again from its owner and compare its hash with the one on the network.",
  },
  CRYPTO_POINT_INVALID: {
    message: "A value is not a valid element of the committee's group.",
    remedy: "Fetch it again from its source; a correct program never sends such a value.",
  },
  CRYPTO_SHARE_MISMATCH: {
    message: "The key share does not match its published verifying share.",
    remedy: "Load the share that was made for this committee and epoch.",
  },
  CRYPTO_CAPSULE_INVALID: {
    message: "The sealed key of this record does not belong to this record and committee.",
    remedy: "Fetch the record's envelope from another steward; this copy was changed or copied from another record.",
  },
  CRYPTO_TOO_FEW_PARTIALS: {
    message: "Too few stewards gave a correct answer to open this record.",
    remedy: "Wait until more stewards can be reached, then try again.",
  },
  CRYPTO_DUPLICATE_MEMBER: {
    message: "Two answers name the same steward.",
    remedy: "Pass one answer for each steward.",
  },
  CRYPTO_DKG_ABORTED: {
    message: "Making the committee's key was stopped because a member's part is missing or wrong.",
    remedy:
      "Settle it with the member named, then start again from the beginning; nothing of this attempt may be reused.",
  },
  CRYPTO_DKG_OUT_OF_ORDER: {
    message: "This step of making the committee's key does not come now.",
    remedy: "Run the three rounds once each, in order; start again from the beginning after an abort.",
  },
  CRYPTO_RESHARE_ABORTED: {
    message: "Handing the committee's key to its next members was stopped because a dealer's part is missing or wrong.",
    remedy:
      "Start again without the member named; nothing of this attempt may be reused, and the old shares still open.",
  },
  CRYPTO_RESHARE_KEY_CHANGED: {
    message: "The shares published for the committee do not belong to its key.",
    remedy: "Do not go on. Read the committee again from the chain; the old shares still open.",
  },
  CRYPTO_PASSPHRASE_TOO_SHORT: {
    message: "This passphrase is too short to protect your records.",
    remedy: "Choose at least twelve characters; four or five random words are good.",
  },
  CRYPTO_WRONG_PASSPHRASE: {
    message: "This passphrase does not open the keyring.",
    remedy: "Check capitals and keyboard, then try again; if it was never changed, try another copy of the keyring.",
  },
  CRYPTO_WALLET_UNSUITABLE: {
    message: "This wallet cannot unlock a keyring: it would not give the same signature again.",
    remedy: "Unlock with a passphrase, a passkey, paper or trustees instead; the wallet can still sign your decisions.",
  },
  CRYPTO_SLOT_NOT_OPENED: {
    message: "The keyring does not open this way.",
    remedy: "Check that it is the same wallet or passkey it was set up with, or unlock it another way.",
  },
  CRYPTO_SHARE_WRONG: {
    message: "This is not a share of this keyring.",
    remedy: "Ask the trustee at the place named in the details for their share again; it may be of an older keyring.",
  },
  CRYPTO_TOO_FEW_SHARES: {
    message: "Too few trustees have given their share.",
    remedy: "Ask more of them, up to the number in the details.",
  },
  CRYPTO_KEYRING_INVALID: {
    message: "This keyring cannot be read.",
    remedy: "Fetch the keyring again; if it fails again, use another copy or another way to unlock it.",
  },
  LOG_RANGE_INVALID: {
    message: "This log has no such leaf or size to prove.",
    remedy: "Ask for a leaf within the log, and for a later size that is not smaller.",
  },
} as const satisfies Record<string, ErrorDescriptor>;

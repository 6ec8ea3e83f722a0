export { openWithKey, type SealingKey, sealWithKey } from "./aead.ts";
export { commitmentOf, commitmentOfHash } from "./commitment.ts";
export {
  type FloeDecryptor,
  type FloeEncryptor,
  type FloeKeyParameters,
  floeDecryptor,
  floeEncryptor,
} from "./floe.ts";
export { type ContentOptions, type FloeContent, floeDecrypt, floeEncrypt } from "./floe-content.ts";
export {
  defaultFloeParameters,
  type FloeParameters,
  floeBodyLength,
  floeHeaderLength,
  plaintextSegmentLength,
  type SegmentRange,
  segmentCount,
  segmentRange,
  segmentsInBody,
} from "./floe-layout.ts";
export { encryptSegments, type PlainSegment, plainSegments, SEGMENTS_AT_ONCE } from "./floe-stream.ts";
export { type HashStream, hkdfSha256, sha256, sha256OfContent, sha256Stream } from "./hash.ts";
export {
  type HpkeSealed,
  hpkeOpen,
  hpkeSeal,
  type XWingKeyPair,
  xwingEncapsulationLength,
  xwingKeyPair,
  xwingPublicKeyLength,
} from "./hpke.ts";
export {
  addKeyringSlot,
  decodeKeyringHeader,
  encodeKeyringHeader,
  type ForeignSlot,
  isSlotOf,
  type KeyringHeader,
  type KeyringSlot,
  type KnownSlot,
  type PassphraseSlot,
  removeKeyringSlot,
  type SlotKind,
} from "./keyring/header.ts";
export {
  createKeyring,
  type Keyring,
  type KeyringUnlock,
  keyringHeaderHash,
  openKeyring,
  sealKeyring,
  sealKeyringInSlots,
  unlockKeyring,
} from "./keyring/keyring.ts";
export { findOwnerKey, type OwnerKey, ownerKeyHash, ownerKeyPair } from "./keyring/owner-key.ts";
export { openPaperSlot, type PaperSlot, sealPaperSlot } from "./keyring/paper-slot.ts";
export { openPasskeySlot, type PasskeyPrf, type PasskeySlot, sealPasskeySlot } from "./keyring/passkey-slot.ts";
export { openPassphraseSlot, sealPassphraseSlot } from "./keyring/passphrase-slot.ts";
export { recoveryLabel } from "./keyring/recovery-label.ts";
export { readTrusteeShare, trusteeShareText } from "./keyring/trustee-share-text.ts";
export {
  isShareOf,
  openTrusteeSlot,
  type SealTrusteeSlotParameters,
  sealTrusteeSlot,
  type TrusteeShare,
  type TrusteeSlot,
} from "./keyring/trustee-slot.ts";
export {
  type KeyUnlock,
  keyUnlockData,
  openWalletSlot,
  type SealWalletSlotParameters,
  type SlotWallet,
  sealWalletSlot,
  type WalletSlot,
} from "./keyring/wallet-slot.ts";
export {
  appendLeaves,
  emptyFrontier,
  frontierNodes,
  frontierRoot,
  type HashedLogNode,
  type LogFrontier,
} from "./merkle-log/frontier.ts";
export { emptyLogRoot, logLeafHash, logNodeHash } from "./merkle-log/hashes.ts";
export { logRoot, proveConsistency, proveInclusion, type ReadLogNodes } from "./merkle-log/prove.ts";
export type { LogNode } from "./merkle-log/ranges.ts";
export { type ConsistencyClaim, type InclusionClaim, isConsistent, isIncluded } from "./merkle-log/verify.ts";
export { padmeLength } from "./padme.ts";
export type { RandomSource } from "./random-source.ts";
export {
  createSessionKeys,
  type SessionKeys,
  type SigningKeyPair,
  sessionKeyHash,
  signBytes,
  signingKeyPair,
  verifySignature,
} from "./session-keys.ts";
export { type Capsule, sealCapsule, verifyCapsule } from "./threshold/capsule.ts";
export {
  combinePartials,
  openCapsule,
  type SortedPartials,
  sortPartials,
  type VerifiedPartial,
} from "./threshold/combine.ts";
export {
  type CommitteeKey,
  type DkgBroadcast,
  type DkgResult,
  type DkgSession,
  type DkgShare,
  keyIdOf,
  startDkg,
} from "./threshold/dkg.ts";
export { verifyingShareOf } from "./threshold/group.ts";
export {
  maximumBatch,
  type PartialBatch,
  type PartialDecryption,
  partialDecrypt,
  partialDecryptBatch,
  verifyPartial,
  verifyPartialBatch,
} from "./threshold/partial.ts";
export {
  checkReshare,
  dealReshare,
  finishReshare,
  type PreviousEpoch,
  type ReshareBroadcast,
  type ReshareDealing,
  type ReshareShare,
  type ReshareTranscript,
} from "./threshold/reshare.ts";

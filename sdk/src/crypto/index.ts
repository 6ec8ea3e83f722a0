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
export { hkdfSha256, sha256, sha256OfContent, sha256Stream } from "./hash.ts";
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
  decodeKeyringHeader,
  encodeKeyringHeader,
  type ForeignSlot,
  type KeyringHeader,
  type KeyringSlot,
  type PassphraseSlot,
} from "./keyring/header.ts";
export { createKeyring, type Keyring, keyringHeaderHash, openKeyring, sealKeyring } from "./keyring/keyring.ts";
export { ownerKeyHash, ownerKeyPair } from "./keyring/owner-key.ts";
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
  type DkgBroadcast,
  type DkgResult,
  type DkgSession,
  type DkgShare,
  keyIdOf,
  startDkg,
} from "./threshold/dkg.ts";
export {
  maximumBatch,
  type PartialBatch,
  type PartialDecryption,
  partialDecrypt,
  partialDecryptBatch,
  verifyPartial,
  verifyPartialBatch,
} from "./threshold/partial.ts";

import { explainAccess } from "./access/explain-access.ts";
import type { trail as TrailVerb } from "./audit/trail.ts";
import type { Client } from "./client.ts";
import { consentOf } from "./consent/consent-of.ts";
import { grantConsent } from "./consent/grant-consent.ts";
import { isPermitted } from "./consent/is-permitted.ts";
import { revokeConsent } from "./consent/revoke-consent.ts";
import { acceptAffiliation } from "./identity/accept-affiliation.ts";
import { addProviderKey } from "./identity/add-provider-key.ts";
import { admitProvider } from "./identity/admit-provider.ts";
import { affiliationOf } from "./identity/affiliation-of.ts";
import { endAffiliation } from "./identity/end-affiliation.ts";
import { findPatient } from "./identity/find-patient.ts";
import { findProvider } from "./identity/find-provider.ts";
import { grantAuthorship } from "./identity/grant-authorship.ts";
import { grantEmergency } from "./identity/grant-emergency.ts";
import { ownerKeyHashOf } from "./identity/owner-key-hash-of.ts";
import { proposeAffiliation } from "./identity/propose-affiliation.ts";
import { reinstateProvider } from "./identity/reinstate-provider.ts";
import { removeProviderKey } from "./identity/remove-provider-key.ts";
import { retireProvider } from "./identity/retire-provider.ts";
import { revokeAll } from "./identity/revoke-all.ts";
import { revokeAuthorship } from "./identity/revoke-authorship.ts";
import { revokeEmergency } from "./identity/revoke-emergency.ts";
import { signProviderAdmission } from "./identity/sign-provider-admission.ts";
import { signProviderKey } from "./identity/sign-provider-key.ts";
import { signRegistration, submitSignedRegistration } from "./identity/sign-registration.ts";
import { suspendProvider } from "./identity/suspend-provider.ts";
import type { addMany as AddManyVerb } from "./records/add-many.ts";
import type { ListedOwnRecord, listRecords as ListRecordsVerb } from "./records/list-records.ts";

/** The same verb without its first argument. */
type Bound<Verb> = Verb extends (client: Client, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;
type BoundAll<Verbs> = { readonly [Name in keyof Verbs]: Bound<Verbs[Name]> };

function bindAll<Verbs extends Record<string, (client: Client, ...rest: never[]) => unknown>>(
  client: Client,
  verbs: Verbs,
): BoundAll<Verbs> {
  return Object.fromEntries(
    Object.entries(verbs).map(([name, verb]) => [name, verb.bind(undefined, client)]),
  ) as unknown as BoundAll<Verbs>;
}

type AsyncVerb = (client: Client, ...rest: never[]) => Promise<unknown>;
type Loaders<Verbs> = { readonly [Name in keyof Verbs]: () => Promise<Verbs[Name]> };

/** As `bindAll`, for verbs whose code is fetched at their first use: those that encrypt, decrypt or verify. */
function bindLazily<Verbs extends Record<string, AsyncVerb>>(client: Client, loaders: Loaders<Verbs>): BoundAll<Verbs> {
  return Object.fromEntries(
    Object.entries(loaders).map(([name, load]) => [
      name,
      async (...rest: never[]) => (await (load as () => Promise<AsyncVerb>)())(client, ...rest),
    ]),
  ) as unknown as BoundAll<Verbs>;
}

const lazyIdentity = {
  registerPatient: async () => (await import("./identity/register-patient.ts")).registerPatient,
  appointDelegate: async () => (await import("./identity/appoint-delegate.ts")).appointDelegate,
  approveProposal: async () => (await import("./identity/approve-proposal.ts")).approveProposal,
  attestDeath: async () => (await import("./identity/attest-death.ts")).attestDeath,
  attestMajority: async () => (await import("./identity/attest-majority.ts")).attestMajority,
  cancelChange: async () => (await import("./identity/cancel-change.ts")).cancelChange,
  changeController: async () => (await import("./identity/change-controller.ts")).changeController,
  changeOf: async () => (await import("./identity/change-of.ts")).changeOf,
  claimAtMajority: async () => (await import("./identity/claim-at-majority.ts")).claimAtMajority,
  delegateOf: async () => (await import("./identity/delegate-of.ts")).delegateOf,
  dismissDelegate: async () => (await import("./identity/dismiss-delegate.ts")).dismissDelegate,
  endorseRecovery: async () => (await import("./identity/endorse-recovery.ts")).endorseRecovery,
  freezeRecord: async () => (await import("./identity/freeze-record.ts")).freezeRecord,
  joinGuardianAuthorizations: async () =>
    (await import("./identity/join-guardian-authorizations.ts")).joinGuardianAuthorizations,
  keepProviderKey: async () => (await import("./identity/keep-provider-key.ts")).keepProviderKey,
  objectToDeath: async () => (await import("./identity/object-to-death.ts")).objectToDeath,
  optInToEmergency: async () => (await import("./identity/opt-in-to-emergency.ts")).optInToEmergency,
  optOutOfEmergency: async () => (await import("./identity/opt-out-of-emergency.ts")).optOutOfEmergency,
  proposeRecovery: async () => (await import("./identity/propose-recovery.ts")).proposeRecovery,
  recoveryOf: async () => (await import("./identity/recovery-of.ts")).recoveryOf,
  registerMinor: async () => (await import("./identity/register-minor.ts")).registerMinor,
  replaceProviderKey: async () => (await import("./identity/replace-provider-key.ts")).replaceProviderKey,
  guardiansOf: async () => (await import("./identity/guardians-of.ts")).guardiansOf,
  replaceGuardian: async () => (await import("./identity/replace-guardian.ts")).replaceGuardian,
  keepGuardian: async () => (await import("./identity/keep-guardian.ts")).keepGuardian,
  rotateOwnerKey: async () => (await import("./identity/rotate-owner-key.ts")).rotateOwnerKey,
  setKeyHeader: async () => (await import("./identity/set-key-header.ts")).setKeyHeader,
  setTrustees: async () => (await import("./identity/set-trustees.ts")).setTrustees,
  trusteesOf: async () => (await import("./identity/trustees-of.ts")).trusteesOf,
  unfreezeRecord: async () => (await import("./identity/unfreeze-record.ts")).unfreezeRecord,
  vetoRecovery: async () => (await import("./identity/veto-recovery.ts")).vetoRecovery,
  signDecision: async () => (await import("./identity/sign-patient-decision.ts")).signPatientDecision,
  submitDecision: async () => (await import("./identity/sign-patient-decision.ts")).submitSignedPatientDecision,
  addWalletSlot: async () => (await import("./identity/add-wallet-slot.ts")).addWalletSlot,
  addTrusteeSlot: async () => (await import("./identity/add-trustee-slot.ts")).addTrusteeSlot,
  unlockWithWallet: async () => (await import("./identity/unlock-with-wallet.ts")).unlockWithWallet,
  ownerKeyHashOfKeyring: async () => (await import("./identity/owner-key-hash-of-keyring.ts")).ownerKeyHashOfKeyring,
  publishKeyringHeader: async () => (await import("./identity/publish-keyring-header.ts")).publishKeyringHeader,
  fetchKeyringHeader: async () => (await import("./identity/fetch-keyring-header.ts")).fetchKeyringHeader,
  recoverKeyring: async () => (await import("./identity/recover-keyring.ts")).recoverKeyring,
  publishOwnerKey: async () => (await import("./identity/publish-owner-key.ts")).publishOwnerKey,
};

const lazyConsent = {
  sign: async () => (await import("./consent/sign-consent.ts")).signConsent,
  submit: async () => (await import("./consent/submit-signed-consent.ts")).submitSignedConsent,
  grantRecord: async () => (await import("./consent/grant-record.ts")).grantRecord,
  grantMany: async () => (await import("./consent/grant-many.ts")).grantMany,
  revokeRecord: async () => (await import("./consent/revoke-record.ts")).revokeRecord,
  revokeMany: async () => (await import("./consent/revoke-many.ts")).revokeMany,
  stopSharing: async () => (await import("./consent/stop-sharing.ts")).stopSharing,
  signStopSharing: async () => (await import("./consent/stop-sharing.ts")).signStopSharing,
  exclude: async () => (await import("./consent/exclude-provider.ts")).excludeProvider,
  readmit: async () => (await import("./consent/readmit-provider.ts")).readmitProvider,
  exclusionOf: async () => (await import("./consent/exclusion-of.ts")).exclusionOf,
  request: async () => (await import("./consent/request-consent.ts")).requestConsent,
  muteRequests: async () => (await import("./consent/mute-requests.ts")).muteRequests,
  unmuteRequests: async () => (await import("./consent/unmute-requests.ts")).unmuteRequests,
  share: async () => (await import("./consent/share-consent.ts")).shareConsent,
  unshare: async () => (await import("./consent/unshare-consent.ts")).unshareConsent,
  cutShare: async () => (await import("./consent/cut-share.ts")).cutShare,
  uncutShare: async () => (await import("./consent/uncut-share.ts")).uncutShare,
  shareOf: async () => (await import("./consent/share-of.ts")).shareOf,
};

const lazyRecords = {
  add: async () => (await import("./records/add-record.ts")).addRecord,
  addBundle: async () => (await import("./records/add-bundle.ts")).addBundle,
  amend: async () => (await import("./records/amend-record.ts")).amendRecord,
  uploads: async () => (await import("./records/list-uploads.ts")).listUploads,
  discardUpload: async () => (await import("./records/discard-upload.ts")).discardUpload,
  publish: async () => (await import("./records/publish-record.ts")).publishRecord,
  retract: async () => (await import("./records/retract-record.ts")).retractRecord,
  read: async () => (await import("./records/read-record.ts")).readRecord,
  readStream: async () => (await import("./records/read-record.ts")).readRecordStream,
  sync: async () => (await import("./records/sync-records.ts")).syncRecords,
  reseal: async () => (await import("./records/reseal-records.ts")).resealRecords,
  export: async () => (await import("./records/export-records.ts")).exportRecords,
  import: async () => (await import("./records/import-records.ts")).importRecords,
  prove: async () => (await import("./records/prove-record.ts")).proveRecord,
  verify: async () => (await import("./records/verify-record.ts")).verifyRecord,
  restrict: async () => (await import("./records/restrict-series.ts")).restrictSeries,
  unrestrict: async () => (await import("./records/unrestrict-series.ts")).unrestrictSeries,
  dispute: async () => (await import("./records/dispute-series.ts")).disputeSeries,
  withdrawDispute: async () => (await import("./records/withdraw-dispute.ts")).withdrawDispute,
  requestErasure: async () => (await import("./records/request-erasure.ts")).requestErasure,
  cancelErasure: async () => (await import("./records/cancel-erasure.ts")).cancelErasure,
  confirmErasure: async () => (await import("./records/confirm-erasure.ts")).confirmErasure,
  deferErasure: async () => (await import("./records/defer-erasure.ts")).deferErasure,
  stateOf: async () => (await import("./records/series-state-of.ts")).seriesStateOf,
  sign: async () => (await import("./records/sign-series-decision.ts")).signSeriesDecision,
  submit: async () => (await import("./records/sign-series-decision.ts")).submitSignedSeriesDecision,
};

const lazyAccess = {
  open: async () => (await import("./access/chart.ts")).openChart,
  explainDelegate: async () => (await import("./access/explain-delegate.ts")).explainDelegate,
  openAsDelegate: async () => (await import("./access/open-delegate-chart.ts")).openDelegateChart,
  prepareEmergency: async () => (await import("./access/emergency-request.ts")).prepareEmergency,
  coSignEmergency: async () => (await import("./access/sign-emergency-co-signature.ts")).signEmergencyCoSignature,
  openInEmergency: async () => (await import("./access/open-emergency-chart.ts")).openEmergencyChart,
  reviewEmergency: async () => (await import("./access/review-emergency.ts")).reviewEmergency,
  dispute: async () => (await import("./access/dispute-access.ts")).disputeAccess,
  withdrawDispute: async () => (await import("./access/dispute-access.ts")).withdrawAccessDispute,
};
const lazyAudit = {
  releases: async () => (await import("./audit/receipts.ts")).releaseTrail,
  proveReceipt: async () => (await import("./audit/prove-receipt.ts")).proveReceipt,
  verifyReceipt: async () => (await import("./audit/verify-receipt.ts")).verifyReceipt,
};

async function* listLazily(
  client: Client,
  parameters: Parameters<typeof ListRecordsVerb>[1],
): AsyncIterable<ListedOwnRecord> {
  const { listRecords } = await import("./records/list-records.ts");
  yield* listRecords(client, parameters);
}

async function* trailLazily(client: Client, parameters: Parameters<typeof TrailVerb>[1]): ReturnType<typeof TrailVerb> {
  const { trail } = await import("./audit/trail.ts");
  yield* trail(client, parameters);
}

async function* addManyLazily(
  client: Client,
  parameters: Parameters<typeof AddManyVerb>[1],
): ReturnType<typeof AddManyVerb> {
  const { addMany } = await import("./records/add-many.ts");
  yield* addMany(client, parameters);
}

/** Hangs every verb on one object, in its group. Import single verbs instead where bundle size counts. */
export function withActions(client: Client) {
  return {
    client,
    identity: {
      ...bindAll(client, {
        ...{ signRegistration, submitSignedRegistration, findPatient, ownerKeyHashOf, revokeAll },
        ...{ signProviderAdmission, admitProvider, findProvider, suspendProvider, reinstateProvider, retireProvider },
        ...{ grantAuthorship, revokeAuthorship, grantEmergency, revokeEmergency },
        ...{ proposeAffiliation, acceptAffiliation, endAffiliation, affiliationOf },
        ...{ signProviderKey, addProviderKey, removeProviderKey },
      }),
      ...bindLazily(client, lazyIdentity),
    },
    consent: {
      ...bindAll(client, {
        ...{ grant: grantConsent, revoke: revokeConsent, revokeAll, of: consentOf, isPermitted },
      }),
      ...bindLazily(client, lazyConsent),
    },
    records: { ...bindLazily(client, lazyRecords), ...bindAll(client, { list: listLazily, addMany: addManyLazily }) },
    access: { ...bindAll(client, { explain: explainAccess }), ...bindLazily(client, lazyAccess) },
    audit: { ...bindAll(client, { trail: trailLazily }), ...bindLazily(client, lazyAudit) },
  };
}

export type ClientWithActions = ReturnType<typeof withActions>;

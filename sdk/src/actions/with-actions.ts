import { explainAccess } from "./access/explain-access.ts";
import { openChart } from "./access/chart.ts";
import { releaseTrail } from "./audit/receipts.ts";
import { trail } from "./audit/trail.ts";
import type { Client } from "./client.ts";
import { consentOf } from "./consent/consent-of.ts";
import { grantConsent } from "./consent/grant-consent.ts";
import { isPermitted } from "./consent/is-permitted.ts";
import { revokeConsent } from "./consent/revoke-consent.ts";
import { signConsent } from "./consent/sign-consent.ts";
import { submitSignedConsent } from "./consent/submit-signed-consent.ts";
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
import { publishOwnerKey } from "./identity/publish-owner-key.ts";
import { proposeAffiliation } from "./identity/propose-affiliation.ts";
import { registerPatient } from "./identity/register-patient.ts";
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
import { addRecord } from "./records/add-record.ts";
import { listRecords } from "./records/list-records.ts";
import { proveRecord } from "./records/prove-record.ts";
import { publishRecord } from "./records/publish-record.ts";
import { readRecord } from "./records/read-record.ts";
import { retractRecord } from "./records/retract-record.ts";
import { syncRecords } from "./records/sync-records.ts";
import { verifyRecord } from "./records/verify-record.ts";

/** The same verb without its first argument. */
type Bound<Verb> = Verb extends (client: Client, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;
type BoundAll<Verbs> = { readonly [Name in keyof Verbs]: Bound<Verbs[Name]> };

function bindAll<Verbs extends Record<string, (client: Client, ...rest: never[]) => unknown>>(
  client: Client,
  verbs: Verbs,
): BoundAll<Verbs> {
  return Object.fromEntries(
    Object.entries(verbs).map(([name, verb]) => [name, verb.bind(undefined, client)]),
  ) as unknown as BoundAll<Verbs>;
}

/** Hangs every verb on one object, in its group. Import single verbs instead where bundle size counts. */
export function withActions(client: Client) {
  return {
    client,
    identity: bindAll(client, {
      ...{ registerPatient, signRegistration, submitSignedRegistration, findPatient, ownerKeyHashOf, publishOwnerKey, revokeAll },
      ...{ signProviderAdmission, admitProvider, findProvider, suspendProvider, reinstateProvider, retireProvider },
      ...{ grantAuthorship, revokeAuthorship, grantEmergency, revokeEmergency },
      ...{ proposeAffiliation, acceptAffiliation, endAffiliation, affiliationOf },
      ...{ signProviderKey, addProviderKey, removeProviderKey },
    }),
    consent: bindAll(client, {
      ...{ grant: grantConsent, revoke: revokeConsent, revokeAll, of: consentOf, isPermitted },
      ...{ sign: signConsent, submit: submitSignedConsent },
    }),
    records: bindAll(client, {
      ...{ add: addRecord, publish: publishRecord, retract: retractRecord },
      ...{ list: listRecords, read: readRecord, sync: syncRecords, prove: proveRecord, verify: verifyRecord },
    }),
    access: bindAll(client, { open: openChart, explain: explainAccess }),
    audit: bindAll(client, { trail, releases: releaseTrail }),
  };
}

export type ClientWithActions = ReturnType<typeof withActions>;

import { batchVerbs } from "./verbs/batches.ts";
import { consentVerbs } from "./verbs/consents.ts";
import { delegateVerbs } from "./verbs/delegates.ts";
import { emergencyVerbs } from "./verbs/emergencies.ts";
import { logVerbs } from "./verbs/logs.ts";
import { officeVerbs } from "./verbs/offices.ts";
import { patientVerbs } from "./verbs/patients.ts";
import { providerVerbs } from "./verbs/providers.ts";
import { recordVerbs } from "./verbs/records.ts";
import { seriesVerbs } from "./verbs/series.ts";
import { sessionVerbs } from "./verbs/sessions.ts";
import { shareVerbs } from "./verbs/shares.ts";
import type { Verb } from "./verbs/verb.ts";

/** Every verb a patient or a clinician uses, each from a scene where nothing of its own was ever stored unless it says so. */
export const verbs: readonly Verb[] = [
  ...patientVerbs,
  ...delegateVerbs,
  ...consentVerbs,
  ...batchVerbs,
  ...shareVerbs,
  ...providerVerbs,
  ...recordVerbs,
  ...logVerbs,
  ...seriesVerbs,
  ...sessionVerbs,
  ...emergencyVerbs,
  ...officeVerbs,
];

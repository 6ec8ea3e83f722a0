import { ofConsents } from "./of-consents.ts";
import { ofGuardians } from "./of-guardians.ts";
import { ofPatients } from "./of-patients.ts";
import { ofProviders } from "./of-providers.ts";
import { ofRecords } from "./of-records.ts";
import type { Specimen } from "./specimen.ts";

/** Every decision that can be signed. */
export const specimens: readonly Specimen[] = [
  ...ofPatients,
  ...ofGuardians,
  ...ofConsents,
  ...ofRecords,
  ...ofProviders,
];

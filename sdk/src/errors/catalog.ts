import { chainErrors } from "./catalog/chain.ts";
import { cryptoErrors } from "./catalog/crypto.ts";
import { fhirErrors } from "./catalog/fhir.ts";
import { inputErrors } from "./catalog/input.ts";
import { outboxErrors } from "./catalog/outbox.ts";
import { recordErrors } from "./catalog/records.ts";
import { serviceErrors } from "./catalog/services.ts";
import { stewardErrors } from "./catalog/stewards.ts";
import { storageErrors } from "./catalog/storage.ts";
import { witnessErrors } from "./catalog/witness.ts";

/** Every error code with its words; `docs/errors.md` is generated from it. */
export const errorCatalog = {
  ...inputErrors,
  ...chainErrors,
  ...cryptoErrors,
  ...recordErrors,
  ...outboxErrors,
  ...storageErrors,
  ...stewardErrors,
  ...serviceErrors,
  ...fhirErrors,
  ...witnessErrors,
};

export type ErrorCode = keyof typeof errorCatalog;

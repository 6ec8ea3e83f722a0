import type { ErrorDescriptor } from "../descriptor.ts";

/** Clinical content that cannot be read. */
export const fhirErrors = {
  FHIR_MALFORMED_JSON: {
    message: "This file is not readable: it is not valid JSON.",
    remedy: "Export the health data again as FHIR R4 JSON, and check that the file is complete.",
  },
  FHIR_NOT_A_RESOURCE: {
    message: "This is not a FHIR resource.",
    remedy: "Pass one FHIR R4 resource: a JSON object with a resourceType.",
  },
  FHIR_NOT_A_BUNDLE: {
    message: "This is not a FHIR bundle.",
    remedy: "Pass a FHIR R4 Bundle: a JSON object with resourceType Bundle and a list of entries.",
  },
  FHIR_NO_ENTRIES: {
    message: "This bundle is empty.",
    remedy: "Export the health data again; a bundle must hold at least one entry.",
  },
  FHIR_MISSING_RESOURCE_TYPE: {
    message: "An entry of this bundle does not say what kind of record it is.",
    remedy: "Correct or remove the entry named here: each resource needs a resourceType.",
  },
} as const satisfies Record<string, ErrorDescriptor>;

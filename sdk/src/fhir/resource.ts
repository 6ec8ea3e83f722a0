/**
 * The little of FHIR R4 that this module relies on. Structural, so that resources of any FHIR type library fit without
 * the SDK depending on one; everything else is read as unknown.
 */
export interface FhirResource {
  readonly resourceType: string;
  readonly id?: string | undefined;
  readonly meta?: FhirMeta | undefined;
}

export interface FhirMeta {
  readonly security?: readonly FhirCoding[] | undefined;
}

export interface FhirCoding {
  readonly system?: string | undefined;
  readonly code?: string | undefined;
  readonly display?: string | undefined;
}

export interface FhirBundle {
  readonly resourceType: string;
  readonly type?: string | undefined;
  readonly entry?: readonly FhirBundleEntry[] | undefined;
}

export interface FhirBundleEntry {
  readonly fullUrl?: string | undefined;
  readonly resource?: FhirResource | undefined;
}

/** Finds the resource that a reference such as `Medication/1` names. */
export type Resolve = (reference: string) => FhirResource | undefined;

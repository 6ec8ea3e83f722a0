import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import { consentTime } from "../../core/time.ts";
import type { Address, Moment, Transacted } from "../../core/types.ts";
import type { AppointedKind } from "../../typed-data/index.ts";
import type { Client } from "../client.ts";
import { decideForPatient } from "./decide-for-patient.ts";

export interface AppointDelegateParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly delegate: Address;
  /** A proxy decides and reads now; an executor ends permissions and reads once the patient's death was attested and a month passed. */
  readonly as: AppointedKind;
  /** The first moment without power, in whole minutes. */
  readonly until: Moment;
}

/**
 * Lets somebody act for the patient until a date, from the next second on. They never hold the keys, and change neither who controls the record
 * nor who else acts for it. @throws INPUT_INVALID_TIME, CLIENT_SIGNER_MISSING, CHAIN_REVERTED …
 */
export async function appointDelegate(
  client: Client,
  { patient, delegate, as, until, signal }: AppointDelegateParameters,
): Promise<Transacted> {
  const decision = { kind: "appoint-delegate", delegate, as, until: consentTime(until) } as const;
  return decideForPatient(client, { patient, decision, signal });
}

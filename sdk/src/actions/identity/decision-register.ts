import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import { patientChanges } from "../../typed-data/index.ts";
import type { Client } from "../client.ts";
import { isRestrictive, type PatientDecision } from "./patient-decision.ts";

/** When the last decision on the register of this one was signed. */
async function asOf({ contracts }: Client, patient: PatientId, decision: PatientDecision): Promise<number> {
  const { patientRegistry } = contracts;
  const ofChange = async (change: (typeof patientChanges)[number]) =>
    Number((await patientRegistry.changeOf(patient, patientChanges.indexOf(change))).asOf);
  switch (decision.kind) {
    case "change-controller":
      return ofChange("controller");
    case "rotate-owner-key":
      return ofChange("owner-key");
    case "set-trustees":
      return ofChange("trustees");
    case "cancel-change":
      return ofChange(decision.change);
    case "set-key-header":
      return Number((await patientRegistry.keyHeaderOf(patient)).asOf);
    case "opt-out-of-emergency":
    case "opt-in-to-emergency":
      return Number(await patientRegistry.optOutAsOf(patient));
    case "appoint-delegate":
    case "dismiss-delegate":
      return Number((await patientRegistry.delegateOf(patient, decision.delegate)).asOf);
    default:
      return 0;
  }
}

/** Approvals and claims have no register, and are bound by no floor. */
const unbound: ReadonlySet<PatientDecision["kind"]> = new Set(["approve-proposal", "claim-at-majority"]);

/** The first second in which a decision counts: later than what it replaces, or as late where it narrows. */
export async function firstSecondOf(
  client: Client,
  patient: PatientId,
  decision: PatientDecision,
  { signal }: AbortOptions,
): Promise<number> {
  if (unbound.has(decision.kind)) return 0;
  const last = await readContract(client, () => asOf(client, patient, decision), { signal });
  if (decision.kind !== "revoke-all" && isRestrictive(decision)) return last;
  const head = await readContract(client, () => client.contracts.patientRegistry.headOf(patient), { signal });
  return Math.max(last, Number(head.signedFloor)) + 1;
}

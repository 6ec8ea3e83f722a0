export { planHashOf, planOfText } from "../ceremony/index.ts";

import type { Subject } from "../service/certificates.ts";
import type { TlsFiles } from "../service/index.ts";

export type { Subject } from "../service/certificates.ts";
export {
  createLogger,
  endInOrder,
  faultFields,
  guardProcess,
  type Logger,
  peerFetch,
  peersOnly,
  type TlsFiles,
} from "../service/index.ts";
export {
  readStewardConfiguration,
  type StewardServiceConfiguration,
  type StewardServiceFile,
} from "./configuration.ts";
export { runStewardService, type StewardService, type StewardServiceOptions } from "./run-steward-service.ts";

/** See `service/certificates.ts`; loaded when first needed, for no running steward does. @throws SERVICE_CERTIFICATE_INVALID */
export async function makeCertificates(folder: string, subjects: readonly Subject[]): Promise<readonly TlsFiles[]> {
  const made = await import("../service/certificates.ts");
  return made.makeCertificates(folder, subjects);
}
export {
  approveCeremony,
  ceremonyCard,
  ceremonyPlan,
  coordinateCeremony,
  type PlanParameters,
} from "./ceremony-commands.ts";

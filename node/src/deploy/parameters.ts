import type { Address, FinalityPolicy } from "@anamnesis/sdk";
import type { RoleName } from "./roles.ts";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Delays and caps, in whole seconds or counts; the defaults are those of the protocol. */
export const defaultLimits = {
  /** From `signedAt` to `deadline`, at most. */
  authorizationLifetime: 7 * day,
  /** How far away a consent's end may lie: ten years with their leap days. */
  consentDuration: 3_653 * day,
  /** From the announcement of what a patient could lose by until it takes effect: controller, trustees, owner key, erasure. */
  patientDelay: 7 * day,
  /** How long a freeze lasts, a freeze, an executor and a vetoed recovery wait, and trustees' approvals count. */
  patientWindow: 30 * day,
  /** From the announcement of a key for a provider that lost one until it counts. */
  keyDelay: 7 * day,
  sessionLifetime: 12 * hour,
  /** From the beginning to the end of an emergency session, at most. */
  emergencyLifetime: 4 * hour,
  /** Refusals logged for one calling provider in a day. */
  denialsPerDay: 32,
  /** From the publication of a new committee key until it counts. */
  newKeyDelay: 7 * day,
  /** What the emergency officer announces ahead. */
  emergencyDelay: 24 * hour,
} as const;

export type Limits = { readonly [name in keyof typeof defaultLimits]: number };

/** Who holds the roles (the deployer where nothing is said), what differs from the default limits, and how the network behaves. */
export interface DeploymentParameters extends Partial<Limits>, Partial<Readonly<Record<RoleName, Address>>> {
  readonly deployer?: Address;
  readonly admin?: Address;
  readonly network: {
    readonly name: string;
    readonly nodes: readonly string[];
    readonly finality: FinalityPolicy;
    /** Milliseconds between blocks. */
    readonly blockTime: number;
    readonly embedded?: boolean;
  };
  /** Version of the sources. */
  readonly commit?: string;
  /** Where Ignition keeps its journal, so that an interrupted deployment goes on; in memory where nothing is said. */
  readonly journal?: string;
  /** The folder of the compiled contracts; `artifacts` of this repository where nothing is said. */
  readonly artifacts?: string;
}

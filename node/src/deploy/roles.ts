import { id } from "ethers";

/** An office of the AccessManager, and the functions it alone may call. `ADMIN` (0) appoints the others. */
export interface Role {
  readonly id: bigint;
  readonly label: string;
  readonly contract: "accessGate" | "patientRegistry" | "providerRegistry" | "stewardCommittee";
  readonly functions: readonly string[];
}

const authorization = "(address,uint40,uint40,bytes)";
const member = "(bytes32,address,bytes32,bytes32,string)";

export const adminRole = 0n;

export const roles = {
  /**
   * Admits and suspends. It also takes the emergency privilege away: what narrows access must not wait out the delay of the role that
   * widens it.
   */
  registrar: {
    id: 1n,
    label: "REGISTRAR",
    contract: "providerRegistry",
    functions: [
      `register((bytes32,uint8,bytes32,bytes32,bytes32),${authorization})`,
      "suspend(bytes32)",
      "reinstate(bytes32)",
      "retire(bytes32)",
      "grantAuthorship(bytes32)",
      "revokeAuthorship(bytes32)",
      "revokeEmergency(bytes32)",
      `announceKeyReplacement(bytes32,address,${authorization})`,
    ],
  },
  /** Gives the emergency privilege, announced a day ahead, so that one stolen key makes no emergency doctors. */
  emergencyOfficer: {
    id: 2n,
    label: "EMERGENCY_OFFICER",
    contract: "providerRegistry",
    functions: ["grantEmergency(bytes32)"],
  },
  /** Reviews what was opened in an emergency. */
  privacyOfficer: {
    id: 4n,
    label: "PRIVACY_OFFICER",
    contract: "accessGate",
    functions: ["reviewEmergency(bytes32,bool)"],
  },
  /** Attests death and majority, replaces a minor's guardian, and judges a recovery that the patient's wallet vetoed. */
  recoveryOfficer: {
    id: 5n,
    label: "RECOVERY_OFFICER",
    contract: "patientRegistry",
    functions: [
      "attestDeath(bytes32)",
      "attestMajority(bytes32,address)",
      "endorseRecovery(bytes32,address,bytes32)",
      `replaceGuardian(bytes32,address,${authorization})`,
    ],
  },
  /** Publishes the very first committee; later ones answer to their predecessors. */
  committeeAdmin: {
    id: 3n,
    label: "COMMITTEE_ADMIN",
    contract: "stewardCommittee",
    functions: [`publish((bytes32,bytes32,uint32,uint8,${member}[]),bytes[],(uint8,bytes)[])`],
  },
} as const satisfies Record<string, Role>;

export type RoleName = keyof typeof roles;

export const selectorsOf = (role: Role): string[] => role.functions.map((signature) => id(signature).slice(0, 10));

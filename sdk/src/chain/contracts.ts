import { Contract, type ContractRunner, type InterfaceAbi } from "ethers";
import type { ContractAddresses, ContractName } from "../core/types.ts";
import {
  accessGateAbi,
  consentRegistryAbi,
  logRegistryAbi,
  patientRegistryAbi,
  providerRegistryAbi,
  recordRegistryAbi,
  stewardCommitteeAbi,
} from "../generated/abi/index.ts";
import type {
  AccessGate,
  ConsentRegistry,
  LogRegistry,
  PatientRegistry,
  ProviderRegistry,
  RecordRegistry,
  StewardCommittee,
} from "../generated/types/index.ts";
import { type AccessManager, accessManagerAbi } from "./access-manager.ts";

/** The network's contracts, typed by TypeChain. */
export interface Contracts {
  readonly accessManager: AccessManager;
  readonly patientRegistry: PatientRegistry;
  readonly providerRegistry: ProviderRegistry;
  readonly consentRegistry: ConsentRegistry;
  readonly recordRegistry: RecordRegistry;
  readonly accessGate: AccessGate;
  readonly stewardCommittee: StewardCommittee;
  readonly logRegistry: LogRegistry;
}

const abis = {
  accessManager: accessManagerAbi,
  patientRegistry: patientRegistryAbi,
  providerRegistry: providerRegistryAbi,
  consentRegistry: consentRegistryAbi,
  recordRegistry: recordRegistryAbi,
  accessGate: accessGateAbi,
  stewardCommittee: stewardCommitteeAbi,
  logRegistry: logRegistryAbi,
} as const satisfies Record<ContractName, InterfaceAbi>;

export const contractNames = /* @__PURE__ */ Object.keys(abis) as readonly ContractName[];

/** All ABIs, for whoever decodes what came from an unknown one of them. */
export const contractAbis: readonly InterfaceAbi[] = /* @__PURE__ */ Object.values(abis);

/** Each contract is built at its first use: parsing an ABI costs milliseconds. */
export function contractsAt(addresses: ContractAddresses, runner: ContractRunner): Contracts {
  const built: Partial<Record<ContractName, Contract>> = {};
  const target = {};
  for (const name of contractNames) {
    Object.defineProperty(target, name, {
      enumerable: true,
      get: () => (built[name] ??= new Contract(addresses[name], abis[name], runner)),
    });
  }
  return target as Contracts;
}

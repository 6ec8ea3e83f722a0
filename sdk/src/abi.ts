/** The contracts' ABIs as constants: what indexers and other libraries read. */
export {
  accessGateAbi,
  consentRegistryAbi,
  logRegistryAbi,
  patientRegistryAbi,
  providerRegistryAbi,
  recordRegistryAbi,
  stewardCommitteeAbi,
} from "./generated/abi/index.ts";

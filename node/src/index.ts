export * from "./ceremony/index.ts";
export {
  type DeploymentParameters,
  type DeploymentWithRoles,
  defaultLimits as defaultDeploymentLimits,
  deployAnamnesis,
  deployedContracts,
  roles as deploymentRoles,
  writeDeployment,
} from "./deploy/index.ts";
export type { LocalAccount } from "./local-network/accounts.ts";
export type { LocalStewards } from "./local-network/local-stewards.ts";
export {
  type ConnectOptions,
  type LocalNetwork,
  type LocalNetworkOptions,
  type LocalNetworkStage,
  type LocalProvider,
  startLocalNetwork,
} from "./local-network/start-local-network.ts";
export * from "./outbox/index.ts";
export * from "./steward/index.ts";
export * from "./steward-service/index.ts";
export { blockFile } from "./storage/block-file.ts";
export { openEmbeddedStore } from "./storage/embedded-store.ts";
export { type AdmittedEnvelope, openStewardStore, type StewardStore, sqliteEnvelopeStore } from "./stores/index.ts";
export * from "./witness/index.ts";

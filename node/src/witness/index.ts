export { type Alarm, type AlarmKind, wordsOf as alarmWords } from "./alarms.ts";
export type { WitnessNode } from "./chain-events.ts";
export {
  type Checkpoint,
  type Cosignature,
  cosignCheckpoint,
  openCheckpoint,
  originOf,
  verifierKey,
} from "./checkpoint.ts";
export type { LogSource } from "./follow-logs.ts";
export { type NetworkWitness, type NetworkWitnessParameters, openNetworkWitness } from "./open-network-witness.ts";
export { reportText, type WitnessReport } from "./report.ts";
export type { BodySource, StoredBody } from "./sample-bodies.ts";
export { outboxLogs, stewardLogs, storedBodies } from "./sources.ts";
export {
  createWitness,
  defaultWitnessLimits,
  type Witness,
  type WitnessLimits,
  type WitnessParameters,
} from "./witness.ts";
export { openWitnessStore, type WitnessedLog, type WitnessStore } from "./witness-store.ts";

export type { LaneLimits } from "./author-lane.ts";
export { type NetworkOutboxParameters, openNetworkOutbox } from "./open-network-outbox.ts";
export {
  defaultOutboxLimits,
  type OpenOutbox,
  type OutboxLimits,
  type OutboxParameters,
  type OutboxState,
  openOutbox,
} from "./open-outbox.ts";

import {
  createChainWriter,
  createLogAnchoring,
  httpJsonRpc,
  keepAnchoring,
  type ReceiptLog,
} from "../steward/index.ts";
import type { StewardStore } from "../stores/steward-store.ts";
import { accountIn } from "./account-in.ts";
import type { StewardServiceConfiguration } from "./configuration.ts";

/**
 * Anchors a steward's log as configured, until it is stopped; nothing where no account is.
 * @throws SERVICE_CONFIGURATION_INVALID
 */
export function keptLog(parameters: {
  readonly configuration: StewardServiceConfiguration;
  readonly log: ReceiptLog;
  readonly store: StewardStore;
  readonly onFault: (error: unknown) => void;
}): { stop(): Promise<void> } {
  const { configuration, log, store, onFault } = parameters;
  const { deployment, nodes } = configuration;
  if (configuration.log === undefined) return { stop: async () => undefined };
  const { account, every } = configuration.log;
  const anchoring = createLogAnchoring({
    log,
    store,
    account: accountIn("log.account", account),
    writer: createChainWriter(httpJsonRpc(nodes[0] as string)),
    chainId: deployment.description.chainId,
    logRegistry: deployment.contracts.logRegistry,
  });
  return keepAnchoring({ anchoring, every: 1_000 * every, onFault });
}

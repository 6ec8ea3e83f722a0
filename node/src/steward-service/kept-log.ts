import { readFileSync } from "node:fs";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import { Wallet } from "ethers";
import {
  createChainWriter,
  createLogAnchoring,
  httpJsonRpc,
  keepAnchoring,
  type ReceiptLog,
  type TransactionSigner,
} from "../steward/index.ts";
import type { StewardStore } from "../stores/steward-store.ts";
import type { StewardServiceConfiguration } from "./configuration.ts";

/**
 * The account that anchors, from a file with its private key: 0x and 64 hex digits. It pays for transactions and opens nothing.
 * @throws SERVICE_CONFIGURATION_INVALID naming the key of the configuration, never the account's
 */
function accountIn(path: string): TransactionSigner {
  try {
    return new Wallet(readFileSync(path, "utf8").trim());
  } catch {
    const details = { key: "log.account", expected: "a readable file with a private key of 32 bytes in hex" };
    throw new AnamnesisError("SERVICE_CONFIGURATION_INVALID", details);
  }
}

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
    account: accountIn(account),
    writer: createChainWriter(httpJsonRpc(nodes[0] as string)),
    chainId: deployment.description.chainId,
    logRegistry: deployment.contracts.logRegistry,
  });
  return keepAnchoring({ anchoring, every: 1_000 * every, onFault });
}

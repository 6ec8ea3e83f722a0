import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BrowserProvider, HDNodeWallet, Mnemonic } from "ethers";
import { createLogAnchoring, type TransactionSigner } from "../../../node/src/steward/anchor-log.ts";
import { type ChainWriter, createChainWriter } from "../../../node/src/steward/chain-writer.ts";
import { createReceiptLog, type ReceiptLog } from "../../../node/src/steward/receipt-log.ts";
import { openStewardStore } from "../../../node/src/stores/open-steward-store.ts";
import type { StewardStore } from "../../../node/src/stores/steward-store.ts";
import { type Client, createClient } from "../../../sdk/src/actions/client.ts";
import { type Hex, randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import { ethers, rpc, type World } from "./world.ts";

const phrase = "test test test test test test test test test test test junk";

/** The key of a steward's provider: the accounts of `createWorld`, here able to sign without the node. */
export const accountOf = (steward: number): HDNodeWallet =>
  HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(phrase), `m/44'/60'/0'/0/${6 + steward}`);

export const ownerOf = (world: World, steward: number): Hex =>
  (world.publication.committee.members[steward] as { readonly provider: Hex }).provider;

export function receiptLogOf(world: World, steward: number, store: StewardStore): ReceiptLog {
  const { node, clock } = world;
  return createReceiptLog({ store, nodes: [node], owner: ownerOf(world, steward), clock, limits: { headAge: 600 } });
}

export function anchoringOf(
  world: World,
  steward: number,
  store: StewardStore,
  changes: { readonly account?: TransactionSigner; readonly writer?: ChainWriter } = {},
) {
  return createLogAnchoring({
    log: receiptLogOf(world, steward, store),
    store,
    account: accountOf(steward),
    writer: createChainWriter(rpc),
    chainId: 31_337,
    logRegistry: world.contracts.addresses.logRegistry,
    ...changes,
  });
}

/** A receipt's row; what is in it does not matter to a log. */
export const anyReceipt = () => ({
  receiptId: toHex(randomBytes(32)),
  requestHash: toHex(randomBytes(32)),
  patient: toHex(randomBytes(32)) as PatientId,
  encoded: randomBytes(60),
});

export async function appendReceipts(store: StewardStore, count: number): Promise<readonly Uint8Array[]> {
  const rows = Array.from({ length: count }, anyReceipt);
  for (const row of rows) await store.appendReceipt(row);
  return rows.map(({ encoded }) => encoded);
}

/** Heads of a log on the chain, oldest first. */
export async function headsOnChain({ contracts }: World, owner: Hex) {
  const events = await contracts.logs.queryFilter(contracts.logs.filters.LogAnchored(owner));
  return events.map(({ args, blockNumber, transactionHash }) => {
    return { size: Number(args.size), root: args.root, block: blockNumber, transaction: transactionHash };
  });
}

/** A client that only asks the chain of the world. */
export async function askingClient({ contracts, system }: World): Promise<Client> {
  const request = ({ method, params }: { method: string; params?: unknown }) =>
    rpc(method, (params ?? []) as unknown[]);
  return createClient({
    deployment: {
      version: 1,
      description: {
        name: "test",
        chainId: 31_337,
        nodes: [],
        finality: { kind: "instant" },
        blockTime: 1_000,
        embedded: true,
      },
      contracts: contracts.addresses,
      block: 0,
      system,
    },
    provider: new BrowserProvider({ request }),
  });
}

/** A folder for database files, and what opens them. */
export function storeFolder() {
  const directory = mkdtempSync(join(tmpdir(), "anamnesis-receipt-log-"));
  const opened: StewardStore[] = [];
  return {
    path: (name: string) => join(directory, `${name}.sqlite`),
    async open(name: string): Promise<StewardStore> {
      const store = await openStewardStore(`sqlite:${join(directory, `${name}.sqlite`)}`);
      opened.push(store);
      return store;
    },
    async remove(): Promise<void> {
      for (const store of opened) await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export { ethers };

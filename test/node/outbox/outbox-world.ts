import type { Hex } from "@anamnesis/sdk";
import type { HDNodeWallet } from "ethers";
import { type OutboxParameters, openOutbox } from "../../../node/src/outbox/open-outbox.ts";
import {
  createChainReader,
  createChainWriter,
  httpJsonRpc,
  type StewardNode,
} from "../../../node/src/steward/index.ts";
import { actionsFor } from "../../support/actors.ts";
import { type LocalChain, localChain, testChainId } from "../../support/local-chain.ts";

export interface Author {
  readonly owner: Hex;
  readonly account: HDNodeWallet;
}

let named = 0;

/** Providers whose accounts can sign without a node. */
export async function authorsOn(chain: LocalChain, count: number): Promise<Author[]> {
  const registrar = await actionsFor(chain, chain.registrar);
  const authors: Author[] = [];
  for (let i = 0; i < count; i++) {
    const account = chain.newWallet();
    const actions = await actionsFor(chain, account);
    const name = `Laboratory ${String.fromCharCode(...[...`${named++}`].map((digit) => 97 + 2 * Number(digit)))}`;
    const admission = await actions.identity.signProviderAdmission({ name, kind: "laboratory" });
    const { provider } = await registrar.identity.admitProvider({ admission });
    authors.push({ owner: provider, account });
  }
  return authors;
}

export function nodeOf({ url, deployment }: LocalChain): StewardNode {
  const finality = { kind: "instant" } as const;
  return createChainReader({
    name: "evm",
    rpc: httpJsonRpc(url),
    contracts: deployment.contracts,
    finality,
    fromBlock: 0,
  });
}

/** An outbox of this process, quick to look. */
export function outboxOn(chain: LocalChain, authors: readonly Author[], changes: Partial<OutboxParameters> = {}) {
  const { limits, ...rest } = changes;
  return openOutbox({
    path: ":memory:",
    authors,
    nodes: [nodeOf(chain)],
    writer: createChainWriter(httpJsonRpc(chain.url)),
    chainId: testChainId,
    logRegistry: chain.deployment.contracts.logRegistry,
    limits: { batch: 100, batchWithin: 100, every: 25, headAge: 86_400, ...limits },
    ...rest,
  });
}

export { type LocalChain, localChain, testChainId };

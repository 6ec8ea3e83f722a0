import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { JsonRpcProvider, Wallet } from "ethers";
import { requireCapability } from "../../../sdk/src/actions/client.ts";
import { decisionTimes, sendTransaction } from "../../../sdk/src/chain/index.ts";
import { connectNode } from "../../../sdk/src/chain/node.ts";
import { createClient, type Deployment, finalBlock, head, withActions } from "../../../sdk/src/index.ts";
import { actionsFor, registeredPatient, someOwnerKeyHash } from "../../support/actors.ts";
import { eip1193WalletOf } from "../../support/eip1193-wallet.ts";
import { type LocalChain, localChain, testChainId } from "../../support/local-chain.ts";
import { rejection } from "../../support/rejection.ts";

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** A node in front of the real one that may answer some questions itself: a real HTTP hop, so that what is lost or changed is lost on the way. */
async function proxyOf(url: string, answer: (call: Call, forward: () => Promise<unknown>) => Promise<unknown>) {
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on("end", async () => {
      const parsed = JSON.parse(text) as Call | Call[];
      const one = async (call: Call) => {
        const forward = async () => {
          const body = JSON.stringify({ ...call, jsonrpc: "2.0" });
          const got = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
          const { result, error } = (await got.json()) as { result?: unknown; error?: { message: string } };
          if (error) throw Object.assign(new Error(error.message), { rpc: error });
          return result;
        };
        try {
          return { jsonrpc: "2.0", id: call.id, result: await answer(call, forward) };
        } catch (error) {
          if ((error as { drop?: boolean }).drop) throw error;
          return {
            jsonrpc: "2.0",
            id: call.id,
            error: (error as { rpc?: object }).rpc ?? { code: -32000, message: String(error) },
          };
        }
      };
      try {
        const answers = Array.isArray(parsed) ? await Promise.all(parsed.map(one)) : await one(parsed);
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(answers));
      } catch {
        request.socket.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

const drop = () => Object.assign(new Error("dropped"), { drop: true });

describe("chain client", function () {
  this.timeout(60_000);
  let chain: LocalChain;
  const open: { close(): Promise<unknown> }[] = [];
  const proxy = async (answer: Parameters<typeof proxyOf>[1]) => {
    const made = await proxyOf(chain.url, answer);
    open.push(made);
    return made.url;
  };

  before(async () => {
    chain = await localChain();
  });
  after(() => Promise.all(open.map((each) => each.close())));

  const describedAs = (change: Partial<Deployment["description"]>): Deployment => ({
    ...chain.deployment,
    description: { ...chain.deployment.description, ...change },
  });

  describe("createClient", () => {
    it("takes URLs, an ethers provider, the deployment's nodes or the signer's own node", async () => {
      const provider = new JsonRpcProvider(chain.url, undefined, { staticNetwork: true });
      const nodeless = describedAs({ nodes: [] });
      const clients = await Promise.all([
        createClient({ deployment: chain.deployment }),
        createClient({ deployment: nodeless, provider: chain.url }),
        createClient({ deployment: nodeless, provider: [chain.url, chain.url] }),
        createClient({ deployment: nodeless, provider }),
        createClient({ deployment: nodeless, signer: new Wallet(chain.newWallet().privateKey, provider) }),
      ]);
      for (const client of clients) expect((await head(client)).number).to.be.greaterThan(0);
      expect((await rejection(createClient({ deployment: nodeless }))).code).to.equal("CLIENT_PROVIDER_MISSING");
    });

    it("asks at its own pace, where ethers' four seconds would hide a fast chain", async () => {
      const provider = new JsonRpcProvider(chain.url, undefined, { staticNetwork: true });
      expect(provider.pollingInterval).to.equal(4_000);
      await createClient({ deployment: describedAs({ nodes: [] }), provider });
      expect(provider.pollingInterval).to.be.at.most(100);
      const { provider: own } = connectNode(chain.url, chain.deployment.description.chainId);
      expect((own as JsonRpcProvider).pollingInterval).to.be.at.most(100);
    });

    it("refuses another network", async () => {
      const error = await rejection(createClient({ deployment: describedAs({ chainId: 5 }) }));
      expect(error.code).to.equal("CHAIN_WRONG_NETWORK");
      expect(error.details).to.include({ expected: 5, actual: testChainId });
    });

    it("refuses an address without a contract", async () => {
      const address = `0x${"99".repeat(20)}` as const;
      const contracts = { ...chain.deployment.contracts, consentRegistry: address };
      const error = await rejection(createClient({ deployment: { ...chain.deployment, contracts } }));
      expect(error.code).to.equal("CHAIN_CONTRACT_MISSING");
      expect(error.details).to.include({ contract: "consentRegistry", address });
    });

    it("names an unreachable node by its host, and nothing secret of its URL", async () => {
      const provider = "http://user:secret@127.0.0.1:9/key-secret";
      const error = await rejection(createClient({ deployment: chain.deployment, provider }));
      expect(error.code).to.equal("CHAIN_UNREACHABLE");
      expect(error.details["node"]).to.equal("127.0.0.1:9");
      expect(error.message).to.not.contain("secret");
    });

    it("refuses what is no deployment and what cannot sign", async () => {
      const deployment = { ...chain.deployment, version: 2 } as unknown as Deployment;
      expect((await rejection(createClient({ deployment }))).code).to.equal("CLIENT_DEPLOYMENT_INVALID");
      const signer = { address: "0x" } as never;
      expect((await rejection(createClient({ deployment: chain.deployment, signer }))).code).to.equal(
        "CLIENT_SIGNER_UNKNOWN",
      );
    });

    it("capabilities that are missing are named one by one", async () => {
      const client = await createClient({ deployment: chain.deployment });
      const names = ["storage", "stewards", "keyring", "envelopes"] as const;
      const codes = await Promise.all(
        names.map(async (name) => (await rejection((async () => requireCapability(client, name))())).code),
      );
      expect(codes).to.deep.equal([
        "CLIENT_STORAGE_MISSING",
        "CLIENT_STEWARDS_MISSING",
        "CLIENT_KEYRING_MISSING",
        "CLIENT_ENVELOPES_MISSING",
      ]);
    });
  });

  describe("head", () => {
    it("comes from every node, and contradiction is an error", async () => {
      const agreeing = await createClient({
        deployment: describedAs({ nodes: [chain.url, await proxy((_, forward) => forward())] }),
      });
      expect((await head(agreeing)).hash).to.match(/^0x[0-9a-f]{64}$/);
      const lying = await proxy(async ({ method }, forward) => {
        const result = await forward();
        return method === "eth_getBlockByNumber" ? { ...(result as object), hash: `0x${"66".repeat(32)}` } : result;
      });
      const client = await createClient({ deployment: describedAs({ nodes: [chain.url, lying] }) });
      expect((await rejection(head(client))).code).to.equal("CHAIN_NODES_DISAGREE");
    });

    it("a node that claims a far future is not believed, nor one that is stuck", async () => {
      const hurried = await proxy(async ({ method, params }, forward) => {
        const result = (await forward()) as { number: string; timestamp: string };
        if (method !== "eth_getBlockByNumber" || params[0] !== "latest") return result;
        return {
          ...result,
          number: `0x${(Number(result.number) + 1).toString(16)}`,
          timestamp: `0x${(Number(result.timestamp) + 600).toString(16)}`,
        };
      });
      const client = await createClient({ deployment: describedAs({ nodes: [chain.url, hurried] }) });
      const error = await rejection(decisionTimes(client));
      expect(error.code).to.equal("CHAIN_NODES_DISAGREE");
      expect(error.details["behind"]).to.equal(600);
    });

    it("two of three nodes suffice, one of two does not", async () => {
      let isDown = false;
      const failing = await proxy(async (_, forward) => {
        if (isDown) throw drop();
        return forward();
      });
      const three = await createClient({ deployment: describedAs({ nodes: [chain.url, chain.url, failing] }) });
      const two = await createClient({ deployment: describedAs({ nodes: [chain.url, failing] }) });
      isDown = true;
      expect((await head(three)).number).to.be.greaterThan(0);
      expect((await rejection(head(two))).code).to.equal("CHAIN_UNREACHABLE");
    });

    it("a malformed block is not believed", async () => {
      const odd = await proxy(async ({ method }, forward) =>
        method === "eth_getBlockByNumber" ? { number: "7" } : forward(),
      );
      const client = await createClient({ deployment: describedAs({ nodes: [odd] }) });
      expect((await rejection(head(client))).code).to.equal("CHAIN_ANSWER_INVALID");
    });

    it("finality follows the network's rule", async () => {
      const instant = await createClient({ deployment: chain.deployment });
      const deep = await createClient({ deployment: describedAs({ finality: { kind: "depth", blocks: 2 } }) });
      const tagged = await createClient({ deployment: describedAs({ finality: { kind: "tag", tag: "finalized" } }) });
      const newest = await head(instant);
      expect((await finalBlock(instant)).number).to.be.within(newest.number, newest.number + 2);
      expect((await finalBlock(deep)).number).to.be.within(newest.number - 2, newest.number);
      expect((await finalBlock(tagged)).number).to.be.at.most((await head(instant)).number);
    });

    it("waits for the second a decision needs, and gives up in time", async () => {
      const client = await createClient({ deployment: chain.deployment, timeouts: { head: 4_000 } });
      const { time } = await head(client);
      const { signedAt } = await decisionTimes(client, { notBefore: time + 1 });
      expect(signedAt).to.equal(time + 1);
      expect((await head(client)).time).to.be.at.least(signedAt);
      const hasty = await createClient({ deployment: chain.deployment, timeouts: { head: 200 } });
      const error = await rejection(decisionTimes(hasty, { notBefore: time + 10_000 }));
      expect(error.code).to.equal("CHAIN_HEAD_BEHIND");
    });
  });

  describe("sending", () => {
    const register = { ownerKeyHash: someOwnerKeyHash };

    it("an unconfirmed transaction is a time-out that names it, not a hang", async () => {
      const url = await proxy(async ({ method }, forward) =>
        method === "eth_getTransactionReceipt" ? null : forward(),
      );
      const signer = chain.newWallet();
      const client = await createClient({
        deployment: describedAs({ nodes: [url] }),
        signer,
        timeouts: { transaction: 300 },
      });
      const error = await rejection(withActions(client).identity.registerPatient(register));
      expect(error.code).to.equal("CHAIN_TIMEOUT");
      const hash = String(error.details["transaction"]);
      expect((await chain.rpc("eth_getTransactionReceipt", [hash])) as object).to.include({ status: "0x1" });
    });

    it("a nonce used by something else is noticed", async () => {
      const url = await proxy(async ({ method }, forward) =>
        method === "eth_getTransactionReceipt" ? null : forward(),
      );
      const client = await createClient({ deployment: describedAs({ nodes: [url] }), signer: chain.newWallet() });
      const error = await rejection(withActions(client).identity.registerPatient(register));
      expect(error.code).to.equal("CHAIN_REPLACED");
    });

    it("a lost answer is asked for again with the very same bytes, and acts once", async () => {
      let lost = 0;
      const raws: unknown[] = [];
      const url = await proxy(async ({ method, params }, forward) => {
        if (method !== "eth_sendRawTransaction") return forward();
        raws.push(params[0]);
        const result = await forward();
        if (lost++ === 0) throw drop();
        return result;
      });
      const signer = chain.newWallet();
      const actions = withActions(await createClient({ deployment: describedAs({ nodes: [url] }), signer }));
      const { transaction } = await actions.identity.registerPatient(register);
      expect(transaction.blockNumber).to.be.greaterThan(0);
      expect(raws).to.have.length(2);
      expect(raws[0]).to.equal(raws[1]);
      expect(await chain.rpc("eth_getTransactionCount", [signer.address, "latest"])).to.equal("0x1");
    });

    it("a node that vanishes while sending leaves the transaction's name", async () => {
      const url = await proxy(async ({ method }, forward) => {
        if (method === "eth_sendRawTransaction") throw drop();
        return forward();
      });
      const actions = withActions(
        await createClient({ deployment: describedAs({ nodes: [url] }), signer: chain.newWallet() }),
      );
      const error = await rejection(actions.identity.registerPatient(register));
      expect(error.code).to.equal("CHAIN_SEND_UNCERTAIN");
      expect(error.details["transaction"]).to.match(/^0x[0-9a-f]{64}$/);
    });

    it("a nonce taken by another program with the same key is taken anew", async () => {
      let isStale = true;
      const signer = chain.newWallet();
      await registeredPatient(chain, new Wallet(signer.privateKey));
      const url = await proxy(async ({ method }, forward) => {
        if (method !== "eth_getTransactionCount" || !isStale) return forward();
        isStale = false;
        return "0x0";
      });
      const actions = withActions(
        await createClient({ deployment: describedAs({ nodes: [url] }), signer: new Wallet(signer.privateKey) }),
      );
      expect((await actions.identity.registerPatient(register)).patient).to.match(/^0x/);
    });

    it("a transaction that fails in its block says why", async () => {
      const url = await proxy(async ({ method }, forward) => (method === "eth_estimateGas" ? "0x30000" : forward()));
      const actions = withActions(
        await createClient({ deployment: describedAs({ nodes: [url] }), signer: chain.newWallet() }),
      );
      const patient = `0x${"05".repeat(32)}` as never;
      const error = await rejection(actions.identity.revokeAll({ patient }));
      expect(error.code).to.equal("CHAIN_REVERTED");
      expect(error.details).to.include({ error: "PatientNotRegistered", patient });
      expect(error.details["transaction"]).to.match(/^0x[0-9a-f]{64}$/);
    });

    it("a wallet without funds is told so", async () => {
      const actions = await actionsFor(chain, Wallet.createRandom());
      expect((await rejection(actions.identity.registerPatient(register))).code).to.equal("CHAIN_FUNDS_MISSING");
    });

    it("forty sends of one key at once all land, on a chain that mines by the clock", async () => {
      await chain.rpc("evm_setAutomine", [false]);
      try {
        const actions = await actionsFor(chain, chain.newWallet());
        const results = await Promise.all(Array.from({ length: 40 }, () => actions.identity.registerPatient(register)));
        expect(new Set(results.map(({ patient }) => patient)).size).to.equal(40);
        expect(new Set(results.map(({ transaction }) => transaction.blockNumber)).size).to.be.at.most(4);
      } finally {
        await chain.rpc("evm_setAutomine", [true]);
      }
    });
  });

  describe("events", () => {
    it("a range that a node finds too long, or answers only in part, is asked for in pieces", async () => {
      const alice = await registeredPatient(chain);
      await alice.actions.identity.revokeAll({ patient: alice.id });
      const kindsBy = async (url: string) => {
        const reader = withActions(await createClient({ deployment: describedAs({ nodes: [url] }) }));
        const kinds: string[] = [];
        for await (const { kind } of reader.audit.trail({ patient: alice.id })) kinds.push(kind);
        return kinds;
      };
      const lengths: number[] = [];
      const limit = 4;
      const strict = await proxy(async ({ method, params }, forward) => {
        if (method !== "eth_getLogs") return forward();
        const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
        const length = Number(toBlock) - Number(fromBlock) + 1;
        lengths.push(length);
        if (length > limit) throw new Error("query returned more than 10000 results");
        return forward();
      });
      const capped = await proxy(async ({ method, params }, forward) => {
        if (method !== "eth_getLogs") return forward();
        const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
        return Number(toBlock) - Number(fromBlock) < limit ? forward() : Array.from({ length: 10_000 }, () => ({}));
      });
      const expected = ["patient-registered", "everything-revoked"];
      expect(await kindsBy(chain.url)).to.deep.equal(expected);
      expect(await kindsBy(strict)).to.deep.equal(expected);
      expect(await kindsBy(capped)).to.deep.equal(expected);
      expect(Math.max(...lengths)).to.be.greaterThan(limit);
    });
  });

  describe("wallets", () => {
    it("are asked to switch to the network, and may not know it", async () => {
      const key = chain.newWallet();
      const client = await createClient({
        deployment: chain.deployment,
        signer: eip1193WalletOf(key, chain.url, {}, 1),
      });
      const { patient } = await withActions(client).identity.registerPatient({ ownerKeyHash: someOwnerKeyHash });
      expect(patient).to.match(/^0x/);
      const codes = {
        4902: "WALLET_NETWORK_UNKNOWN",
        4001: "SIGNATURE_REFUSED",
        4200: "CHAIN_WRONG_NETWORK",
        [-32002]: "WALLET_BUSY",
      };
      for (const [code, expected] of Object.entries(codes)) {
        const signer = eip1193WalletOf(key, chain.url, { wallet_switchEthereumChain: Number(code) }, 1);
        const actions = withActions(await createClient({ deployment: chain.deployment, signer }));
        expect((await rejection(actions.identity.registerPatient({ ownerKeyHash: someOwnerKeyHash }))).code).to.equal(
          expected,
        );
      }
    });

    it("may refuse to tell their account", async () => {
      const signer = eip1193WalletOf(chain.newWallet(), chain.url, { eth_requestAccounts: 4001 });
      expect((await rejection(createClient({ deployment: chain.deployment, signer }))).code).to.equal(
        "SIGNATURE_REFUSED",
      );
    });
  });

  it("a direct call's data and target are the contract's own", async () => {
    const actor = await registeredPatient(chain);
    const call = await actor.client.contracts.patientRegistry.revokeAll.populateTransaction(actor.id, {
      ...{ signer: actor.client.signer?.address ?? "0x", signedAt: 0, deadline: 0, signature: "0x" },
    });
    const { transaction, logs } = await sendTransaction(actor.client, call);
    expect(logs).to.have.length(1);
    expect(transaction.gasUsed).to.be.greaterThan(21_000n);
  });
});

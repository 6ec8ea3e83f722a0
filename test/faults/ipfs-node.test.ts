import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import {
  type ClientWithActions,
  createClient,
  createKeyring,
  httpTransport,
  memoryEnvelopeStore,
  type PatientId,
  withActions,
} from "@anamnesis/sdk";
import { kuboStore } from "@anamnesis/sdk/storage/kubo";
import { expect } from "chai";
import { create } from "kubo-rpc-client";
import { rejection } from "../support/rejection.ts";
import { type IpfsNode, ipfsNode } from "./ipfs-node.ts";
import { type TcpProxy, tcpProxy, type Wire } from "./tcp-proxy.ts";

/** Readings and uploads under each fault. */
const times = Number(process.env["ANAMNESIS_FAULT_READINGS"] ?? 3);
/** Milliseconds that the store waits for one answer. */
const PATIENCE = 2_000;
/** A body's block, and whether the node has it at all: two answers to wait for; the rest is a busy machine's. */
const BOUND = 2 * PATIENCE + 8_000;

const faults: Readonly<Record<string, Wire>> = {
  "takes connections and never answers": { kind: "silent" },
  "answers a byte at a time": { kind: "drip", milliseconds: 50 },
};

describe("An IPFS node that hangs", function () {
  this.timeout(240_000 + 4 * BOUND * times);
  let network: LocalNetwork;
  let node: IpfsNode;
  let wire: TcpProxy;
  let bob: ClientWithActions;
  let patient: PatientId;
  /** What was acknowledged, and what it must read. */
  const kept = new Map<Awaited<ReturnType<typeof add>>, string>();

  const add = async (text: string) => {
    const content = { bytes: new TextEncoder().encode(text), mediaType: "text/plain", title: "Scan" } as const;
    return (await bob.records.add({ patient, content: { ...content, labels: ["imaging"] } })).recordId;
  };
  async function keep(text: string): Promise<void> {
    kept.set(await add(text), text);
  }
  async function anchored(): Promise<number> {
    let count = 0;
    for await (const { kind } of bob.audit.trail({ patient })) if (kind === "record-anchored") count += 1;
    return count;
  }
  /** How many of what was acknowledged open with their very text. */
  async function opened(): Promise<number> {
    let count = 0;
    for (const [recordId, text] of kept) {
      const { content } = await bob.records.read({ recordId });
      if (new TextDecoder().decode(content) === text) count += 1;
    }
    return count;
  }
  /** Tries so many times: what came of each, and how long the slowest took. */
  async function tried(attempt: (index: number) => Promise<unknown>) {
    const outcomes: string[] = [];
    let slowest = 0;
    for (let index = 0; index < times; index++) {
      const began = performance.now();
      outcomes.push(
        await attempt(index).then(
          () => "done",
          ({ code }: { code: string }) => code,
        ),
      );
      slowest = Math.max(slowest, performance.now() - began);
    }
    const done = outcomes.filter((outcome) => outcome === "done").length;
    return { outcomes, slowest, words: `${done} of ${times}, slowest ${Math.round(slowest)} ms` };
  }

  before(async () => {
    network = await startLocalNetwork();
    node = await ipfsNode();
    wire = await tcpProxy(node.url);
    const { deployment } = network;
    const parts = { keyring: createKeyring(), envelopes: memoryEnvelopeStore(), stewards: httpTransport() };
    const storage = kuboStore({ client: create({ url: wire.url }), timeoutMs: PATIENCE });
    bob = withActions(await createClient({ deployment, storage, signer: await network.account(), ...parts }));
    ({ patient } = await bob.identity.registerPatient());
    for (const size of [10, 300_000]) await keep("x".repeat(size));
  });
  after(async () => {
    await wire?.close();
    await node?.close();
    await network?.stop();
  });
  // A fault that a failed test left must not be the next one's.
  afterEach(() => wire?.become({ kind: "whole" }));

  for (const [what, fault] of Object.entries(faults)) {
    it(`that ${what}: nothing opens and nothing is anchored, both in time, and everything again once it is mended`, async () => {
      expect(await opened()).to.equal(kept.size);
      const before = await anchored();
      expect(before).to.equal(kept.size);
      const ids = [...kept.keys()];
      wire.become(fault);
      const reading = await tried((index) => bob.records.read({ recordId: ids[index % ids.length]! }));
      const writing = await tried((index) => add(`refused ${index}`));
      wire.become({ kind: "whole" });
      const after = await anchored();
      const again = await opened();
      process.stdout.write(
        `      opened ${reading.words}; stored ${writing.words}, anchored ${after - before}; mended: ${again} of ${kept.size} open\n`,
      );
      expect(reading.outcomes).to.deep.equal(Array.from({ length: times }, () => "RECORD_BODY_UNAVAILABLE"));
      expect(writing.outcomes).to.deep.equal(Array.from({ length: times }, () => "STORAGE_TIMEOUT"));
      expect(Math.max(reading.slowest, writing.slowest)).to.be.below(BOUND);
      expect(after, "what could not be stored is not on the chain").to.equal(before);
      expect(again).to.equal(kept.size);
      await keep(`after a node that ${what}`);
      expect(await anchored()).to.equal(kept.size);
      expect(await opened()).to.equal(kept.size);
    });
  }

  it("is waited for as long as the store is told: a bound there is", async () => {
    const waiting = kuboStore({ client: create({ url: wire.url }), timeoutMs: 10 * BOUND });
    const { cid } = await waiting.put(new Uint8Array(9));
    wire.become({ kind: "silent" });
    const read = async (signal: AbortSignal) => {
      for await (const _ of waiting.get(cid, { signal }));
    };
    expect((await rejection(read(AbortSignal.timeout(BOUND)))).code).to.equal("OPERATION_ABORTED");
  });
});

import { expect } from "chai";
import { createReceiptLog } from "../../../node/src/steward/receipt-log.ts";
import {
  makeReceiptProof,
  type ReceiptProof,
  verifyReceiptProof,
} from "../../../sdk/src/actions/audit/receipt-proof.ts";
import { verifyReceipt } from "../../../sdk/src/actions/audit/verify-receipt.ts";
import type { Client } from "../../../sdk/src/actions/client.ts";
import { type Hex, toHex } from "../../../sdk/src/core/bytes.ts";
import { logLeafHash, logRoot, proveInclusion } from "../../../sdk/src/crypto/index.ts";
import type { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import {
  fetchReceiptPlace,
  listRecords,
  type StewardMember,
  type StewardsClient,
  uploadEnvelope,
} from "../../../sdk/src/stewards/index.ts";
import { grownLog } from "../../support/merkle-log.ts";
import { rejection } from "../../support/rejection.ts";
import {
  anchoringOf,
  appendReceipts,
  askingClient,
  ethers,
  ownerOf,
  receiptLogOf,
  storeFolder,
} from "./receipt-logs.ts";
import { anchor, consent, createWorld, openSession, seal, stewardWith, type World } from "./world.ts";

describe("A receipt's proof", function () {
  this.timeout(60_000);
  let world: World;
  let client: Client;
  /** Of steward 0, the second of its receipts, and of steward 1. */
  let receipt: Uint8Array;
  let otherReceipt: Uint8Array;
  let proof: ReceiptProof;

  const storeOf = (steward: number) => (world.folders[steward] as World["folders"][number]).store;
  const receiptsOf = async (steward: number) =>
    (await storeOf(steward).receiptsOf(world.alice.id, { after: 0, limit: 10 })).items;

  /** A client of one steward, whose word is enough. */
  function onlyAsking(steward: number, transport = world.client.transport): StewardsClient {
    const { committee } = world.publication;
    return { ...world.client, transport, committee: { ...committee, threshold: 1, members: [memberAt(steward)] } };
  }
  const memberAt = (steward: number) => world.publication.committee.members[steward] as StewardMember;

  async function proofOf(encoded: Uint8Array): Promise<ReceiptProof> {
    const { member, place } = await fetchReceiptPlace(world.client, { receipt: encoded });
    const { logRegistry } = world.contracts.addresses;
    return makeReceiptProof({ chainId: 31_337, logRegistry, owner: member.provider }, encoded, place);
  }

  async function anchorAll(steward: number): Promise<void> {
    const { round } = anchoringOf(world, steward, storeOf(steward));
    for (let i = 0; i < 2; i++) await round();
  }

  before(async () => {
    world = await createWorld();
    const { alice, hospital, clinic } = world;
    await consent(world, alice, hospital, ["laboratory"], 3);
    await consent(world, alice, clinic, ["laboratory"], 1);
    const record = await seal(world, alice, ["laboratory"]);
    await anchor(world, record);
    await uploadEnvelope(world.client, { envelope: record.envelope });
    const session = await openSession(world, alice, ["laboratory"]);
    for (const steward of [0, 1, 2, 0, 1, 2]) await listRecords(onlyAsking(steward), { session });
    client = await askingClient(world);
    [, receipt] = (await receiptsOf(0)) as [Uint8Array, Uint8Array];
    [otherReceipt] = (await receiptsOf(1)) as [Uint8Array];
  });
  after(() => world.close());

  it("is not given before the log is anchored", async () => {
    for (const wait of [async () => undefined, () => receiptLogOf(world, 0, storeOf(0)).check()]) {
      await wait();
      const { code, details } = await rejection(fetchReceiptPlace(world.client, { receipt }));
      expect(code).to.equal("RECEIPT_PROOF_UNAVAILABLE");
      expect(details).to.include({ steward: 0, reason: "RECEIPT_NOT_ANCHORED" });
    }
  });

  it("is given for every receipt of every steward once the logs are anchored, and verifies with and without the chain", async () => {
    for (const steward of [0, 1, 2]) await anchorAll(steward);
    let verified = 0;
    for (const steward of [0, 1, 2]) {
      for (const encoded of await receiptsOf(steward)) {
        const made = JSON.parse(JSON.stringify(await proofOf(encoded))) as ReceiptProof;
        const offline = verifyReceiptProof(made);
        expect(offline).to.deep.include({ valid: true, anchored: undefined });
        const online = await verifyReceipt(client, { proof: made });
        expect(online.valid && online.anchored?.block).to.equal(made.block);
        expect(online.valid && online.receipt.patient).to.equal(world.alice.id);
        verified++;
      }
    }
    expect(verified).to.equal(6);
    proof = await proofOf(receipt);
  });

  it("is of the first head that covers the receipt, however far the log has gone", async () => {
    await appendReceipts(storeOf(0), 5);
    await anchorAll(0);
    expect(await proofOf(receipt)).to.deep.equal(proof);
    const { round } = anchoringOf(world, 0, storeOf(0));
    expect(await round()).to.equal("nothing");
    expect(await storeOf(0).logSize()).to.equal(proof.size + 5);
  });

  it("is refused in every field that was changed", async () => {
    const flip = (hex: Hex, at = hex.length - 1): Hex =>
      `${hex.slice(0, at)}${hex[at] === "0" ? "1" : "0"}${hex.slice(at + 1)}` as Hex;
    const { block, transaction, root, path, logRegistry, owner } = proof;
    const cases: readonly (readonly [Partial<ReceiptProof>, string])[] = [
      [{ receipt: flip(proof.receipt) }, "receipt-invalid"],
      [{ receipt: flip(proof.receipt, 60) }, "receipt-invalid"],
      [{ receipt: "0x" }, "receipt-invalid"],
      [{ receipt: toHex(otherReceipt) }, "not-in-log"],
      [{ index: proof.index + 1 }, "not-in-log"],
      [{ size: proof.size + 5 }, "not-in-log"],
      [{ size: proof.size + 1 }, "not-in-log"],
      [{ size: proof.index }, "not-in-log"],
      [{ root: flip(root) }, "not-in-log"],
      [{ path: [...path.slice(0, -1), flip(path.at(-1) as Hex)] }, "not-in-log"],
      [{ path: [...path, root] }, "not-in-log"],
      [{ path: [] }, "not-in-log"],
      [{ chainId: 1 }, "other-network"],
      [{ logRegistry: flip(logRegistry) }, "other-network"],
      [{ owner: flip(owner) }, "other-steward"],
      [{ owner: ownerOf(world, 1) }, "other-steward"],
      [{ block: block - 1 }, "not-anchored"],
      [{ transaction: flip(transaction) }, "not-anchored"],
    ];
    const seen = new Set<string>();
    for (const [change, reason] of cases) {
      const found = await verifyReceipt(client, { proof: { ...proof, ...change } });
      expect(found, `${Object.keys(change)} ${reason}`).to.deep.include({ valid: false, reason });
      seen.add(reason);
    }
    expect([cases.length, seen.size]).to.deep.equal([18, 5]);
    expect((await verifyReceipt(client, { proof })).valid).to.equal(true);

    const formless = [
      ...[undefined, null, 7, {}, { ...proof, format: "anamnesis-receipt-proof/v2" }, { ...proof, path: "0x" }],
      ...[
        { ...proof, index: -1 },
        { ...proof, size: 2 ** 60 },
        { ...proof, root: "0x12" },
        { ...proof, receipt: "zz" },
      ],
      ...[
        { ...proof, path: Array.from({ length: 65 }, () => root) },
        { ...proof, block: "1" },
      ],
    ];
    for (const each of formless) {
      const { code } = await rejection((async () => verifyReceiptProof(each as ReceiptProof))());
      expect(code, JSON.stringify(each)).to.equal("RECEIPT_PROOF_INVALID");
    }
  });

  it("is refused for a log that somebody else anchored, and for one that nobody did", async () => {
    const leaves = [logLeafHash(receipt), logLeafHash(otherReceipt)];
    const { read } = grownLog(leaves);
    const root = toHex(await logRoot(read, 2));
    const place = { index: 0, size: 2, root, path: await proveInclusion(read, 0, 2) };
    const sent = await world.contracts.logs.connect(world.mallory).anchorLog(root, 2);
    const mined = await sent.wait();
    const theirs = { block: mined?.blockNumber as number, transaction: sent.hash as Hex };
    const { logRegistry } = world.contracts.addresses;
    const log = { chainId: 31_337, logRegistry };
    const address = ethers.zeroPadValue(world.mallory.address, 32).toLowerCase() as Hex;
    for (const [owner, reason] of [
      [address, "other-steward"],
      [ownerOf(world, 0), "not-anchored"],
    ] as const) {
      const forged = makeReceiptProof({ ...log, owner }, receipt, { ...place, ...theirs });
      expect(verifyReceiptProof(forged).valid).to.equal(true);
      expect(await verifyReceipt(client, { proof: forged })).to.deep.include({ valid: false, reason });
    }
  });

  it("is a lie where the steward gives another leaf's place", async () => {
    const store = storeOf(0);
    const lying = stewardWith(world, 0, { store: { ...store, leafIndexOf: async () => 0 } });
    const transport = { request: (_: unknown, verb: never, body: Uint8Array) => lying.handle(verb, body) };
    const { code, details } = await rejection(fetchReceiptPlace({ ...world.client, transport }, { receipt }));
    expect([code, details["steward"]]).to.deep.equal(["STEWARD_LIED", 0]);
    const honest = { request: (_: unknown, verb: never, body: Uint8Array) => world.stewards[0]!.handle(verb, body) };
    const { place } = await fetchReceiptPlace({ ...world.client, transport: honest }, { receipt });
    expect(place.index).to.equal(proof.index);
    lying.close();
  });

  it("is not to be had for a receipt of nobody in the committee, and for what is no receipt", async () => {
    const { committee } = world.publication;
    const others = { ...world.client, committee: { ...committee, members: committee.members.slice(1) } };
    const gone = await rejection(fetchReceiptPlace(others, { receipt }));
    expect([gone.code, gone.details["reason"]]).to.deep.equal(["RECEIPT_PROOF_UNAVAILABLE", "NO_MEMBER"]);
    const none = await rejection(fetchReceiptPlace(world.client, { receipt: receipt.slice(1) }));
    expect(none.code).to.equal("RECEIPT_INVALID");
  });

  it("leaves nothing to a steward without its log: it opens no record until the log is the anchored one", async () => {
    const stores = storeFolder();
    try {
      const { node, clock, alice } = world;
      const parts = { nodes: [node], owner: ownerOf(world, 0), clock, limits: { headAge: 600 } };
      const rolledBack = createReceiptLog({ ...parts, store: await stores.open("old") });
      const kept = createReceiptLog({ ...parts, store: storeOf(0) });
      const session = await openSession(world, alice, ["laboratory"]);
      const listedBy = async (log: typeof kept) => {
        const steward = stewardWith(world, 0, { log });
        const transport = { request: (_: unknown, verb: never, body: Uint8Array) => steward.handle(verb, body) };
        const before = (await storeOf(0).receiptsOf(alice.id, { after: 0, limit: 100 })).count;
        const listing = await listRecords(onlyAsking(0, transport), { session }).then(
          ({ records }) => records.length,
          ({ details }: AnamnesisError) => /STEWARD_[A-Z]+/.exec(String(details["verdicts"]))?.[0],
        );
        const { count } = await storeOf(0).receiptsOf(alice.id, { after: 0, limit: 100 });
        steward.close();
        return [listing, count - before];
      };
      expect(await listedBy(kept), "unchecked").to.deep.equal(["STEWARD_UNAVAILABLE", 0]);
      await kept.check();
      expect(await listedBy(kept), "kept").to.deep.equal([1, 1]);
      expect((await rejection(rolledBack.check())).code).to.equal("STEWARD_LOG_BEHIND");
      expect(await listedBy(rolledBack), "rolled back").to.deep.equal(["STEWARD_UNAVAILABLE", 0]);
    } finally {
      await stores.remove();
    }
  });
});

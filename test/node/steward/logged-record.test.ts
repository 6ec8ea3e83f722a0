import { expect } from "chai";
import { inProcessPeers } from "../../../node/src/steward/in-process-transport.ts";
import type { Client } from "../../../sdk/src/actions/client.ts";
import { openRecord } from "../../../sdk/src/actions/records/opened-record.ts";
import { withBlockHeader } from "../../../sdk/src/actions/records/prove-record.ts";
import type { RecordProof } from "../../../sdk/src/actions/records/record-proof.ts";
import { verifyRecord } from "../../../sdk/src/actions/records/verify-record.ts";
import { type TrustedAnchor, verifyRecordProof } from "../../../sdk/src/actions/records/verify-record-proof.ts";
import { type Hex, randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import { encodeEnvelope, type SealedRecord } from "../../../sdk/src/envelope/index.ts";
import type { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import {
  decodeAnswer,
  encodeLoggedEnvelopeUpload,
  type LogEvidence,
  openReply,
  releaseKeys,
  uploadEnvelope,
} from "../../../sdk/src/stewards/index.ts";
import { memoryStore } from "../../../sdk/src/storage/memory.ts";
import { rejection } from "../../support/rejection.ts";
import { authorLog } from "./logged-records.ts";
import { askingClient } from "./receipt-logs.ts";
import { anchor, consent, createWorld, ethers, openSession, passTime, revoke, rpc, seal, type World } from "./world.ts";

describe("A record that only its author's log anchors", function () {
  this.timeout(120_000);
  let world: World;
  let log: ReturnType<typeof authorLog>;
  let client: Client;
  const storage = memoryStore();
  const words = (recordId: Hex) => `haemoglobin of ${recordId}`;

  const sealed = (text: string) =>
    seal(world, world.alice, ["laboratory"], text, { storeBody: async (body) => (await storage.put(body)).cid });

  /** Some records, logged and anchored together; the chain sees one transaction. */
  async function logged(...texts: readonly string[]): Promise<SealedRecord[]> {
    const records = [];
    for (const text of texts) records.push(await sealed(text));
    log.append(...records.map(({ recordId }) => recordId));
    await log.anchor();
    return records;
  }

  /** The first steward's word on an upload: a refusal's code, or "taken". */
  async function upload({ envelope }: Pick<SealedRecord, "envelope">, evidence: LogEvidence): Promise<string> {
    const steward = world.stewards[0]!;
    const request = encodeLoggedEnvelopeUpload(encodeEnvelope(envelope), evidence);
    const expected = { verb: "logged-envelope", steward: steward.address.signingKey, request } as const;
    const { answer } = openReply(await steward.handle("logged-envelope", request), expected);
    return decodeAnswer(answer!).refusal ?? "taken";
  }

  async function given(record: SealedRecord): Promise<void> {
    await uploadEnvelope(world.client, {
      envelope: record.envelope,
      evidence: await log.evidenceOf(record.recordId),
    });
  }

  async function opened({ recordId }: SealedRecord) {
    const session = await openSession(world, world.alice, ["laboratory"]);
    const { released, failures } = await releaseKeys(world.client, { session, records: [recordId] });
    const found = released.get(recordId);
    if (found === undefined) throw failures.get(recordId) as AnamnesisError;
    return openRecord(client, found, found.dek);
  }

  beforeEach(async () => {
    world = await createWorld();
    log = authorLog(world, world.hospital);
    client = { ...(await askingClient(world)), storage, stewards: world.client.transport, now: world.client.now };
    await consent(world, world.alice, world.hospital, ["laboratory"], 3);
    await consent(world, world.alice, world.clinic, ["laboratory"], 1);
  });
  afterEach(() => world.close());

  it("is taken in by the stewards, opened through them, and says where it stands", async () => {
    const records = await logged("one", "two", "three");
    await given(records[1]!);
    const record = await opened(records[1]!);
    expect(new TextDecoder().decode(record.content)).to.equal("two");
    expect(record.logPlace).to.deep.include({ index: 1, size: 3 });
    expect(record.anchoredAt).to.equal(record.logPlace?.block);
    expect(await rejection(opened(records[0]!))).to.include({ code: "RECORD_NOT_RELEASED" });
  });

  it("costs one transaction for all, where anchors cost one each", async () => {
    const before = await ethers.provider.getBlockNumber();
    await logged("one", "two", "three", "four");
    expect((await ethers.provider.getBlockNumber()) - before).to.equal(1);
    for (const text of ["five", "six"]) await anchor(world, await sealed(text));
    expect((await ethers.provider.getBlockNumber()) - before).to.equal(3);
  });

  it("is refused with a proof of another log, another size, another place, or cut short", async () => {
    const [, record] = (await logged("one", "two", "three")) as [SealedRecord, SealedRecord, SealedRecord];
    const right = await log.evidenceOf(record.recordId);
    const other = authorLog(world, world.clinic);
    other.append(record.recordId, toHex(randomBytes(32)));
    await other.anchor();
    const [head = new Uint8Array(), ...rest] = right.path;
    const wrong: readonly (readonly [string, LogEvidence])[] = [
      ["another log's", await other.evidenceOf(record.recordId)],
      ["an index that is not its own", { ...right, index: 0 }],
      ["a size that was never anchored", { ...right, size: 4 }],
      ["an index beyond the log", { ...right, index: 3 }],
      ["a path cut short", { ...right, path: [head] }],
      ["a longer path", { ...right, path: [head, ...rest, randomBytes(32)] }],
      ["a changed path", { ...right, path: [randomBytes(32), ...rest] }],
      ["nothing", { ...right, path: [] }],
    ];
    const heard = [];
    for (const [what, evidence] of wrong) heard.push([what, await upload(record, evidence)]);
    expect(heard).to.deep.equal(wrong.map(([what]) => [what, "ENVELOPE_NOT_ANCHORED"]));
    expect(await upload(record, right)).to.equal("taken");
    expect(await upload(record, right)).to.equal("taken");
  });

  it("is refused where the log has moved on, until the author shows that it was continued", async () => {
    const [record] = (await logged("one", "two")) as [SealedRecord];
    const early = await log.evidenceOf(record.recordId);
    await logged("three", "four", "five");
    const now = await log.evidenceOf(record.recordId);
    const later = now.later as NonNullable<LogEvidence["later"]>;
    const forged = { ...now, later: { ...later, path: [randomBytes(32), ...later.path.slice(1)] } };
    expect([await upload(record, early), await upload(record, forged)]).to.deep.equal([
      "ENVELOPE_LOG_MOVED",
      "ENVELOPE_NOT_ANCHORED",
    ]);
    expect(await upload(record, now)).to.equal("taken");
  });

  it("is refused from a log that was begun anew", async () => {
    const [record] = (await logged("one", "two")) as [SealedRecord];
    const kept = await log.evidenceOf(record.recordId);
    const anew = authorLog(world, world.hospital);
    anew.append(...[1, 2, 3].map(() => toHex(randomBytes(32))));
    await anew.anchor();
    const heard = [
      await upload(record, kept),
      await upload(record, { ...kept, later: { size: 3, path: [randomBytes(32)] } }),
    ];
    expect(heard).to.deep.equal(["ENVELOPE_LOG_MOVED", "ENVELOPE_NOT_ANCHORED"]);
  });

  it("is judged by what was allowed at its head's block", async () => {
    const [before] = (await logged("one")) as [SealedRecord];
    await revoke(world, world.alice, world.hospital);
    const [after] = (await logged("two")) as [SealedRecord];
    expect(await upload(before, await log.evidenceOf(before.recordId))).to.equal("taken");
    expect(await upload(after, await log.evidenceOf(after.recordId))).to.equal("ENVELOPE_WRITE_REFUSED");
    await consent(world, world.alice, world.hospital, ["laboratory"], 3);
    expect(await upload(after, await log.evidenceOf(after.recordId))).to.equal("ENVELOPE_WRITE_REFUSED");
    await world.contracts.providers.revokeAuthorship(world.hospital.id);
    const [unauthored] = (await logged("three")) as [SealedRecord];
    expect(await upload(unauthored, await log.evidenceOf(unauthored.recordId))).to.equal("ENVELOPE_WRITE_REFUSED");
  });

  it("is refused a day after its head, and copied by a steward that was away", async () => {
    const [kept, late] = (await logged("one", "two")) as [SealedRecord, SealedRecord];
    expect(await upload(kept, await log.evidenceOf(kept.recordId))).to.equal("taken");
    await passTime(86_401);
    expect(await upload(late, await log.evidenceOf(late.recordId))).to.equal("ENVELOPE_LOG_TOO_OLD");
    const report = await world.stewards[2]!.repair(inProcessPeers(world.stewards));
    expect(report).to.deep.include({ envelopes: [kept.recordId], problems: [] });
    expect((await world.folders[2]!.store.placeOf(kept.recordId))?.index).to.equal(0);
  });

  describe("its proof", () => {
    let proof: RecordProof;
    let record: SealedRecord;
    let bytes: Uint8Array;
    let head: { readonly root: Hex; readonly size: number };

    beforeEach(async () => {
      const records = await logged(...["one", "two", "three", "four", "five"].map((text) => words(`0x${text}`)));
      record = records[3]!;
      await given(record);
      const found = await opened(record);
      ({ proof } = found);
      bytes = found.content;
      head = { root: found.logPlace!.root, size: 5 };
    });

    it("is checked against the chain by anybody", async () => {
      const asking = await askingClient(world);
      const found = await verifyRecord(asking, { bytes, proof });
      expect(found).to.deep.include({ valid: true, recordId: record.recordId, logged: true });
      const { log: place, ...without } = proof;
      expect(await verifyRecord(asking, { bytes, proof: without })).to.deep.include({ reason: "not-anchored" });
      for (const changed of [{ block: 1 }, { index: 2 }, { size: 6 }, { root: toHex(randomBytes(32)) }]) {
        const other = { ...proof, log: { ...place!, ...changed } };
        expect(await verifyRecord(asking, { bytes, proof: other })).to.deep.include({ reason: "not-anchored" });
      }
    });

    it("holds without any network, against a trusted head", () => {
      const found = verifyRecordProof(proof, { document: bytes, trusted: head });
      expect(found).to.deep.include({ valid: true, recordId: record.recordId, document: true, anchored: { size: 5 } });
      const refusals = [
        verifyRecordProof(proof, { document: bytes.slice(1), trusted: head }),
        verifyRecordProof(proof, { trusted: { ...head, size: 6 } }),
        verifyRecordProof(proof, { trusted: { ...head, root: toHex(randomBytes(32)) } }),
        verifyRecordProof({ ...proof, log: { ...proof.log!, index: 2 } }, { trusted: head }),
        verifyRecordProof({ ...proof, restHash: toHex(randomBytes(32)) }, { trusted: head }),
        verifyRecordProof({ ...proof, log: undefined }, { trusted: head }),
      ];
      expect(refusals.map((each) => !each.valid && each.reason)).to.deep.equal([
        "content-differs",
        "other-root",
        "other-root",
        "not-in-log",
        "not-in-log",
        "not-shown",
      ]);
    });

    it("holds against the hash of a block alone", async () => {
      const { state } = await withBlockHeader(client, proof, proof.log!.block);
      const whole = JSON.parse(JSON.stringify({ ...proof, state })) as RecordProof;
      const { hash } = (await rpc("eth_getBlockByNumber", [`0x${proof.log!.block.toString(16)}`, false])) as {
        hash: Hex;
      };
      const trusted: TrustedAnchor = { blockHash: hash, contract: world.contracts.addresses.logRegistry };
      const found = verifyRecordProof(whole, { document: bytes, trusted });
      expect(found.valid && found.anchored).to.deep.include({ block: proof.log!.block });
      const changed = (hex: Hex) => `${hex.slice(0, -1)}${hex.endsWith("0") ? "1" : "0"}` as Hex;
      const { header, account, storage: slots } = state!;
      const refusals = [
        verifyRecordProof(proof, { trusted }),
        verifyRecordProof(whole, { trusted: { ...trusted, blockHash: toHex(randomBytes(32)) } }),
        verifyRecordProof(whole, { trusted: { ...trusted, contract: world.contracts.addresses.recordRegistry } }),
        verifyRecordProof({ ...whole, state: { ...state!, header: changed(header) } }, { trusted }),
        verifyRecordProof({ ...whole, state: { ...state!, account: account.slice(1) } }, { trusted }),
        verifyRecordProof({ ...whole, state: { ...state!, storage: slots.map(changed) } }, { trusted }),
        verifyRecordProof({ ...whole, state: { ...state!, storage: [...slots, slots[0]!] } }, { trusted }),
      ];
      expect(refusals.map((each) => !each.valid && each.reason)).to.deep.equal([
        ...["not-shown", "other-block", "other-block", "other-block"],
        ...["not-in-block", "not-in-block", "not-in-block"],
      ]);
    });

    it("of an anchor of its own holds against a block, too", async () => {
      const own = await sealed("of its own");
      await anchor(world, own);
      await uploadEnvelope(world.client, { envelope: own.envelope });
      const found = await opened(own);
      expect(found.logPlace).to.equal(undefined);
      const whole = await withBlockHeader(client, found.proof, found.anchoredAt);
      const tag = `0x${found.anchoredAt.toString(16)}`;
      const { hash } = (await rpc("eth_getBlockByNumber", [tag, false])) as { hash: Hex };
      const trusted: TrustedAnchor = { blockHash: hash, contract: world.contracts.addresses.recordRegistry };
      expect(verifyRecordProof(whole, { trusted })).to.deep.include({ valid: true });
      expect(verifyRecordProof({ ...whole, restHash: proof.restHash }, { trusted })).to.deep.include({
        reason: "not-in-block",
      });
    });
  });
});

import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { fromHex, type Hex, randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import { encodeDagCbor } from "../../../sdk/src/core/dag-cbor.ts";
import type { RecordId } from "../../../sdk/src/core/ids.ts";
import { createSessionKeys, signingKeyPair } from "../../../sdk/src/crypto/index.ts";
import type { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import {
  decodeAnswer,
  decodeEnvelopeAck,
  decodeEnvelopeUpload,
  decodeHeaderUpload,
  decodeListPayload,
  decodeOwnerKeyRequest,
  decodeOwnerKeyUpload,
  decodeReceiptsPayload,
  decodeRecoveryPayload,
  decodeReleasePayload,
  decodeResealedPayload,
  decodeResealedUpload,
  decodeSyncPayload,
  MAX_RECEIPT_BYTES,
  MAX_RECORDS,
  MAX_REPLY_BYTES,
  MAX_REQUEST_BYTES,
  openAnswer,
  openDeviceRequest,
  openRecoveryRequest,
  openReply,
  openResealedOwn,
  openSessionRequest,
  sealAnswer,
  signReceipt,
  signReply,
  signSessionRequest,
  verifyReceipt,
} from "../../../sdk/src/stewards/index.ts";
import { properties } from "../../support/properties.ts";
import { named, vectorCases, vectorInputs } from "./vector-cases.ts";

const settings = properties(20_261_120);
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as AnamnesisError).code;
  }
  return "accepted";
};

describe("Wire of the stewards", () => {
  let frozen: Readonly<Record<string, Hex>>;
  let inputs: Awaited<ReturnType<typeof vectorInputs>>;
  const vector = (name: string) => fromHex(frozen[name] as string);

  before(async () => {
    const file = new URL("../../vectors/release/messages.json", import.meta.url);
    frozen = (JSON.parse(readFileSync(file, "utf8")) as { messages: Record<string, Hex> }).messages;
    inputs = await vectorInputs();
  });

  describe("frozen vectors", () => {
    it("are what the encoders make, all of them", async () => {
      const made = await vectorCases();
      expect(Object.keys(made)).to.have.members(Object.keys(frozen));
      for (const [name, encoded] of Object.entries(made)) expect(encoded, name).to.equal(frozen[name]);
      expect(Object.keys(made).length).to.equal(26);
    });

    it("decode to the values they were made of", () => {
      const { list, next, release, device, ownerKey, receipt, records, keys } = inputs;
      expect(openSessionRequest(vector("listRequest")).request).to.deep.equal(list);
      expect(openSessionRequest(vector("listRequestOfTheNextPage")).request).to.deep.equal(next);
      expect(openSessionRequest(vector("releaseRequest")).request).to.deep.equal(release);
      expect(openSessionRequest(vector("releaseRequest")).requestHash).to.equal(frozen["requestHash"]);
      expect(openDeviceRequest(vector("deviceRequest"))).to.deep.include({
        request: device,
        deviceKeyHash: frozen["deviceKeyHash"],
      });
      expect(decodeOwnerKeyRequest(vector("ownerKeyRequest"))).to.deep.equal(ownerKey);
      expect(decodeOwnerKeyUpload(vector("ownerKeyUpload")).publicKey).to.deep.equal(keys.receive.publicKey);
      expect(decodeEnvelopeUpload(vector("envelopeUpload")).envelope).to.have.length(32);
      expect(verifyReceipt(vector("receipt"))).to.deep.include({ ...receipt, receiptId: frozen["receiptId"] });
      const { recovery, resealed } = inputs;
      expect(openRecoveryRequest(vector("recoveryRequest")).request).to.deep.equal(recovery);
      expect(decodeRecoveryPayload(vector("recoveryPayload")).E1).to.have.length(1);
      expect(verifyReceipt(vector("receiptOfARecovery"))).to.deep.include({ kind: "recovery", asked: recovery });
      expect(openResealedOwn(vector("resealedOwn"))).to.deep.include(resealed);
      expect(decodeResealedUpload(vector("resealedUpload"))).to.deep.equal([vector("resealedOwn")]);
      expect(decodeResealedPayload(vector("resealedPayload"))).to.deep.include({ count: 1, next: 2, more: false });
      expect(decodeHeaderUpload(vector("headerUpload"))).to.deep.include({ patient: ownerKey.patient });
      expect(decodeListPayload(vector("listPayload")).records[0]).to.deep.include({
        status: 1,
        restrictions: 1n << 62n,
      });
      expect(decodeReleasePayload(vector("releasePayload")).records[1]!.refusal).to.equal("RECORD_UNKNOWN");
      expect(decodeSyncPayload(vector("syncPayload"))).to.deep.include({ count: 1, next: 9, more: false });
      expect(decodeReceiptsPayload(vector("receiptsPayload"))).to.deep.include({ count: 3, next: 9, more: true });
      const expected = { verb: "release", steward: receipt.steward, request: vector("releaseRequest") } as const;
      expect(openReply(vector("replyToAStranger"), expected).answer).to.equal(null);
      const refused = openReply(vector("replyWithARefusal"), expected).answer!;
      expect(decodeAnswer(refused)).to.deep.equal({ refusal: "ENVELOPE_NOT_ANCHORED", payload: null });
      const given = decodeAnswer(openReply(vector("replyWithAPayload"), expected).answer!).payload!;
      expect(decodeEnvelopeAck(given)).to.equal(records[0]);
    });
  });

  describe("requests", () => {
    it("come back as they were signed", () => {
      const id = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => toHex(bytes) as string as RecordId);
      const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 40 });
      const numbers = { logIndex: fc.nat(), epoch: fc.nat(), time: fc.nat(), chainId: fc.nat() };
      fc.assert(
        fc.property(ids, fc.record(numbers), (records, changes) => {
          const request = { ...inputs.release, ...changes, records };
          expect(openSessionRequest(signSessionRequest(request, inputs.keys)).request).to.deep.equal(request);
        }),
        settings,
      );
    });

    it("of which any bit was changed are refused", () => {
      const encoded = vector("releaseRequest");
      let refused = 0;
      fc.assert(
        fc.property(fc.nat(encoded.length * 8 - 1), (bit) => {
          const changed = Uint8Array.from(encoded);
          changed[bit >> 3]! ^= 1 << (bit & 7);
          expect(codeOf(() => openSessionRequest(changed))).to.equal("INPUT_MALFORMED");
          refused += 1;
        }),
        settings,
      );
      expect(refused).to.equal(settings.numRuns);
      expect(codeOf(() => openSessionRequest(encoded))).to.equal("accepted");
    });

    it("hold at most 256 different records, and fit their bound with that many", () => {
      const many = (count: number) => Array.from({ length: count }, (_, i) => named<RecordId>(`record ${i}`));
      const encode = (records: readonly RecordId[]) => signSessionRequest({ ...inputs.release, records }, inputs.keys);
      const largest = encode(many(MAX_RECORDS));
      expect(largest.length).to.be.lessThan(MAX_REQUEST_BYTES);
      expect(codeOf(() => openSessionRequest(largest))).to.equal("accepted");
      expect(codeOf(() => openSessionRequest(encode(many(MAX_RECORDS + 1))))).to.equal("INPUT_MALFORMED");
      const receipt = { ...inputs.receipt, request: largest, records: many(MAX_RECORDS) };
      const encoded = signReceipt(receipt, inputs.steward);
      expect(encoded.length).to.be.lessThan(MAX_RECEIPT_BYTES);
      expect(verifyReceipt(encoded).records).to.have.length(MAX_RECORDS);
    });

    it("never crash a decoder, whatever the bytes", () => {
      const decoders = [
        openSessionRequest,
        openDeviceRequest,
        decodeOwnerKeyRequest,
        decodeOwnerKeyUpload,
        decodeEnvelopeUpload,
        decodeHeaderUpload,
        decodeResealedUpload,
        openRecoveryRequest,
        openResealedOwn,
        decodeAnswer,
        decodeListPayload,
        decodeReleasePayload,
        verifyReceipt,
      ];
      const cborLike = fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.jsonValue().map((value) => encodeDagCbor(value)),
      );
      let refused = 0;
      fc.assert(
        fc.property(cborLike, (encoded) => {
          for (const decode of decoders) {
            expect(codeOf(() => decode(encoded))).to.be.oneOf(["INPUT_MALFORMED", "RECEIPT_INVALID"]);
            refused += 1;
          }
        }),
        settings,
      );
      expect(refused).to.equal(settings.numRuns * decoders.length);
    });
  });

  describe("replies", () => {
    const expected = () =>
      ({ verb: "release", steward: inputs.receipt.steward, request: vector("releaseRequest") }) as const;

    it("of which any bit was changed are a fault of transport", () => {
      const encoded = vector("replyWithAPayload");
      fc.assert(
        fc.property(fc.nat(encoded.length * 8 - 1), (bit) => {
          const changed = Uint8Array.from(encoded);
          changed[bit >> 3]! ^= 1 << (bit & 7);
          expect(codeOf(() => openReply(changed, expected()))).to.equal("STEWARD_REPLY_INVALID");
        }),
        settings,
      );
    });

    it("count for one request, verb and steward only", () => {
      const encoded = vector("replyWithAPayload");
      const other = toHex(signingKeyPair(randomBytes(32)).publicKey);
      const wrong = [
        { ...expected(), verb: "list" as const },
        { ...expected(), steward: other },
        { ...expected(), request: vector("listRequest") },
      ];
      expect(wrong.map((each) => codeOf(() => openReply(encoded, each)))).to.deep.equal(
        wrong.map(() => "STEWARD_REPLY_INVALID"),
      );
      const head = openReply(encoded, expected());
      const impostor = signReply({ ...head, steward: other }, head.answer, inputs.steward);
      expect(codeOf(() => openReply(impostor, expected()))).to.equal("STEWARD_REPLY_INVALID");
    });

    it("sealed to a request open with its key and hash alone", async () => {
      const keys = await createSessionKeys();
      const answer = { refusal: null, payload: randomBytes(100) };
      const hash = named("request");
      const sealed = await sealAnswer(answer, keys.receive.publicKey, hash);
      expect(await openAnswer(sealed, keys.receive.privateKey, hash)).to.deep.equal(answer);
      const others = await createSessionKeys();
      const wrong = [
        openAnswer(sealed, others.receive.privateKey, hash),
        openAnswer(sealed, keys.receive.privateKey, named("another request")),
      ];
      const codes = (await Promise.allSettled(wrong)).map((each) => (each as { reason?: AnamnesisError }).reason?.code);
      expect(codes).to.deep.equal(["CRYPTO_OPEN_FAILED", "CRYPTO_OPEN_FAILED"]);
    });

    it("beyond their bound are refused before they are decoded", () => {
      expect(codeOf(() => openReply(new Uint8Array(MAX_REPLY_BYTES + 1), expected()))).to.equal(
        "STEWARD_REPLY_INVALID",
      );
    });

    it("with a reason that this version does not know read as refused", () => {
      const later = encodeDagCbor({ refusal: "SOMETHING_LATER", payload: null });
      expect(decodeAnswer(later)).to.deep.equal({ refusal: "REFUSED", payload: null });
      expect(codeOf(() => decodeAnswer(encodeDagCbor({ refusal: null, payload: null })))).to.equal("INPUT_MALFORMED");
      expect(codeOf(() => decodeAnswer(encodeDagCbor({ refusal: null })))).to.equal("INPUT_MALFORMED");
    });
  });

  describe("receipts", () => {
    it("must name their own steward, key, epoch, and only records that were asked for", () => {
      const { receipt, steward } = inputs;
      const other = signingKeyPair(randomBytes(32));
      const wrong = [
        { ...receipt, records: [named<RecordId>("never asked")] },
        { ...receipt, epoch: 2 },
        { ...receipt, keyId: named<typeof receipt.keyId>("another key") },
        { ...receipt, request: vector("envelopeUpload") },
      ];
      const codes = wrong.map((each) => codeOf(() => verifyReceipt(signReceipt(each, steward))));
      codes.push(codeOf(() => verifyReceipt(signReceipt(receipt, other))));
      expect(codes).to.deep.equal(codes.map(() => "RECEIPT_INVALID"));
      expect(codes).to.have.length(5);
      expect(codeOf(() => verifyReceipt(signReceipt(receipt, steward)))).to.equal("accepted");
    });
  });
});

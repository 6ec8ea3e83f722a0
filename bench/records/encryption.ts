/**
 * Row C: bulk encryption and decryption beside node:crypto's AES-256-GCM over the same bytes, and beside age in JavaScript; then with all that a record
 * takes (padding, commitment, patient's and committee's seals), as a whole in memory and as a stream.
 */
import { createCipheriv, createDecipheriv, randomBytes as random, randomFillSync } from "node:crypto";
import {
  draftRecord,
  encryptContent,
  floeDecrypt,
  floeEncrypt,
  floeEncryptor,
  floeKeyOf,
  keyId,
  keyIdOf,
  ownerKeyPair,
  patientId,
  providerId,
  sealEnvelope,
  streamBody,
  toHex,
  verifyingShareOf,
} from "@anamnesis/sdk/internal";
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { CID } from "multiformats/cid";
import type { Row } from "../report/row.ts";
import { compare, sizeText } from "./interleaved.ts";

const KILOBYTE = 1_024;
const MEGABYTE = 1_048_576;
const AAD = random(100);
const PEER = "node:crypto AES-256-GCM";

/** One call over all of it: the least that could be done. */
function nodeSeal(key: Uint8Array, bytes: Uint8Array): { nonce: Uint8Array; sealed: Buffer; tag: Buffer } {
  const nonce = random(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(AAD);
  const sealed = cipher.update(bytes);
  cipher.final();
  return { nonce, sealed, tag: cipher.getAuthTag() };
}

function nodeOpen(key: Uint8Array, { nonce, sealed, tag }: ReturnType<typeof nodeSeal>): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(AAD).setAuthTag(tag);
  const opened = decipher.update(sealed);
  decipher.final();
  return opened;
}

/** Enough rounds for small sizes to be seen, and few enough for large ones to end. */
const roundsFor = (bytes: number, seconds: number): number =>
  Math.max(3, Math.min(200, Math.round((seconds * 300 * MEGABYTE) / Math.max(bytes, 64 * KILOBYTE) / 4)));

async function bulkRows(bytes: number, seconds: number): Promise<readonly Row[]> {
  const [key, plaintext] = [random(32), randomFillSync(new Uint8Array(bytes))];
  const floe = await floeEncrypt({ key, aad: AAD, plaintext });
  const sealed = nodeSeal(key, plaintext);
  const common = {
    ...{ bytes, rounds: roundsFor(bytes, seconds), reference: PEER },
    ...(bytes >= 64 * KILOBYTE ? { target: 0.8 } : {}),
  };
  const note = "ours: segments, key commitment, random access; theirs: one ciphertext, one tag";
  return [
    await compare({
      ...{ ...common, note, id: `C-encrypt-${bytes}`, what: `encrypt ${sizeText(bytes)}` },
      ours: async () => void (await floeEncrypt({ key, aad: AAD, plaintext })),
      theirs: async () => void nodeSeal(key, plaintext),
    }),
    await compare({
      ...{ ...common, note, id: `C-decrypt-${bytes}`, what: `decrypt ${sizeText(bytes)}` },
      ours: async () => void (await floeDecrypt({ key, aad: AAD, ...floe })),
      theirs: async () => void nodeOpen(key, sealed),
    }),
  ];
}

async function ageRow(bytes: number, seconds: number): Promise<readonly Row[]> {
  const [key, plaintext] = [random(32), randomFillSync(new Uint8Array(bytes))];
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const seal = () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    return encrypter.encrypt(plaintext);
  };
  const sealed = await seal();
  const floe = await floeEncrypt({ key, aad: AAD, plaintext });
  const common = { bytes, rounds: Math.min(10, roundsFor(bytes, seconds)), reference: "age in JavaScript" };
  const open = () => {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return decrypter.decrypt(sealed);
  };
  return [
    await compare({
      ...{ ...common, id: `C-age-encrypt-${bytes}`, what: `encrypt ${sizeText(bytes)}` },
      ours: async () => void (await floeEncrypt({ key, aad: AAD, plaintext })),
      theirs: async () => void (await seal()),
    }),
    await compare({
      ...{ ...common, id: `C-age-decrypt-${bytes}`, what: `decrypt ${sizeText(bytes)}` },
      ours: async () => void (await floeDecrypt({ key, aad: AAD, ...floe })),
      theirs: async () => void (await open()),
    }),
  ];
}

/** Everything that makes a record of bytes but storage and chain. */
async function sealing() {
  const groupKey = verifyingShareOf(Uint8Array.from([...random(31), 7]));
  const owner = await ownerKeyPair(random(32), 1);
  const hex = () => toHex(random(32));
  const draft = () => draftRecord({ system: hex(), patient: patientId(hex()), author: providerId(hex()) });
  const parameters = {
    ...{
      labels: 1n << 9n,
      keyId: keyId(keyIdOf(groupKey)),
      groupKey,
      ownerKey: owner.publicKey,
      createdAt: 1_800_000_000,
    },
    meta: { mediaType: "application/dicom", fhirType: null, title: "Scan", time: null },
  };
  const cid = CID.parse("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
  return {
    async whole(content: Uint8Array) {
      const of = draft();
      const { body, ...stored } = await encryptContent(of, content);
      await sealEnvelope(of, { ...stored, body: { cid, offset: 0, length: body.length } }, parameters);
    },
    async streamed(content: Uint8Array) {
      const of = draft();
      const encryptor = await floeEncryptor(floeKeyOf(of));
      async function* pieces() {
        for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
      }
      const { body, tally } = streamBody({ encryptor, content: pieces() });
      let length = 0;
      for await (const segment of body) length += segment.length;
      const stored = { body: { cid, offset: 0, length }, floe: encryptor.header, contentHash: tally.hash() };
      await sealEnvelope(of, { ...stored, size: tally.size, length: tally.length }, parameters);
    },
  };
}

async function wrappedRows(bytes: number, seconds: number): Promise<readonly Row[]> {
  const [key, content] = [random(32), randomFillSync(new Uint8Array(bytes))];
  const seal = await sealing();
  const common = {
    ...{ bytes, rounds: Math.min(30, roundsFor(bytes, seconds)), reference: `${PEER}, sealing` },
    ...(bytes >= 32 * MEGABYTE ? { target: 0.8 } : {}),
    theirs: async () => void nodeSeal(key, content),
  };
  return [
    await compare({
      ...{ ...common, id: `C-seal-${bytes}`, what: `seal a record of ${sizeText(bytes)}` },
      note: "ours also pads, commits (SHA-256), and seals the key twice (X-Wing, committee)",
      ours: async () => void (await seal.whole(content)),
    }),
    await compare({
      ...{ ...common, id: `C-stream-${bytes}`, what: `seal a stream of ${sizeText(bytes)}` },
      note: "the same in one pass and flat memory: SHA-256 in JavaScript, for WebCrypto takes no stream",
      ours: async () => void (await seal.streamed(content)),
    }),
  ];
}

/** @param seconds about how long each row may take on a machine that encrypts 300 MB/s */
export async function cryptoRows(sizes: readonly number[], seconds: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const size of sizes) rows.push(...(await bulkRows(size, seconds)));
  rows.push(...(await ageRow(MEGABYTE, seconds)));
  for (const size of sizes.filter((each) => each >= 64 * KILOBYTE)) rows.push(...(await wrappedRows(size, seconds)));
  return rows;
}

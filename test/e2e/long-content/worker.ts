/**
 * One process of one person: `write` puts a long document on record, or dies by SIGKILL at the given block; `read` reads it from end to end, then in
 * random parts. Says what it did, and the most memory it ever held beyond what it held before, as one line of JSON.
 */
import { join } from "node:path";
import { openEmbeddedStore, sqliteEnvelopeStore } from "@anamnesis/node";
import {
  type ContentStore,
  createClient,
  type Deployment,
  type PatientId,
  type ProviderId,
  type RecordId,
  withActions,
} from "@anamnesis/sdk";
import { fromHex, type Hex } from "@anamnesis/sdk/internal";
import { Wallet } from "ethers";
import { randomOf } from "../../node/crash/disk.ts";
import { documentOf, isOfDocument } from "./document.ts";

export interface Order {
  readonly deployment: Deployment;
  readonly key: string;
  readonly directory: string;
  readonly patient: PatientId;
  readonly length: number;
  readonly write?: {
    readonly localKey: Hex;
    readonly uploadName: string;
    /** Blocks stored by this process before it dies; it lives where none is given. */
    readonly dieAt?: number | undefined;
    /** A mistake: holds the whole document. */
    readonly inMemory?: boolean | undefined;
  };
  readonly read?: {
    readonly recordId: RecordId;
    readonly via: ProviderId;
    readonly ranges: number;
    readonly seed: number;
    /** A mistake: holds the whole document. */
    readonly inMemory?: boolean | undefined;
  };
}

export interface Report {
  /** Bytes at the most beyond those before the content was touched. */
  readonly memory: number;
  /** Bytes at the most, program and libraries included. */
  readonly resident: number;
  readonly recordId?: RecordId;
  readonly cid?: string;
  /** Bytes read and found right, from end to end and in parts. */
  readonly whole?: number;
  readonly parts?: number;
}

const order = JSON.parse(process.argv[2] ?? "") as Order;
const { deployment, directory, patient, length } = order;
const most = () => process.resourceUsage().maxRSS * 1_024;

/** The store, and a process that dies in the midst of writing a block. */
function dying(store: ContentStore, dieAt = Number.POSITIVE_INFINITY): ContentStore {
  let blocks = 0;
  return {
    ...store,
    put: (body, options) =>
      store.put(body, {
        ...options,
        onProgress({ phase }) {
          if (phase === "storing" && ++blocks >= dieAt) process.kill(process.pid, "SIGKILL");
        },
      }),
  };
}

const storage = dying(await openEmbeddedStore(join(directory, "ipfs")), order.write?.dieAt);
const envelopes = sqliteEnvelopeStore(join(directory, "envelopes.sqlite"));
const localKey = order.write && fromHex(order.write.localKey);
const client = withActions(
  await createClient({ deployment, signer: new Wallet(order.key), storage, envelopes, localKey }),
);

async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function write({ uploadName, inMemory = false }: NonNullable<Order["write"]>): Promise<object> {
  const bytes = inMemory ? await collected(documentOf(length)) : documentOf(length);
  const content = {
    bytes,
    length,
    mediaType: "application/dicom",
    title: "CT of the chest",
    labels: ["imaging"],
  } as const;
  const { recordId, cid } = await client.records.add({ patient, content, ...(inMemory ? {} : { uploadName }) });
  return { recordId, cid };
}

async function read({ recordId, via, ranges, seed, inMemory = false }: NonNullable<Order["read"]>): Promise<object> {
  const chart = await client.access.open({ patient, via, purpose: "treatment", labels: ["imaging"] });
  if (!chart.allowed) throw new Error(chart.words);
  const scan = await chart.readStream(recordId);
  let whole = 0;
  for await (const piece of inMemory ? [await collected(scan.content)] : scan.content) {
    if (!isOfDocument(piece, whole, length)) throw new Error(`Other bytes than were written, at ${whole}.`);
    whole += piece.length;
  }
  const random = randomOf(seed);
  let parts = 0;
  for (let i = 0; i < ranges; i++) {
    const wanted = Math.min(1_048_576, length);
    const offset = Math.floor(random() * (length - wanted + 1));
    const bytes = await scan.range(offset, wanted);
    if (bytes.length !== wanted || !isOfDocument(bytes, offset, length)) throw new Error(`Other bytes at ${offset}.`);
    parts += bytes.length;
  }
  return { whole, parts };
}

const before = most();
const done = order.write ? await write(order.write) : await read(order.read as NonNullable<Order["read"]>);
const resident = most();
process.stdout.write(JSON.stringify({ memory: resident - before, resident, ...done }));
envelopes.close();
await storage.close();
process.exit(0);

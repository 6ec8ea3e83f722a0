import { CID } from "multiformats/cid";
import { concat } from "../core/bytes.ts";
import { AnamnesisError } from "../errors/index.ts";
import { dagPbCodec, rawCodec, requireUsableCid } from "./cid.ts";
import { bytesField, decodeProtobuf, numberField } from "./protobuf.ts";

/** One child of a file's tree. */
export interface FileLink {
  readonly cid: CID;
  /** Bytes of the file below this link. */
  readonly size: number;
}

/** One block of a file's tree: bytes of its own (none in trees made here), then those of its children in order. */
export interface FileNode {
  readonly size: number;
  readonly data: Uint8Array;
  readonly links: readonly FileLink[];
}

/** A link to be written; `treeSize` is what dag-pb calls Tsize: the child's block and all below it. */
export interface TreeLink extends FileLink {
  readonly treeSize: number;
}

const fieldsOfNode = { data: 1, link: 2 } as const;
const fieldsOfLink = { hash: 1, name: 2, treeSize: 3 } as const;
const fieldsOfFile = { type: 1, data: 2, fileSize: 3, blockSize: 4 } as const;
const typeRaw = 0;
const typeFile = 2;

/** Encodes a node of links only, in dag-pb's canonical order (links before data). */
export function encodeFileNode(links: readonly TreeLink[]): Uint8Array {
  const size = links.reduce((total, link) => total + link.size, 0);
  const file = concat(
    numberField(fieldsOfFile.type, typeFile),
    numberField(fieldsOfFile.fileSize, size),
    ...links.map((link) => numberField(fieldsOfFile.blockSize, link.size)),
  );
  const encoded = links.map((link) =>
    bytesField(
      fieldsOfNode.link,
      concat(
        bytesField(fieldsOfLink.hash, link.cid.bytes),
        bytesField(fieldsOfLink.name, new Uint8Array(0)),
        numberField(fieldsOfLink.treeSize, link.treeSize),
      ),
    ),
  );
  return concat(...encoded, bytesField(fieldsOfNode.data, file));
}

/**
 * Reads a verified block as part of a file. Trees of other tools are read too (bytes within nodes, CIDv0), but sizes must
 * add up: the range of every child is decided by them.
 *
 * @throws STORAGE_NOT_A_FILE, STORAGE_INVALID_CID
 */
export function decodeFileNode(cid: CID, block: Uint8Array): FileNode {
  if (cid.code === rawCodec) return { size: block.length, data: block, links: [] };
  const refuse = (reason: string) => new AnamnesisError("STORAGE_NOT_A_FILE", { cid: cid.toString(), reason });
  if (cid.code !== dagPbCodec) throw refuse("unknown codec");

  const node = decodeProtobuf(block);
  if (!node) throw refuse("malformed block");
  const hashes: CID[] = [];
  let content: Uint8Array | undefined;
  for (const item of node) {
    if (!("bytes" in item)) throw refuse("malformed block");
    if (item.field === fieldsOfNode.data) content = item.bytes;
    else if (item.field === fieldsOfNode.link) hashes.push(decodeLink(item.bytes, refuse));
  }
  const file = content && decodeProtobuf(content);
  if (!file) throw refuse("no file description");

  let type: number | undefined;
  let fileSize: number | undefined;
  let data: Uint8Array = new Uint8Array(0);
  const sizes: number[] = [];
  for (const item of file) {
    if ("number" in item) {
      if (item.field === fieldsOfFile.type) type = item.number;
      else if (item.field === fieldsOfFile.fileSize) fileSize = item.number;
      else if (item.field === fieldsOfFile.blockSize) sizes.push(item.number);
    } else if (item.field === fieldsOfFile.data) {
      data = item.bytes;
    } else if (item.field === fieldsOfFile.blockSize) {
      throw refuse("packed sizes");
    }
  }
  if (type !== typeFile && type !== typeRaw) throw refuse("not a file");
  if (sizes.length !== hashes.length) throw refuse("sizes do not match links");
  const links = hashes.map((child, i) => ({ cid: child, size: sizes[i] as number }));
  const size = links.reduce((total, link) => total + link.size, data.length);
  if (!Number.isSafeInteger(size)) throw refuse("too large");
  if (fileSize !== undefined && fileSize !== size) throw refuse("sizes do not add up");
  return { size, data, links };
}

function decodeLink(bytes: Uint8Array, refuse: (reason: string) => AnamnesisError): CID {
  const hash = decodeProtobuf(bytes)?.find((item) => item.field === fieldsOfLink.hash);
  if (!hash || !("bytes" in hash)) throw refuse("malformed link");
  let child: CID;
  try {
    child = CID.decode(hash.bytes);
  } catch {
    throw refuse("malformed link");
  }
  return requireUsableCid(child);
}

import { AbiCoder, decodeRlp, encodeRlp, keccak256, toBeArray } from "ethers";
import type { AbortOptions } from "../core/abort.ts";
import type { Hex } from "../core/bytes.ts";
import { AnamnesisError, isAnamnesisError } from "../errors/index.ts";
import { ask, type ChainNode } from "./node.ts";
import { trieValue } from "./state-trie.ts";

/** What shows one storage slot of one contract to whoever trusts the hash of a block (EIP-1186). */
export interface StateProof {
  /** RLP of the block's header, whose Keccak-256 is the block's hash. */
  readonly header: Hex;
  /** Nodes from the state root to the contract's account. */
  readonly account: readonly Hex[];
  /** Nodes from the account's storage root to the slot. */
  readonly storage: readonly Hex[];
}

/** What a state proof shows. */
export interface ProvenSlot {
  readonly blockHash: Hex;
  readonly block: number;
  /** Unix seconds, the block's. */
  readonly time: number;
  readonly value: bigint;
}

const abi = /* @__PURE__ */ new AbiCoder();

/** Place of `_heads` among LogRegistry's variables, of `_anchoredAt` among RecordRegistry's: tests read both from deployed contracts. */
const HEADS = 0n;
const ANCHORS = 5n;

const slotIn = (variable: bigint, key: Hex): Hex =>
  keccak256(abi.encode(["bytes32", "uint256"], [key, variable])) as Hex;

/** LogRegistry's slot of an owner's head. */
export const logHeadSlot = (owner: Hex): Hex => slotIn(HEADS, owner);

/** RecordRegistry's slot of an anchor. */
export function anchorSlot(anchor: {
  readonly recordId: Hex;
  readonly patient: Hex;
  readonly labels: bigint;
  readonly author: Hex;
}): Hex {
  const { recordId, patient, labels, author } = anchor;
  const key = keccak256(abi.encode(["bytes32", "bytes32", "uint64", "bytes32"], [recordId, patient, labels, author]));
  return slotIn(ANCHORS, key as Hex);
}

const STATE_ROOT = 3;
const NUMBER = 8;
const TIMESTAMP = 11;

/** Recomputes the block's hash from the header, and the slot's value from the state root in it; undefined where the nodes do not show it. */
export function provenSlot(proof: StateProof, address: Hex, slot: Hex): ProvenSlot | undefined {
  try {
    const header = decodeRlp(proof.header) as readonly string[];
    const account = trieValue(header[STATE_ROOT] as Hex, address, proof.account);
    if (account === undefined) return undefined;
    const storageRoot = (decodeRlp(account) as readonly string[])[2] as Hex;
    const value = trieValue(storageRoot, slot, proof.storage);
    if (value === undefined) return undefined;
    return {
      blockHash: keccak256(proof.header) as Hex,
      block: Number(header[NUMBER]),
      time: Number(header[TIMESTAMP]),
      value: BigInt(decodeRlp(value) as string),
    };
  } catch {
    // Whatever is no header and no trie shows nothing.
    return undefined;
  }
}

/** Fields of a header in their order, as far as the fork has them: up to Prague. */
const fields = [
  ...["parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom", "difficulty"],
  ...["number", "gasLimit", "gasUsed", "timestamp", "extraData", "mixHash", "nonce", "baseFeePerGas"],
  ...["withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot", "requestsHash"],
];
const quantities: ReadonlySet<string> = new Set([
  ...["difficulty", "number", "gasLimit", "gasUsed", "timestamp", "baseFeePerGas", "blobGasUsed", "excessBlobGas"],
]);

function headerOf(block: Readonly<Record<string, unknown>>): Hex | undefined {
  const given = fields.filter((field) => typeof block[field] === "string");
  const encoded = encodeRlp(
    given.map((field) =>
      quantities.has(field) ? toBeArray(BigInt(block[field] as string)) : (block[field] as string),
    ),
  ) as Hex;
  return keccak256(encoded) === block["hash"] ? encoded : undefined;
}

/**
 * Asks a node for the proof of a slot at a block, and checks it.
 * @throws CHAIN_STATE_PROOF_UNAVAILABLE where the node does not serve such proofs, no longer has the block's state, or the chain's headers
 * are not Ethereum's; CHAIN_UNREACHABLE
 */
export async function fetchStateProof(
  node: ChainNode,
  { address, slot, block }: { readonly address: Hex; readonly slot: Hex; readonly block: number },
  { signal }: AbortOptions = {},
): Promise<StateProof> {
  const unavailable = (reason: string, cause?: unknown) =>
    new AnamnesisError("CHAIN_STATE_PROOF_UNAVAILABLE", { node: node.name, block, reason }, { cause });
  const tag = `0x${block.toString(16)}`;
  try {
    const [found, answer] = await Promise.all([
      ask(node, "eth_getBlockByNumber", [tag, false], signal) as Promise<Readonly<Record<string, unknown>> | null>,
      ask(node, "eth_getProof", [address, [slot], tag], signal) as Promise<{
        readonly accountProof: readonly Hex[];
        readonly storageProof: readonly { readonly proof: readonly Hex[] }[];
      }>,
    ]);
    const header = found ? headerOf(found) : undefined;
    if (header === undefined) throw unavailable("its headers are not Ethereum's");
    const proof = { header, account: answer.accountProof, storage: answer.storageProof[0]?.proof ?? [] };
    if (provenSlot(proof, address, slot) === undefined) throw unavailable("its proof does not hold");
    return proof;
  } catch (cause) {
    if (isAnamnesisError(cause, "CHAIN_REQUEST_FAILED")) throw unavailable("it does not serve such proofs", cause);
    throw cause;
  }
}

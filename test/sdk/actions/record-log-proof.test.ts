import { expect } from "chai";
import type { RecordProof } from "../../../sdk/src/actions/records/record-proof.ts";
import { verifyRecordProof } from "../../../sdk/src/actions/records/verify-record-proof.ts";
import { fromHex, type Hex } from "../../../sdk/src/core/bytes.ts";
import type { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import { readVectors } from "../crypto/shared-vectors.ts";

interface Frozen {
  readonly proof: RecordProof;
  readonly document: Hex;
  readonly head: { readonly root: Hex; readonly size: number };
  readonly block: { readonly blockHash: Hex; readonly contract: Hex; readonly number: number };
}

describe("The proof of a logged record", () => {
  const { proof, document, head, block } = readVectors<Frozen>("log/record-proof.json");
  const bytes = fromHex(document);

  it("holds as it was frozen, against a head and against a block", () => {
    const byHead = verifyRecordProof(proof, { document: bytes, trusted: head });
    expect(byHead).to.deep.include({ valid: true, document: true, labels: ["laboratory"], anchored: { size: 5 } });
    const byBlock = verifyRecordProof(proof, { trusted: block });
    expect(byBlock.valid && byBlock.anchored).to.deep.include({ block: block.number });
    expect(verifyRecordProof(proof)).to.deep.include({ valid: true, document: false, anchored: undefined });
  });

  it("does not hold with one changed byte of anything that it shows", () => {
    const flipped = (hex: Hex, at: number): Hex => {
      const changed = fromHex(hex);
      changed[at] = (changed[at] as number) ^ 1;
      return `0x${Buffer.from(changed).toString("hex")}`;
    };
    const last = (hex: Hex) => fromHex(hex).length - 1;
    const { log, state } = proof;
    const changed: RecordProof[] = [
      ...Array.from({ length: 32 }, (_, i) => ({ ...proof, restHash: flipped(proof.restHash, i) })),
      ...Array.from({ length: 32 }, (_, i) => ({ ...proof, nonce: flipped(proof.nonce, i) })),
      ...log!.path.map((hash, i) => ({ ...proof, log: { ...log!, path: log!.path.with(i, flipped(hash, i)) } })),
      ...[0, 1, 2, 4].map((index) => ({ ...proof, log: { ...log!, index } })),
      { ...proof, log: { ...log!, root: flipped(log!.root, 3) } },
      { ...proof, state: { ...state!, header: flipped(state!.header, last(state!.header)) } },
      ...state!.account.map((node, i) => {
        return { ...proof, state: { ...state!, account: state!.account.with(i, flipped(node, last(node))) } };
      }),
      ...state!.storage.map((node, i) => {
        return { ...proof, state: { ...state!, storage: state!.storage.with(i, flipped(node, last(node))) } };
      }),
    ];
    const outcomes = changed.map((each) => verifyRecordProof(each, { document: bytes, trusted: block }).valid);
    expect([outcomes.length > 70, outcomes.filter(Boolean)]).to.deep.equal([true, []]);
    expect(verifyRecordProof(proof, { document: bytes, trusted: block }).valid).to.equal(true);
  });

  it("that is none is refused with RECORD_PROOF_INVALID", () => {
    const codeOf = (given: unknown): string => {
      try {
        verifyRecordProof(given as RecordProof);
      } catch (error) {
        return (error as AnamnesisError).code;
      }
      return "accepted";
    };
    const { log, state } = proof;
    const malformed = [
      ...[null, {}, "proof", { ...proof, format: "anamnesis-proof/v2" }, { ...proof, publicPart: "0x00" }],
      ...[
        { ...proof, log: null },
        { ...proof, log: { ...log, path: "0x" } },
        { ...proof, log: { ...log, size: -1 } },
      ],
      ...[
        { ...proof, log: { ...log, path: Array(65).fill(log!.root) } },
        { ...proof, state: { ...state, account: [1] } },
      ],
    ];
    expect(malformed.map(codeOf)).to.deep.equal(malformed.map(() => "RECORD_PROOF_INVALID"));
    expect(codeOf(proof)).to.equal("accepted");
  });
});

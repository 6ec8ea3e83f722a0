import { type Hex, type RecordProof, type TrustedAnchor, verifyRecordProof } from "@anamnesis/sdk";
import { Command } from "commander";
import { exitCodes } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import { answerMark, say, sayJson, saySheet, timeText } from "../print.ts";
import { readBytes, readJson } from "../read-file.ts";

interface VerifyProofOptions {
  readonly document?: string | undefined;
  readonly root?: string | undefined;
  readonly size?: string | undefined;
  readonly blockHash?: string | undefined;
  readonly contract?: string | undefined;
  readonly json: boolean;
}

/** What the options say is trusted. @throws CommandFailure for half of it */
function trustedBy({ root, size, blockHash, contract }: VerifyProofOptions): TrustedAnchor | undefined {
  if ((root === undefined) !== (size === undefined)) throw new CommandFailure("Name --root and --size together.");
  if ((blockHash === undefined) !== (contract === undefined))
    throw new CommandFailure("Name --block-hash and --contract together.");
  if (root !== undefined && blockHash !== undefined) throw new CommandFailure("Name a root or a block, not both.");
  if (root !== undefined) return { root: root as Hex, size: Number(size) };
  return blockHash === undefined ? undefined : { blockHash: blockHash as Hex, contract: contract as Hex };
}

async function verifyProof(file: string, options: VerifyProofOptions): Promise<void> {
  const trusted = trustedBy(options);
  const proof = (await readJson(file)) as RecordProof;
  const document = options.document === undefined ? undefined : await readBytes(options.document);
  const found = verifyRecordProof(proof, { document, trusted });
  process.exitCode = found.valid ? exitCodes.yes : exitCodes.no;
  if (options.json) sayJson(found.valid ? { ...found, anchored: found.anchored ?? null } : found);
  else if (!found.valid) say(`${answerMark(false)} ${found.words}`);
  else {
    const { anchored } = found;
    const traced = anchored ? "and what you trust holds the record" : "but it was not held against anything you trust";
    say(`${answerMark(true)} The proof holds, ${traced}.`);
    const block = anchored && "block" in anchored ? `${timeText(anchored.time)}, block ${anchored.block}` : undefined;
    const head = anchored && "size" in anchored ? `head of ${anchored.size} records` : undefined;
    saySheet([
      ["record", found.recordId],
      ["patient", found.patient],
      ["author", found.author],
      ["labels", found.labels.join(", ")],
      ["document", found.document ? "the one on record" : "not compared: name it with --document"],
      ["in the log", proof.log ? `${proof.log.index + 1} of ${proof.log.size}` : "no: it has an anchor of its own"],
      ["anchored", block ?? head ?? "not asked: name --root and --size, or --block-hash and --contract"],
    ]);
  }
}

export const verifyProofCommand = (): Command =>
  new Command("verify-proof")
    .description("does the proof of a record hold? Needs no network: only the proof and what you trust")
    .argument("<proof>", "the proof, as records.prove made it")
    .option("--document <file>", "the file that was handed over, unchanged to the last byte")
    .option("--root <hex>", "a head of the author's log that you trust: its root")
    .option("--size <n>", "and its size")
    .option("--block-hash <hex>", "a block that you trust, of a chain whose headers are Ethereum's")
    .option("--contract <address>", "and the LogRegistry or RecordRegistry of your network")
    .option("--json", "print JSON for machines", false)
    .action(verifyProof);

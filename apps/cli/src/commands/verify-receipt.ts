import { type ProvenReceipt, type ReceiptProof, verifyReceiptProof } from "@anamnesis/sdk";
import { Command, Option } from "commander";
import { connect } from "../connect.ts";
import { exitCodes } from "../exit-codes.ts";
import { answerMark, say, sayJson, saySheet, timeText } from "../print.ts";
import { readJson } from "../read-file.ts";

interface VerifyReceiptOptions {
  readonly deployment?: string | undefined;
  readonly node?: string | undefined;
  readonly json: boolean;
}

/** Without the bytes that the proof has already. */
function forMachines({ valid, receipt, anchored }: ProvenReceipt) {
  const { receiptId, steward, keyId, epoch, block, sessionId, kind, patient, actor, purpose, records, time } = receipt;
  const line = { receiptId, steward, keyId, epoch, block, sessionId, kind, patient, actor, purpose, records, time };
  return { valid, receipt: { ...line, verb: receipt.asked.verb }, anchored: anchored ?? null };
}

async function verifyReceipt(file: string, { deployment, node, json }: VerifyReceiptOptions): Promise<void> {
  const proof = (await readJson(file)) as ReceiptProof;
  const found =
    deployment === undefined
      ? verifyReceiptProof(proof)
      : await (await connect({ deployment, node })).audit.verifyReceipt({ proof });
  process.exitCode = found.valid ? exitCodes.yes : exitCodes.no;
  if (json) sayJson(found.valid ? forMachines(found) : found);
  else if (!found.valid) say(`${answerMark(false)} ${found.words}`);
  else {
    const { receipt, anchored } = found;
    say(`${answerMark(true)} The steward signed this receipt, and it is in the steward's log.`);
    saySheet([
      ["receipt", receipt.receiptId],
      ["steward", receipt.steward],
      ["patient", receipt.patient],
      ["asked by", receipt.actor],
      ["records", `${receipt.asked.verb === "list" ? "listed" : "released"} ${receipt.records.length}`],
      ["written", timeText(receipt.time)],
      ["in the log", `${proof.index + 1} of ${proof.size}`],
      ["anchored", anchored ? `${timeText(anchored.time)}, block ${anchored.block}` : "not asked: name a deployment"],
    ]);
  }
}

export const verifyReceiptCommand = (): Command =>
  new Command("verify-receipt")
    .description("did a steward write this receipt, and can it still deny it? Needs no network, unless one is named")
    .argument("<proof>", "the proof, as audit.proveReceipt made it")
    .addOption(
      new Option("-d, --deployment <file>", "ask this network, too, whether the log was put on its chain").env(
        "ANAMNESIS_DEPLOYMENT",
      ),
    )
    .addOption(new Option("-n, --node <url>", "JSON-RPC node to ask instead of the deployment's").env("ANAMNESIS_NODE"))
    .option("--json", "print JSON for machines", false)
    .action(verifyReceipt);

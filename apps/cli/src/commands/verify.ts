import type { RecordProof } from "@anamnesis/sdk";
import { Command } from "commander";
import { connect, type NetworkOptions, withNetworkOptions } from "../connect.ts";
import { exitCodes } from "../exit-codes.ts";
import { answerMark, say, sayJson, saySheet, timeText } from "../print.ts";
import { readBytes, readJson } from "../read-file.ts";

interface VerifyOptions extends NetworkOptions {
  readonly proof: string;
  readonly json: boolean;
}

async function verify(document: string, options: VerifyOptions): Promise<void> {
  const bytes = await readBytes(document);
  const proof = (await readJson(options.proof)) as RecordProof;
  const client = await connect(options);
  const found = await client.records.verify({ bytes, proof });
  process.exitCode = found.valid ? exitCodes.yes : exitCodes.no;
  if (options.json) sayJson(found);
  else if (!found.valid) say(`${answerMark(false)} ${found.words}`);
  else {
    const retracted = found.retracted ? " Its author has since marked it as entered in error." : "";
    say(`${answerMark(true)} This is the document that was put on record.${retracted}`);
    saySheet([
      ["record", found.recordId],
      ["patient", found.patient],
      ["author", found.author],
      ["labels", found.labels.join(", ")],
      ["anchored", `${timeText(found.anchoredTime)}, block ${found.anchoredAt}`],
    ]);
  }
}

export const verifyCommand = (): Command =>
  withNetworkOptions(new Command("verify"))
    .description("is a document the one on record? Needs no key, no consent and no steward")
    .argument("<document>", "the file that was handed over, unchanged to the last byte")
    .requiredOption("--proof <file>", "its proof, as records.prove made it")
    .action(verify);

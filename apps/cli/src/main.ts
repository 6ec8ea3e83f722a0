#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { devCommand } from "./commands/dev.ts";
import { explainCommand } from "./commands/explain.ts";
import { trailCommand } from "./commands/trail.ts";
import { verifyCommand } from "./commands/verify.ts";
import { verifyProofCommand } from "./commands/verify-proof.ts";
import { verifyReceiptCommand } from "./commands/verify-receipt.ts";
import { witnessCommand } from "./commands/witness.ts";
import { exitCodes } from "./exit-codes.ts";
import { failureText } from "./failure.ts";

const program = new Command("anamnesis")
  .description("Patient-controlled sharing of health records on an EVM chain")
  .addHelpText("after", "\nExit codes: 0 yes or done, 1 no, 2 the question could not be answered.")
  .exitOverride();
const commands = [
  devCommand(),
  explainCommand(),
  trailCommand(),
  verifyCommand(),
  verifyProofCommand(),
  verifyReceiptCommand(),
  witnessCommand(),
];
for (const command of commands) {
  program.addCommand(command.copyInheritedSettings(program));
}

try {
  await program.parseAsync();
} catch (error) {
  // Commander has said it already.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.yes : exitCodes.failed;
  } else {
    process.stderr.write(`${failureText(error)}\n`);
    process.exitCode = exitCodes.failed;
  }
}

#!/usr/bin/env node
import { faultFields } from "@anamnesis/node/steward";
import { isAnamnesisError } from "@anamnesis/sdk/errors";
import { Command } from "commander";
import { run } from "./run.ts";

const program = new Command("anamnesis-steward")
  .description("Holds one share of the committee's key and answers by what the chain permits")
  .requiredOption("-c, --config <file>", "configuration; ANAMNESIS_STEWARD_* variables go before it")
  .action(run);

try {
  await program.parseAsync();
} catch (error) {
  // Anything else may hold what nobody should read on a terminal.
  const text = isAnamnesisError(error) ? error.message : JSON.stringify(faultFields(error));
  process.stderr.write(`${text}\n`);
  process.exitCode = 2;
}

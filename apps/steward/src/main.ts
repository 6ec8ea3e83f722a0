#!/usr/bin/env node
import { faultFields } from "@anamnesis/node/steward";
import { isAnamnesisError } from "@anamnesis/sdk/errors";
import { Command, CommanderError } from "commander";
import { ceremonyCommand } from "./ceremony.ts";
import { certificates, subjectArgument } from "./certificates.ts";
import { run } from "./run.ts";

const program = new Command("anamnesis-steward")
  .description("Holds one share of the committee's key and answers by what the chain permits")
  .option("-c, --config <file>", "configuration; ANAMNESIS_STEWARD_* variables go before it")
  .action((options: { readonly config?: string }) => {
    if (options.config === undefined) program.error("error: required option '-c, --config <file>' not specified");
    else return run(options.config);
  })
  .exitOverride();
program
  .command("certificates")
  .description("make a private authority, and a certificate for each steward of a network")
  .requiredOption(
    "-d, --directory <folder>",
    "where the files go; an authority that is there already signs the new ones",
  )
  .requiredOption("-s, --steward <name=hosts>", "a steward and where it is reached; repeatable", subjectArgument)
  .action(certificates)
  .exitOverride();
program.addCommand(ceremonyCommand());

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    // Anything else may hold what nobody should read on a terminal.
    const text = isAnamnesisError(error) ? error.message : JSON.stringify(faultFields(error));
    process.stderr.write(`${text}\n`);
    process.exitCode = 2;
  }
}

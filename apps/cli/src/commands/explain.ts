import type { Action, Label, PatientId, ProviderId, Purpose, SeriesId } from "@anamnesis/sdk";
import { Command } from "commander";
import {
  actionArgument,
  labelsArgument,
  patientArgument,
  providerArgument,
  purposeArgument,
  seriesArgument,
} from "../arguments.ts";
import { connect, type NetworkOptions, withNetworkOptions } from "../connect.ts";
import { exitCodes } from "../exit-codes.ts";
import { answerMark, say, sayJson, saySheet, timeText } from "../print.ts";

interface ExplainOptions extends NetworkOptions {
  readonly patient: PatientId;
  readonly actor: ProviderId;
  readonly via?: ProviderId | undefined;
  readonly purpose: Purpose;
  readonly labels: readonly Label[];
  readonly series?: SeriesId | undefined;
  readonly action: Action;
  readonly json: boolean;
}

async function explain(options: ExplainOptions): Promise<void> {
  const { patient, actor, via, purpose, labels, series, action } = options;
  const client = await connect(options);
  const found = await client.access.explain({ patient, actor, via, purpose, labels, series, action });
  if (options.json) sayJson(found);
  else {
    say(`${answerMark(found.allowed)} ${found.words}`);
    if (found.grantTag !== undefined) {
      saySheet([
        ["granted", found.grantedLabels.join(", ") || "nothing"],
        ["not covered", found.missingLabels.join(", ") || "nothing"],
        ["actions", found.grantedActions.join(", ") || "none"],
        ["from", found.from === undefined ? "" : timeText(found.from)],
        ["until", found.until === undefined ? "" : timeText(found.until)],
      ]);
    }
  }
  process.exitCode = found.allowed ? exitCodes.yes : exitCodes.no;
}

export const explainCommand = (): Command =>
  withNetworkOptions(new Command("explain"))
    .description("why may somebody open a record, or why not? Asks the contract that decides, and leaves no trace")
    .requiredOption("--patient <id>", "whose record", patientArgument)
    .requiredOption("--actor <id>", "the provider who would open it", providerArgument)
    .option("--via <id>", "the organisation they act for", providerArgument)
    .option("--purpose <word>", "why", purposeArgument, "treatment")
    .requiredOption("--labels <words>", "kinds of records, with commas between them", labelsArgument)
    .option("--series <id>", "one record and its amendments", seriesArgument)
    .option("--action <word>", "read, write or share", actionArgument, "read")
    .action(explain);

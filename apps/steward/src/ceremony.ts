import { readFileSync } from "node:fs";
import {
  approveCeremony,
  ceremonyCard,
  ceremonyPlan,
  coordinateCeremony,
  type PlanParameters,
  planHashOf,
  planOfText,
  readStewardConfiguration,
} from "@anamnesis/node/steward";
import { Command, InvalidArgumentError, Option } from "commander";

const print = (value: unknown) => void process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);

function configurationOf(command: Command) {
  const { config } = command.optsWithGlobals<{ config?: string }>();
  if (config === undefined) command.error("error: required option '-c, --config <file>' not specified");
  return readStewardConfiguration(config as string, process.env);
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("a whole number");
}
const counts = (text: string, before: readonly number[] = []): readonly number[] => [...before, count(text)];
const files = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** `anamnesis-steward ceremony …`: what operators do to make a committee's key, or to hand it on. */
export function ceremonyCommand(): Command {
  const ceremony = new Command("ceremony").description("make a committee's key, or hand it to its next members");
  const add = (name: string) => ceremony.command(name).exitOverride();

  add("card")
    .description("print what the plan says of this steward; no secret")
    .requiredOption("-e, --endpoint <url>", "where the steward is asked")
    .action(async ({ endpoint }: { endpoint: string }, command: Command) =>
      print(await ceremonyCard(configurationOf(command), endpoint)),
    );
  add("plan")
    .description("print a plan for every operator to approve")
    .addOption(
      new Option("-k, --kind <kind>", "a new key, or the one there is")
        .choices(["found", "reshare"])
        .makeOptionMandatory(),
    )
    .requiredOption("-t, --threshold <number>", "members it takes to open a record", count)
    .requiredOption("-m, --card <file>", "a member's card, in order of their shares; repeatable", files)
    .option("--key <keyId>", "the key to hand on, or the one in force; none for a network's very first")
    .action(
      async (
        {
          kind,
          threshold,
          card,
          key,
        }: { kind: PlanParameters["kind"]; threshold: number; card: string[]; key?: string },
        command: Command,
      ) => {
        const cards = card.map((file) => JSON.parse(readFileSync(file, "utf8")) as PlanParameters["cards"][number]);
        const keyId = key as PlanParameters["keyId"];
        print(await ceremonyPlan(configurationOf(command), { kind, threshold, cards, keyId }));
      },
    );
  add("hash")
    .description("print a plan's hash, to compare with the other operators before approving it")
    .argument("<plan>", "the plan's file")
    .action((plan: string) => print({ plan: planHashOf(planOfText(readFileSync(plan, "utf8"))) }));
  add("approve")
    .description("take part in a plan, after reading it; the running service does the rest")
    .argument("<plan>", "the plan's file")
    .action(async (plan: string, _: unknown, command: Command) =>
      print({ approved: await approveCeremony(configurationOf(command), plan) }),
    );
  add("run")
    .description(
      "carry the messages of a plan that every member approved, and publish the outcome; run again after any failure",
    )
    .argument("<plan>", "the plan's file")
    .option("--publish-with <file>", "private key of the account that publishes; the steward's own by default")
    .option("--without <number>", "a member of the committee before to leave out; repeatable", counts)
    .action(async (plan: string, options: { publishWith?: string; without?: number[] }, command: Command) => {
      const { publication, attempt, faults } = await coordinateCeremony(configurationOf(command), plan, options);
      const { keyId, epoch } = publication?.committee ?? {};
      print({ keyId, epoch, attempt, faults });
    });
  return ceremony.exitOverride();
}

/** Whoever runs a ceremony, in a process that can be killed: what `anamnesis-steward ceremony run` does, once it is told to. */
import { coordinateCeremony, readStewardConfiguration } from "@anamnesis/node/steward";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import type { CoordinatorTask, CoordinatorWord } from "./coordinator.ts";

const say = (word: CoordinatorWord) => void process.send?.(word);

async function coordinate({ file, plan, publishWith }: CoordinatorTask): Promise<CoordinatorWord> {
  try {
    const onStep = (_: number, step: string) => say({ step });
    const { attempt } = await coordinateCeremony(readStewardConfiguration(file), plan, { publishWith, onStep });
    return { ended: { attempt } };
  } catch (error) {
    if (!(error instanceof AnamnesisError)) throw error;
    const { stewards = [], reasons = [] } = error.details as { stewards?: string[]; reasons?: string[] };
    return { failed: { code: error.code, stewards, reasons } };
  }
}

process.once("message", async (task: CoordinatorTask) => {
  say(await coordinate(task));
  process.disconnect();
});
say({ step: "loaded" });

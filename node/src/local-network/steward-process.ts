/**
 * One steward of the local network: the same service as `anamnesis-steward`, in a process of its own, whose clock its parent
 * can move on. It ends when its parent does.
 */
import { createLogger, endInOrder, faultFields, guardProcess } from "../service/index.ts";
import { type Clock, systemClock } from "../steward/index.ts";
import { readStewardConfiguration, runStewardService, type StewardService } from "../steward-service/index.ts";
import type { StewardProcessAnswer, StewardProcessMessage } from "./steward-processes.ts";

let passed = 0;
const clock: Clock = { now: () => Date.now() + 1_000 * passed, elapsed: systemClock.elapsed };
const logger = createLogger({ service: "steward" });
let service: StewardService | undefined;

async function start(file: string): Promise<void> {
  service = await runStewardService(readStewardConfiguration(file), { clock, logger });
  await service.seated();
  process.send?.({ url: service.url } satisfies StewardProcessAnswer);
}

guardProcess(logger);
endInOrder(async () => service?.stop());
process.on("message", (message: StewardProcessMessage) => {
  if (message.passed !== undefined) {
    passed = message.passed;
    process.send?.({ passed } satisfies StewardProcessAnswer);
  }
  if (message.file === undefined) return;
  start(message.file).catch((error: unknown) => {
    logger.fatal(faultFields(error), "the steward did not start");
    process.exit(1);
  });
});

import {
  createLogger,
  endInOrder,
  guardProcess,
  readStewardConfiguration,
  runStewardService,
} from "@anamnesis/node/steward";

/** Runs the service until it is asked to end. @throws as `readStewardConfiguration` and `runStewardService` */
export async function run(file: string): Promise<void> {
  const configuration = readStewardConfiguration(file, process.env);
  const logger = createLogger({ service: "steward", level: configuration.logLevel });
  guardProcess(logger);
  const service = await runStewardService(configuration, { logger });
  endInOrder(service.stop);
}

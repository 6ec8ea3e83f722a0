export { createLogger, endInOrder, faultFields, guardProcess, type Logger } from "../service/index.ts";
export {
  readStewardConfiguration,
  type StewardServiceConfiguration,
  type StewardServiceFile,
} from "./configuration.ts";
export { runStewardService, type StewardService, type StewardServiceOptions } from "./run-steward-service.ts";

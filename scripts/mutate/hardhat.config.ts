/**
 * The project's own configuration over artifacts that a mutation worker writes, compiled without the optimizer: larger than a chain
 * would take.
 */
import type { HardhatPlugin } from "hardhat/types/plugins";
import config from "../../hardhat.config.ts";

const artifacts = process.env["ANAMNESIS_MUTANT_ARTIFACTS"];
if (artifacts === undefined) throw new Error("ANAMNESIS_MUTANT_ARTIFACTS names the folder of the artifacts.");

const remember: HardhatPlugin = {
  id: "anamnesis-mutation",
  hookHandlers: { network: () => import("./connections.ts") },
};

export default {
  ...config,
  plugins: [...(config.plugins ?? []), remember],
  networks: { default: { ...config.networks?.["default"], allowUnlimitedContractSize: true } },
  paths: { ...config.paths, artifacts },
};

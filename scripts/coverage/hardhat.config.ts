/**
 * The project's own configuration, compiled apart, without Yul and without the optimizer (docs/decisions/0006), and with a coverage marker
 * that leaves memory alone: Hardhat's writes behind the free memory pointer, where `Vocabulary` keeps the words it is about to hash, so
 * that no signature would be valid any more.
 */
import type { HardhatPlugin } from "hardhat/types/plugins";
import config from "../../hardhat.config.ts";

const scratchSpaceMarker: HardhatPlugin = {
  id: "anamnesis-coverage",
  hookHandlers: { solidity: () => import("./marker.ts") },
};

const compilers = (config.solidity as { readonly compilers: readonly { readonly version: string }[] }).compilers.map(
  (compiler) => ({ ...compiler, settings: { evmVersion: "cancun", optimizer: { enabled: false } } }),
);

export default {
  ...config,
  plugins: [...(config.plugins ?? []), scratchSpaceMarker],
  solidity: { ...(config.solidity as object), compilers },
  networks: { default: { ...config.networks?.["default"], allowUnlimitedContractSize: true } },
  paths: { ...config.paths, artifacts: "./cache/coverage/artifacts", cache: "./cache/coverage/cache" },
};

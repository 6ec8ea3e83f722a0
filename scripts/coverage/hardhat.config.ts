/**
 * The project's own configuration, compiled apart and with a coverage marker that leaves memory alone: Hardhat's writes behind the free
 * memory pointer, where `Vocabulary` keeps the words it is about to hash, so that no signature would be valid any more.
 */
import type { HardhatPlugin } from "hardhat/types/plugins";
import config from "../../hardhat.config.ts";

const scratchSpaceMarker: HardhatPlugin = {
  id: "anamnesis-coverage",
  hookHandlers: { solidity: () => import("./marker.ts") },
};

export default {
  ...config,
  plugins: [...(config.plugins ?? []), scratchSpaceMarker],
  paths: { ...config.paths, artifacts: "./cache/coverage/artifacts", cache: "./cache/coverage/cache" },
};

import { mkdir } from "node:fs/promises";
import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import type { Narrator } from "../narrator.ts";

const stages = {
  chain: "A local EVM node runs, in a process of its own",
  contracts: "Contracts deployed: registries, consents, anchors, gate, committee",
  storage: "Embedded IPFS opened, with its blocks on disk",
  committee: "Committee key made by three stewards together; two are needed, none holds it",
} as const;

/** A chain, storage and three stewards, on this machine alone. */
export async function openNetwork(narrator: Narrator, keep: string | undefined): Promise<LocalNetwork> {
  narrator.step("A network of three stewards starts on this machine");
  let running: keyof typeof stages | undefined;
  let since = performance.now();
  if (keep !== undefined) await mkdir(keep, { recursive: true });
  return startLocalNetwork({
    directory: keep,
    onStage: (stage) => {
      const milliseconds = Math.round(performance.now() - since);
      if (running !== undefined) narrator.line({ text: stages[running], milliseconds });
      running = stage === "ready" ? undefined : stage;
      since = performance.now();
    },
  });
}

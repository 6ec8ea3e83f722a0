import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalNetwork } from "@anamnesis/node";
import {
  approveCeremony,
  ceremonyCard,
  ceremonyPlan,
  coordinateCeremony,
  readStewardConfiguration,
} from "@anamnesis/node/steward";
import type { KeyId } from "@anamnesis/sdk";
import type { Committee } from "@anamnesis/sdk/internal";
import { systemClock } from "../../node/src/steward/index.ts";
import type { StewardFolder } from "../../node/src/steward/steward-folder.ts";
import { ceremonyChainOf } from "../../node/src/steward-service/open-ceremony.ts";
import { openConfiguredFolder } from "../../node/src/steward-service/open-folder.ts";
import { folderOf } from "../faults/steward-file.ts";
import { opens, sealed } from "./ceremony-world.ts";
import { type Coordinator, type CoordinatorTask, startCoordinator } from "./coordinator.ts";

/** What the operators of a local network's stewards do, beside the services that run. */
export async function operatorsOf(network: LocalNetwork) {
  const { endpoints } = network.stewards;
  const indices = endpoints.map((_, index) => index);
  const fileOf = (index: number) => join(folderOf(network, index), "steward.json");
  const configurationOf = (index: number) => readStewardConfiguration(fileOf(index));
  const cards = await Promise.all(endpoints.map((endpoint, i) => ceremonyCard(configurationOf(i), endpoint)));
  // Its stewards' own accounts send the heads of their logs meanwhile.
  const publishWith = join(network.directory, "publisher.key");
  writeFileSync(publishWith, (await network.account()).privateKey, { mode: 0o600 });
  const chain = ceremonyChainOf(configurationOf(0), systemClock);
  let planned = 0;

  async function withFolder<T>(index: number, work: (folder: StewardFolder) => Promise<T>): Promise<T> {
    const folder = await openConfiguredFolder(configurationOf(index));
    try {
      return await work(folder);
    } finally {
      await folder.close();
    }
  }

  return {
    /** A plan that every operator approved; its file. */
    async plan(kind: "found" | "reshare", threshold: number, keyId: KeyId): Promise<string> {
      const plan = join(network.directory, `plan-${planned++}.json`);
      writeFileSync(plan, JSON.stringify(await ceremonyPlan(configurationOf(0), { kind, threshold, cards, keyId })));
      for (const index of indices) await approveCeremony(configurationOf(index), plan);
      return plan;
    },
    task: (plan: string, index: number): CoordinatorTask => ({ file: fileOf(index), plan, publishWith }),
    coordinator: (): Promise<Coordinator> => startCoordinator(),
    /** Runs it once more, in this process, as the operator of one steward. */
    run: (plan: string, index: number) => coordinateCeremony(configurationOf(index), plan, { publishWith }),
    withFolder,
    /** The epochs of a key of which a steward holds a share. */
    epochsOf: (index: number, keyId: KeyId) =>
      withFolder(index, async ({ shares }) =>
        (await shares()).filter((share) => share.keyId === keyId).map(({ epoch }) => epoch),
      ),
    keysOf: (index: number) => withFolder(index, async ({ shares }) => (await shares()).map(({ keyId }) => keyId)),
    /** As the chain has it now. */
    async committeeOf(keyId: KeyId): Promise<Committee> {
      const committee = await chain.committeeOf(keyId, await chain.latestEpochOf(keyId));
      if (committee === undefined) throw new Error("The chain knows no such key.");
      return committee;
    },
    /** Whether what is sealed to the committee opens with the shares that these members have on disk. */
    async opensWith(committee: Committee, members: readonly number[]): Promise<boolean> {
      const folders = await Promise.all(members.map((index) => openConfiguredFolder(configurationOf(index))));
      try {
        const provided = folders.map((folder, i) => {
          const { provider } = committee.members[members[i] as number] as Committee["members"][number];
          return { folder, provider };
        });
        return await opens(await sealed(committee.groupKey), committee, provided);
      } finally {
        for (const folder of folders) await folder.close();
      }
    },
  };
}

export type Operators = Awaited<ReturnType<typeof operatorsOf>>;

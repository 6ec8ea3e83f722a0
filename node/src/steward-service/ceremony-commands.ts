import { readFileSync } from "node:fs";
import { createClient, type KeyId } from "@anamnesis/sdk";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import { publishCommittee, randomBytes, toHex } from "@anamnesis/sdk/internal";
import { JsonRpcProvider, type Wallet } from "ethers";
import {
  type CeremonyChain,
  type CeremonyMember,
  type CeremonyOutcome,
  type CeremonyPeer,
  type CeremonyPlan,
  type CommitteePublication,
  httpCeremony,
  planOfText,
  type RunCeremonyParameters,
  runCeremony,
} from "../ceremony/index.ts";
import { peerFetch } from "../service/index.ts";
import { type StewardFolder, systemClock } from "../steward/index.ts";
import { accountIn } from "./account-in.ts";
import type { StewardServiceConfiguration } from "./configuration.ts";
import { accountsOf, ceremonyChainOf, ceremonyPeerOf } from "./open-ceremony.ts";
import { openConfiguredFolder } from "./open-folder.ts";

interface Opened {
  readonly folder: StewardFolder;
  readonly chain: CeremonyChain;
  readonly peer: CeremonyPeer;
}

/** Works on the steward's folder beside the running service, as its operator. */
async function withCeremony<T>(
  configuration: StewardServiceConfiguration,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const folder = await openConfiguredFolder(configuration);
  try {
    const chain = ceremonyChainOf(configuration, systemClock);
    const peer = ceremonyPeerOf(configuration, folder, chain);
    if (peer === undefined) {
      throw new AnamnesisError("SERVICE_CONFIGURATION_INVALID", { key: "ceremony", expected: "provider and accounts" });
    }
    return await work({ folder, chain, peer });
  } finally {
    await folder.close();
  }
}

/** What this steward's operator hands to whoever writes the plan. */
export function ceremonyCard(configuration: StewardServiceConfiguration, endpoint: string): Promise<CeremonyMember> {
  return withCeremony(configuration, ({ peer }) => peer.card(endpoint));
}

export interface PlanParameters {
  readonly kind: CeremonyPlan["kind"];
  readonly threshold: number;
  readonly cards: readonly CeremonyMember[];
  /** The key to hand on, or the one in force that endorses a new one; none for a network's very first. */
  readonly keyId?: KeyId | undefined;
}

/** Puts cards together to a plan, from the last epoch that the chain published. @throws CEREMONY_PLAN_INVALID */
export async function ceremonyPlan(
  configuration: StewardServiceConfiguration,
  { kind, threshold, cards, keyId }: PlanParameters,
): Promise<CeremonyPlan> {
  const chain = ceremonyChainOf(configuration, systemClock);
  const { chainId, contract } = chain.contract;
  const previous = keyId === undefined ? null : { keyId, epoch: await chain.latestEpochOf(keyId) };
  const ceremonyId = toHex(randomBytes(32));
  return planOfText(JSON.stringify({ v: 1, kind, ceremonyId, chainId, contract, threshold, members: cards, previous }));
}

/** The operator's approval: from here on this steward takes part. @throws as `CeremonyPeer.approve` */
export function approveCeremony(configuration: StewardServiceConfiguration, planFile: string): Promise<string> {
  return withCeremony(configuration, ({ peer }) => peer.approve(planOfText(readFileSync(planFile, "utf8"))));
}

/** Signs with the key of a file, or with the steward's first account. @throws SERVICE_CONFIGURATION_INVALID */
function publisherOf(configuration: StewardServiceConfiguration, keyFile: string | undefined): Wallet {
  const wallet = keyFile === undefined ? accountsOf(configuration)[0] : accountIn("publish-with", keyFile);
  const provider = new JsonRpcProvider(configuration.nodes[0], undefined, { staticNetwork: true, cacheTimeout: -1 });
  return (wallet as Wallet).connect(provider);
}

/** Runs an approved plan among the services of its members, and puts the outcome on the chain. @throws as `runCeremony` */
export function coordinateCeremony(
  configuration: StewardServiceConfiguration,
  planFile: string,
  options: { readonly publishWith?: string | undefined } & Pick<RunCeremonyParameters, "without" | "onStep"> = {},
): Promise<CeremonyOutcome> {
  const plan = planOfText(readFileSync(planFile, "utf8"));
  return withCeremony(configuration, async ({ folder, chain }) => {
    const signer = publisherOf(configuration, options.publishWith);
    try {
      const publish = async (publication: CommitteePublication) => {
        const { deployment } = configuration;
        await publishCommittee(await createClient({ deployment, signer, provider: configuration.nodes }), publication);
      };
      const transport = httpCeremony(peerFetch(configuration.tls));
      const { without, onStep } = options;
      return await runCeremony({ plan, transport, signing: folder.signing, chain, publish, without, onStep });
    } finally {
      signer.provider?.destroy();
    }
  });
}

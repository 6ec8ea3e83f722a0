import { Wallet } from "ethers";
import { openRequest } from "../../node/src/ceremony/messages.ts";
import { type CeremonyPeer, createCeremonyPeer } from "../../node/src/ceremony/peer.ts";
import type { CeremonyMember, CeremonyPlan } from "../../node/src/ceremony/plan.ts";
import type { SecretSealer } from "../../node/src/steward/secret-sealer.ts";
import { type StewardFolder, stewardFolder } from "../../node/src/steward/steward-folder.ts";
import { openStewardStore } from "../../node/src/stores/open-steward-store.ts";
import type { StewardStore } from "../../node/src/stores/steward-store.ts";
import { randomBytes, toHex, utf8 } from "../../sdk/src/core/bytes.ts";
import type { ProviderId } from "../../sdk/src/core/ids.ts";
import { openWithKey, sealWithKey } from "../../sdk/src/crypto/index.ts";
import { AnamnesisError } from "../../sdk/src/errors/index.ts";
import type { SimulatedChain } from "./simulated-chain.ts";

/** When a process dies: as a message of this step arrives, around a write that it causes, or before its answer leaves. */
export interface KillPoint {
  readonly step: string;
  readonly moment: "arrival" | "before write" | "after write" | "answer";
  /** Which write of the step, from 1. */
  readonly write?: number;
}

/** A process with a disk. What it keeps survives a kill; what it only knows does not. */
export interface SimulatedSteward {
  readonly provider: ProviderId;
  readonly account: Wallet;
  readonly name: string;
  card: CeremonyMember;
  /** Undefined while it is down. */
  readonly peer: CeremonyPeer | undefined;
  readonly folder: StewardFolder;
  handle(message: Uint8Array): Promise<Uint8Array>;
  /** Arms one kill; it fires at most once. */
  killAt(point: KillPoint): void;
  readonly killed: number;
  start(): Promise<void>;
  close(): Promise<void>;
  /** The operator's approval, which a kill may interrupt too. */
  approve(plan: CeremonyPlan): Promise<void>;
  /** Every sealed value that ever went to its disk. */
  readonly written: Uint8Array[];
  /** The same before it was sealed: what must be found nowhere else. */
  readonly plain: Uint8Array[];
}

const killed = () => new AnamnesisError("STEWARD_UNREACHABLE", { reason: "killed" });

export async function simulatedSteward(name: string, chain: SimulatedChain): Promise<SimulatedSteward> {
  const disk = await openStewardStore("sqlite::memory:");
  const account = new Wallet(toHex(randomBytes(32)));
  const provider = toHex(randomBytes(32)) as ProviderId;
  chain.admit(provider, account.address as `0x${string}`);
  // The key file of a steward that is killed is still there.
  const key = randomBytes(32);
  const sealer: SecretSealer = {
    seal: (label, plaintext) => {
      plain.push(Uint8Array.from(plaintext));
      return sealWithKey({ key, info: utf8("test"), aad: utf8(label), plaintext });
    },
    open: (label, sealed) => openWithKey({ key, info: utf8("test"), aad: utf8(label), sealed }),
  };
  const written: Uint8Array[] = [];
  const plain: Uint8Array[] = [];
  let armed: KillPoint | undefined;
  let current: { step: string; writes: number } | undefined;
  let deaths = 0;
  let life = 0;

  const die = (): never => {
    deaths++;
    life++;
    armed = undefined;
    peer = undefined;
    throw killed();
  };
  const strikes = (moment: KillPoint["moment"], at = current) =>
    armed !== undefined &&
    at?.step === armed.step &&
    armed.moment === moment &&
    (armed.write === undefined || armed.write === at.writes);

  /** The disk as one life of the process sees it: a dead process writes no more. */
  function diskOf(ownLife: number): StewardStore {
    const write = async (work: () => Promise<void>) => {
      if (ownLife !== life) throw killed();
      // A write that goes on after the answer still belongs to the step that began it.
      const at = current;
      if (at) at.writes++;
      if (strikes("before write", at)) die();
      await work();
      if (strikes("after write", at)) die();
    };
    return {
      ...disk,
      putSecret: (label, sealed) => {
        written.push(Uint8Array.from(sealed));
        return write(() => disk.putSecret(label, sealed));
      },
      deleteSecret: (label) => write(() => disk.deleteSecret(label)),
    };
  }

  let peer: CeremonyPeer | undefined;
  let folder = await stewardFolder(diskOf(life), sealer);
  const start = async () => {
    folder = await stewardFolder(diskOf(life), sealer);
    const started = createCeremonyPeer({ folder, provider, accounts: [account], chain });
    current = { step: "start", writes: 0 };
    try {
      await started.settle();
    } finally {
      current = undefined;
    }
    peer = started;
  };
  await start();
  const steward: SimulatedSteward = {
    provider,
    account,
    name,
    card: await (peer as unknown as CeremonyPeer).card(`memory:${name}`),
    get peer() {
      return peer;
    },
    get folder() {
      return folder;
    },
    get killed() {
      return deaths;
    },
    written,
    plain,
    async approve(plan) {
      current = { step: "approve", writes: 0 };
      try {
        await peer?.approve(plan);
      } finally {
        current = undefined;
      }
    },
    async handle(message) {
      if (peer === undefined) throw killed();
      current = { step: openRequest(message).step, writes: 0 };
      try {
        if (strikes("arrival")) die();
        const answer = await peer.handle(message);
        if (strikes("answer")) die();
        return answer;
      } finally {
        current = undefined;
      }
    },
    killAt(point) {
      armed = point;
    },
    start,
    close: () => disk.close(),
  };
  return steward;
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Deployment, httpTransport, type ProviderId, type StewardTransport } from "@anamnesis/sdk";
import type { TypedDataSigner } from "@anamnesis/sdk/internal";
import { type CommitteePublication, createCeremonyChain, runCommitteeCeremony } from "../ceremony/index.ts";
import { type Clock, createChainReader, httpJsonRpc, openStewardFolder, type StewardFolder } from "../steward/index.ts";
import type { StewardServiceFile } from "../steward-service/index.ts";
import { freePorts } from "./free-ports.ts";
import { forkSteward, type StewardProcess } from "./steward-processes.ts";

/** The stewards of a local network, each a service in a process of its own, some of which may be stopped; and the way to them, over HTTP. */
export interface LocalStewards extends StewardTransport {
  /** Where each one is asked, as the chain says. */
  readonly endpoints: readonly string[];
  /** Stops one steward in order, or all: nobody answers in their place. */
  stop(index?: number): Promise<void>;
  /** Ends one at once, as a power cut does. */
  kill(index: number): Promise<void>;
  /** Starts one again, or all, from what is on disk. */
  start(index?: number): Promise<void>;
  readonly running: readonly number[];
  /** The process of one that runs. */
  processOf(index: number): number | undefined;
  /** Puts the clock of one so many seconds before or behind the others', until it is put back by 0. */
  putClock(index: number, seconds: number): Promise<void>;
}

export interface StewardSeat {
  readonly provider: ProviderId;
  /** Signs for the committee, in later ceremonies too, and anchors the steward's log. */
  readonly account: TypedDataSigner & { readonly privateKey: string };
}

/** In a steward's folder: the private key of its account. */
const ACCOUNT_FILE = "account.key";
/** Milliseconds for the chain while the network starts: everything starts at once, and nobody is served yet. */
const PATIENCE = 30_000;
/** Seconds between the heads of a steward's log. */
const ANCHOR_EVERY = 5;

export interface LocalStewardsOptions {
  readonly directory: string;
  readonly size: number;
  /** Seconds that the chain's head may be old. */
  readonly headAge: number;
  /** Seconds between two looks for erasures that are due and copies that are missing; a steward's own default, if absent. */
  readonly upkeep?: number | undefined;
}

/** Stewards whose processes are loading, and whose addresses are known, while the rest of the network starts. */
export interface PreparedStewards {
  /** Makes and publishes the committee key among the seats; each one's share goes, sealed, into its own folder. */
  found(parameters: {
    readonly deployment: Deployment;
    readonly seats: readonly StewardSeat[];
    readonly threshold: number;
    readonly clock: Clock;
    readonly publish: (publication: CommitteePublication) => Promise<unknown>;
  }): ReturnType<typeof runCommitteeCeremony>;
  /** Starts every one, once the committee is on the chain. */
  open(deployment: Deployment): Promise<LocalStewards>;
  /** Tells them how many seconds their clocks are to be ahead of the world's. */
  passTime(passed: number): Promise<void>;
  close(): Promise<void>;
}

const chainNodesOf = ({ description, contracts, block }: Deployment) =>
  description.nodes.map((url, position) =>
    createChainReader({
      name: `node ${position + 1}`,
      rpc: httpJsonRpc(url, { timeout: PATIENCE }),
      contracts,
      finality: description.finality,
      fromBlock: block,
    }),
  );

/** Takes ports and loads the stewards' programs, all at once, for they need seconds and nothing of the network yet. */
export async function prepareStewards({
  directory,
  size,
  headAge,
  upkeep,
}: LocalStewardsOptions): Promise<PreparedStewards> {
  const indices = Array.from({ length: size }, (_, index) => index);
  const folderOf = (index: number) => join(directory, "stewards", String(index + 1));
  const ports = await freePorts(size);
  const endpoints = ports.map((port) => `http://127.0.0.1:${port}`);
  for (const index of indices) mkdirSync(folderOf(index), { recursive: true, mode: 0o700 });
  const fork = (index: number) => forkSteward(join(folderOf(index), "steward.log"));
  const loaded = new Map<number, StewardProcess>(indices.map((index) => [index, fork(index)]));
  const running = new Map<number, StewardProcess>();
  const fileOf = (index: number) => join(folderOf(index), "steward.json");
  let passed = 0;
  let seated: readonly StewardSeat[] = [];
  /** Seconds that single clocks are off the others'. */
  const off = new Map<number, number>();
  const clockOf = (index: number) => passed + (off.get(index) ?? 0);
  const tellClock = (index: number) => running.get(index)?.passTime(clockOf(index));

  function configure(deployment: Deployment): void {
    writeFileSync(join(directory, "stewards", "deployment.json"), JSON.stringify(deployment, undefined, 2));
    for (const [index, { provider }] of seated.entries()) {
      const file: StewardServiceFile = {
        listen: { port: ports[index] as number },
        folder: ".",
        deployment: "../deployment.json",
        ceremony: { provider, accountFiles: [ACCOUNT_FILE] },
        origins: ["*"],
        log: { account: ACCOUNT_FILE, every: ANCHOR_EVERY },
        limits: { headAge },
        ...(upkeep !== undefined && { upkeep }),
      };
      writeFileSync(fileOf(index), `${JSON.stringify(file, undefined, 2)}\n`);
    }
  }
  async function startOne(index: number): Promise<void> {
    if (running.has(index)) return;
    const process = loaded.get(index) ?? fork(index);
    loaded.delete(index);
    running.set(index, process);
    void process.ended.then(() => void (running.get(index) === process && running.delete(index)));
    try {
      await process.start({ file: fileOf(index), passed: clockOf(index) });
    } catch (error) {
      running.delete(index);
      throw error;
    }
  }
  async function endOne(index: number, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const processes = [running.get(index), loaded.get(index)];
    running.delete(index);
    loaded.delete(index);
    await Promise.all(processes.map((process) => process?.end(signal)));
  }
  const chosen = (index: number | undefined) => (index === undefined ? indices : [index]);
  const every = (index: number | undefined, work: (index: number) => Promise<void>) =>
    Promise.all(chosen(index).map(work)).then(() => undefined);

  return {
    async found({ deployment, seats, threshold, clock, publish }) {
      seated = seats;
      const contract = { chainId: deployment.description.chainId, contract: deployment.contracts.stewardCommittee };
      const folders = await Promise.all(indices.map((index) => openStewardFolder(folderOf(index))));
      for (const [index, { account }] of seats.entries()) {
        writeFileSync(join(folderOf(index), ACCOUNT_FILE), account.privateKey, { mode: 0o600 });
      }
      try {
        return await runCommitteeCeremony({
          threshold,
          chain: createCeremonyChain({
            nodes: chainNodesOf(deployment),
            clock,
            contract,
            limits: { headAge: Math.max(headAge, 60), chainWithin: PATIENCE },
          }),
          publish,
          members: seats.map((seat, index) => ({
            ...seat,
            folder: folders[index] as StewardFolder,
            endpoint: endpoints[index] as string,
          })),
        });
      } finally {
        for (const folder of folders) await folder.close();
      }
    },
    async open(deployment) {
      configure(deployment);
      await every(undefined, startOne);
      return {
        ...httpTransport(),
        endpoints,
        stop: (index) => every(index, (each) => endOne(each, "SIGTERM")),
        kill: (index) => endOne(index, "SIGKILL"),
        start: (index) => every(index, startOne),
        get running() {
          return [...running.keys()].sort((a, b) => a - b);
        },
        processOf: (index) => running.get(index)?.pid,
        async putClock(index, seconds) {
          off.set(index, seconds);
          await tellClock(index);
        },
      };
    },
    async passTime(seconds) {
      passed = seconds;
      await Promise.all([...running.keys()].map(tellClock));
    },
    close: () => every(undefined, (each) => endOne(each, "SIGTERM")),
  };
}

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { AnamnesisError } from "@anamnesis/sdk/errors";

export interface EvmOptions {
  readonly chainId: number;
  /** Private keys of funded accounts. */
  readonly accounts: readonly string[];
  /** A block each so many milliseconds; with `auto` also one for each transaction at once. */
  readonly blockInterval: { readonly auto: boolean; readonly milliseconds: number };
  /** 0 takes a free one. */
  readonly port: number;
}

export interface EvmReady {
  readonly url: string;
}

export interface Evm extends EvmReady {
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;

/** Starts one EVM node on loopback. @throws LOCAL_NETWORK_FAILED when it does not come up within a minute */
export async function startEvm(options: EvmOptions): Promise<Evm> {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const child = fork(fileURLToPath(new URL(`./evm-process${extension}`, import.meta.url)), {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: [],
  });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000);
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
  const ready = await new Promise<EvmReady | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), START_LIMIT_MS);
    const settle = (value: EvmReady | undefined) => {
      clearTimeout(timer);
      resolve(value);
    };
    child.once("message", (message: EvmReady) => settle(message));
    child.once("exit", () => settle(undefined));
    child.send(options);
  });
  if (ready === undefined) {
    child.kill("SIGKILL");
    throw new AnamnesisError("LOCAL_NETWORK_FAILED", { part: "chain" }, { cause: complaint });
  }
  return { url: ready.url, stop };
}

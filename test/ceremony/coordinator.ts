import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface CoordinatorTask {
  /** The steward's configuration, the plan, and the key that pays for its publication, each a file. */
  readonly file: string;
  readonly plan: string;
  readonly publishWith: string;
}

export interface CoordinatorFailure {
  readonly code: string;
  /** Who was named, and why. */
  readonly stewards: readonly string[];
  readonly reasons: readonly string[];
}

export type CoordinatorWord =
  | { readonly step: string }
  | { readonly ended: { readonly attempt: number } }
  | { readonly failed: CoordinatorFailure };

/** What came of one run: `died` where the process said nothing more. */
export type CoordinatorEnd = "ended" | "died" | CoordinatorFailure;

export interface Coordinator {
  run(task: CoordinatorTask): Promise<CoordinatorEnd>;
  /** The last step that it began. */
  readonly step: string;
  kill(): void;
}

/** Starts a coordinator and waits until it has loaded: what comes after is the ceremony alone. */
export async function startCoordinator(): Promise<Coordinator> {
  const child = fork(fileURLToPath(new URL("./coordinator-process.ts", import.meta.url)), { execArgv: [] });
  let step = "loading";
  let end: CoordinatorEnd = "died";
  const loaded = new Promise<void>((resolve) => child.once("message", () => resolve()));
  child.on("message", (word: CoordinatorWord) => {
    if ("step" in word) step = word.step;
    else if ("failed" in word) end = word.failed;
    else [step, end] = ["ended", "ended"];
  });
  // A message to a process that was just killed is nobody's fault.
  child.on("error", () => undefined);
  const exit = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await Promise.race([loaded, exit]);
  return {
    async run(task) {
      child.send(task);
      await exit;
      return end;
    },
    get step() {
      return step;
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Answer, Job } from "./messages.ts";

const program = fileURLToPath(new URL("worker.ts", import.meta.url));
const conditions = "--conditions=anamnesis-source";

/** One process that answers jobs one by one, and is started anew after it failed or hung. */
class Worker {
  readonly #root: string;
  #process: ChildProcess | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  ask(job: Job, milliseconds: number): Promise<Answer> {
    const child = this.#start();
    return new Promise((resolve) => {
      let errors = "";
      const finish = (answer: Answer, isOver: boolean) => {
        clearTimeout(timer);
        child.removeAllListeners();
        child.stderr?.removeAllListeners("data");
        child.stderr?.resume();
        if (isOver) this.stop();
        resolve(answer);
      };
      const timer = setTimeout(() => finish({ kind: "failed", reason: "it took too long" }, true), milliseconds);
      child.stderr?.on("data", (text) => {
        errors = `${errors}${text}`.slice(-2_000);
      });
      child.on("message", (answer: Answer) => finish(answer, answer.kind === "failed"));
      child.on("exit", (code, signal) =>
        finish({ kind: "failed", reason: `it ended with ${signal ?? code}: ${errors}` }, true),
      );
      child.send(job);
    });
  }

  stop(): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }

  #start(): ChildProcess {
    this.#process ??= fork(program, [], {
      cwd: this.#root,
      execArgv: [conditions, "--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { ...process.env, HARDHAT_DISABLE_TELEMETRY_PROMPT: "true", ANAMNESIS_RESULT: undefined },
    });
    return this.#process;
  }
}

/** Answers in the order of the jobs; `told` hears each as it comes. */
export async function askAll(
  root: string,
  jobs: readonly Job[],
  {
    workers,
    milliseconds,
    told,
  }: { workers: number; milliseconds: number; told?: (index: number, answer: Answer) => void },
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    const worker = new Worker(root);
    try {
      for (let index = next++; index < jobs.length; index = next++) {
        const job = jobs[index];
        if (job === undefined) break;
        let answer = await worker.ask(job, milliseconds);
        // Perhaps the mutant before it left something behind: a fresh process decides.
        if (answer.kind === "failed") answer = await worker.ask(job, milliseconds);
        answers[index] = answer;
        told?.(index, answer);
      }
    } finally {
      worker.stop();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, lane));
  return answers;
}

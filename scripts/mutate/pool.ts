import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan } from "./killing-order.ts";
import type { Answer, Outcome, Request } from "./messages.ts";
import type { TestRun } from "./warm-tests.ts";

/** Loading, compiling everything once and loading the tests, on a machine that does other things, too. */
const startingLimit = 10 * 60_000;

/** One process that tries mutants, with artifacts of its own in a temporary folder. */
export class Worker {
  readonly #root: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "anamnesis-mutants-"));
  #child: ChildProcess | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** Runs every test on the contracts as they are. */
  async control(): Promise<TestRun> {
    const answer = await this.#ask({ kind: "control" }, startingLimit);
    if (answer?.kind !== "control") throw new Error("the control run did not end");
    return answer.run;
  }

  /** A mutant whose tests do not end within the limit stays undecided, and takes its process with it. */
  async try(id: string, plan: Plan, limit: number): Promise<Outcome> {
    const answer = await this.#ask({ kind: "mutant", id, plan }, limit);
    return answer?.kind === "outcome" ? answer.outcome : { id, verdict: "undecided", milliseconds: limit };
  }

  stop(): void {
    this.#end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #end(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  async #start(): Promise<ChildProcess> {
    const env = {
      ...process.env,
      HARDHAT_CONFIG: join(import.meta.dirname, "hardhat.config.ts"),
      ANAMNESIS_MUTANT_ARTIFACTS: this.#folder,
    };
    const child = fork(join(import.meta.dirname, "worker.ts"), [this.#root, this.#folder], { env });
    this.#child = child;
    const answer = await next(child, startingLimit);
    if (answer?.kind !== "ready") throw new Error("a worker did not start");
    return child;
  }

  async #ask(request: Request, limit: number): Promise<Answer | undefined> {
    const child = this.#child ?? (await this.#start());
    child.send(request);
    const answer = await next(child, limit);
    if (answer?.kind === "failed") throw new Error(answer.message);
    if (answer === undefined) this.#end();
    return answer;
  }
}

/** The next answer; undefined when the worker ended or the time did. */
function next(child: ChildProcess, limit: number): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const end = (answer?: Answer): void => {
      clearTimeout(timer);
      child.off("message", end).off("exit", onExit);
      resolve(answer);
    };
    const onExit = (): void => end();
    const timer = setTimeout(end, limit);
    child.on("message", end).on("exit", onExit);
  });
}

import { SingleBar } from "cli-progress";
import Table from "cli-table3";
import colours from "picocolors";

/** One thing that was done or found, with what it cost. */
export interface Line {
  readonly text: string;
  readonly milliseconds?: number;
  readonly gas?: bigint;
  /** For `--json`: ids and counts, never content. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Progress {
  advance(): void;
  done(): void;
}

/** Tells the story: to people line by line, to machines as one report at the end. */
export interface Narrator {
  step(title: string): void;
  line(line: Line): void;
  table(head: readonly string[], rows: readonly (readonly string[])[]): void;
  progress(label: string, total: number): Progress;
  /** Closes the story. */
  finish(failure?: string): void;
}

interface ReportedStep {
  readonly step: number;
  readonly title: string;
  readonly lines: { text: string; milliseconds?: number; gas?: string; data?: Readonly<Record<string, unknown>> }[];
}

const noProgress: Progress = { advance: () => {}, done: () => {} };

export function jsonNarrator(write: (text: string) => void): Narrator {
  const started = performance.now();
  const steps: ReportedStep[] = [];
  return {
    step: (title) => void steps.push({ step: steps.length + 1, title, lines: [] }),
    line: ({ gas, ...line }) => {
      steps.at(-1)?.lines.push({ ...line, ...(gas === undefined ? {} : { gas: gas.toString() }) });
    },
    table: () => {},
    progress: () => noProgress,
    finish: (failure) => {
      const milliseconds = Math.round(performance.now() - started);
      write(`${JSON.stringify({ ok: failure === undefined, failure, milliseconds, steps }, undefined, 2)}\n`);
    },
  };
}

/** As wide as the content, the last column as wide as what is left of the terminal. */
function widths(out: NodeJS.WriteStream, head: readonly string[], rows: readonly (readonly string[])[]): number[] {
  const padded = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)) + 2);
  const others = padded.slice(0, -1).reduce((sum, width) => sum + width, 0);
  const room = (out.columns ?? 120) - 4 - padded.length - others;
  return [...padded.slice(0, -1), Math.max(20, Math.min(padded.at(-1) ?? 20, room))];
}

function cost({ milliseconds, gas }: Line): string {
  const parts = [
    milliseconds === undefined
      ? ""
      : milliseconds < 1_000
        ? `${milliseconds} ms`
        : `${(milliseconds / 1_000).toFixed(1)} s`,
    gas === undefined ? "" : `${gas.toLocaleString("en-US")} gas`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : colours.dim(`  ${parts.join(", ")}`);
}

export function terminalNarrator(out: NodeJS.WriteStream): Narrator {
  const started = performance.now();
  let steps = 0;
  const say = (text: string) => out.write(`${text}\n`);
  return {
    step: (title) => {
      steps += 1;
      say(`\n${colours.bold(colours.cyan(`${steps}. ${title}`))}`);
    },
    line: (line) => void say(`   ${colours.green("✓")} ${line.text}${cost(line)}`),
    table: (head, rows) => {
      const style = { head: [], border: [], compact: true };
      const table = new Table({
        head: head.map(colours.cyan),
        style,
        wordWrap: true,
        colWidths: widths(out, head, rows),
      });
      for (const row of rows) table.push([...row]);
      for (const row of table.toString().split("\n")) say(`   ${row}`);
    },
    progress: (label, total) => {
      if (!out.isTTY) return noProgress;
      const bar = new SingleBar({ stream: out, clearOnComplete: true, format: `   ${label} {bar} {value}/{total}` });
      bar.start(total, 0);
      return { advance: () => void bar.increment(), done: () => bar.stop() };
    },
    finish: (failure) => {
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      if (failure === undefined)
        say(`\n${colours.green(colours.bold("Every step held"))} ${colours.dim(`in ${seconds} s`)}`);
      else say(`\n   ${colours.red("✗")} ${failure}\n\n${colours.red(colours.bold("The story did not hold"))}`);
    },
  };
}

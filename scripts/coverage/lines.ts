import type { Reached } from "../mutate/reach-of-tests.ts";

/** The lines of one source that hold code, and those of them that no test runs. */
export interface FileCoverage {
  readonly file: string;
  readonly lines: number;
  readonly missed: readonly number[];
}

const isReached = ({ tests }: Reached): boolean => tests === "all" || tests.length > 0;

/** Comments as spaces, so that everything else keeps its place. */
const withoutComments = (text: string): string =>
  text.replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, " "));

/** The numbers of the lines on which the statements have more than brackets. */
function linesOf(bytes: Buffer, statements: readonly Reached[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { start, end } of statements) {
    const first = bytes.subarray(0, start).toString().split("\n").length;
    for (const [index, line] of bytes.subarray(start, end).toString().split("\n").entries()) {
      if (/[^\s{}]/.test(line)) found.add(first + index);
    }
  }
  return found;
}

/** A line counts as run only if every statement on it is. */
export function coverageOf(file: string, text: string, statements: readonly Reached[]): FileCoverage {
  const bytes = Buffer.from(withoutComments(text));
  const missed = linesOf(
    bytes,
    statements.filter((statement) => !isReached(statement)),
  );
  return {
    file,
    lines: linesOf(bytes, statements).size,
    missed: [...missed].toSorted((left, right) => left - right),
  };
}

/** Whether a source has a body that could be run: interfaces, types and constants do not. */
export const holdsCode = (text: string): boolean =>
  /^\s*(function|constructor|modifier|fallback|receive)\b[^;{]*\{/m.test(withoutComments(text));

/** What is wrong, in plain words. A source with code but without a line in the report was not looked at. */
export function judge(files: readonly FileCoverage[], sources: readonly string[]): readonly string[] {
  const seen = new Set(files.filter(({ lines }) => lines > 0).map(({ file }) => file));
  return [
    ...(sources.length === 0 ? ["there is no source with code"] : []),
    ...sources.filter((source) => !seen.has(source)).map((source) => `${source}: not looked at`),
    ...files
      .filter(({ missed }) => missed.length > 0)
      .map(({ file, missed }) => `${file}: no test runs ${missed.length > 1 ? "lines" : "line"} ${missed.join(", ")}`),
  ];
}

/** The lines of one source that hold code, and those of them that no test ran. */
export interface FileCoverage {
  readonly file: string;
  readonly lines: number;
  readonly missed: readonly number[];
}

/** What an LCOV report says of each source. */
export function readLcov(text: string): readonly FileCoverage[] {
  return text
    .split("end_of_record")
    .map((record) => ({
      file: /^SF:(.+)$/m.exec(record)?.[1] ?? "",
      counts: [...record.matchAll(/^DA:(\d+),(\d+)/gm)].map(
        ([, line, count]) => [Number(line), Number(count)] as const,
      ),
    }))
    .filter(({ file }) => file !== "")
    .map(({ file, counts }) => ({
      file,
      lines: counts.length,
      missed: counts
        .filter(([, count]) => count === 0)
        .map(([line]) => line)
        .toSorted((left, right) => left - right),
    }))
    .toSorted((left, right) => left.file.localeCompare(right.file));
}

/** What is wrong, in plain words. `sources` are those that hold code: a report that leaves one out says nothing about it. */
export function judge(files: readonly FileCoverage[], sources: readonly string[]): readonly string[] {
  const reported = new Set(files.filter(({ lines }) => lines > 0).map(({ file }) => file));
  return [
    ...(sources.length === 0 ? ["there is no source with code"] : []),
    ...sources.filter((source) => !reported.has(source)).map((source) => `${source} is not in the report`),
    ...files
      .filter(({ missed }) => missed.length > 0)
      .map(({ file, missed }) => `${file}: no test runs ${missed.join(", ")}`),
  ];
}

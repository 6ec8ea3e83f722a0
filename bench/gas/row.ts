/** One line of a result, as every group of `bench/` writes it. */
export interface Row {
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: "gas" | "bytes";
  /** What stands beside it, and its number. */
  readonly reference?: string;
  readonly referenceValue?: number;
  readonly ratio?: number;
  /** The most `ratio` may be, or `value` where there is no reference. */
  readonly target?: number;
  readonly met?: boolean;
  readonly note?: string;
}

export interface Result {
  readonly group: "gas";
  readonly commit: string;
  readonly machine: string;
  readonly rows: readonly Row[];
}

export function isMet({ value, ratio, target }: Pick<Row, "value" | "ratio" | "target">): boolean {
  return target === undefined || (ratio ?? value) <= target;
}

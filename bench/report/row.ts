/** One line of a result, as every group of `bench/` writes it. */
export interface Row {
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: "gas" | "bytes" | "ms" | "openings" | "receipts" | "|t|" | "MB/s" | "MB" | "leaves/s" | "records/s";
  /** What stands beside it, and its number. */
  readonly reference?: string;
  readonly referenceValue?: number;
  readonly ratio?: number;
  /** The most `ratio` may be, or `value` where there is no reference. */
  readonly target?: number;
  /** The target is the least the value may be. */
  readonly atLeast?: boolean;
  readonly met?: boolean;
  readonly note?: string;
}

export interface Result {
  readonly group: "gas" | "access" | "records";
  readonly commit: string;
  readonly machine: string;
  readonly rows: readonly Row[];
}

export function isMet({ value, ratio, target, atLeast = false }: Omit<Row, "id" | "what" | "unit">): boolean {
  if (target === undefined) return true;
  const measured = ratio ?? value;
  return atLeast ? measured >= target : measured <= target;
}

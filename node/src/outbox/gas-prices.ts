import type { GasPrices } from "../steward/index.ts";

/** Nodes replace a transaction for 10 % more at least; an eighth leaves room for rounding. */
const raised = (price: bigint): bigint => price + price / 8n + 1n;
const larger = (left: bigint, right: bigint): bigint => (left > right ? left : right);

/** What takes the place of a transaction that is stuck: more than it offered, and no less than is asked now. */
export const replacementPrices = (before: GasPrices, now: GasPrices): GasPrices => ({
  maxFeePerGas: larger(raised(before.maxFeePerGas), now.maxFeePerGas),
  maxPriorityFeePerGas: larger(raised(before.maxPriorityFeePerGas), now.maxPriorityFeePerGas),
});

import { AnamnesisError, isAnamnesisError } from "../errors/index.ts";
import { decodeRevert } from "./decode-revert.ts";

/** Errors of ethers, of EIP-1193 wallets and of nodes nest one another under these names. */
const nests = ["error", "info", "cause", "data", "payload"] as const;

type Layer = Readonly<Record<string, unknown>>;

function layersOf(error: unknown, depth = 0): readonly Layer[] {
  if (typeof error !== "object" || error === null || depth > 5) return [];
  const layer = error as Layer;
  return [layer, ...nests.flatMap((nest) => layersOf(layer[nest], depth + 1))];
}

const layerWith = (error: unknown, holds: (layer: Layer) => boolean) => layersOf(error).find(holds);

const fundsMissing = /insufficient funds|enough funds|upfront cost|exceeds balance/i;
const unreachable = new Set(["NETWORK_ERROR", "SERVER_ERROR", "TIMEOUT"]);
const systemFailure = /^E[A-Z]+$|^UND_ERR_/;

/** What a node, or the way to it, answered: one of the family's errors, with the original as its cause. */
export function translateNodeError(error: unknown, node?: string): AnamnesisError {
  if (isAnamnesisError(error)) return error;
  const reverted = decodeRevert(error);
  if (reverted) return reverted;
  const hasCode = (wanted: (code: string) => boolean) =>
    layerWith(error, ({ code }) => typeof code === "string" && wanted(code)) !== undefined;
  const says = (pattern: RegExp) =>
    layerWith(error, ({ message }) => typeof message === "string" && pattern.test(message)) !== undefined;
  if (hasCode((code) => code === "INSUFFICIENT_FUNDS") || says(fundsMissing)) {
    return new AnamnesisError("CHAIN_FUNDS_MISSING", { node }, { cause: error });
  }
  const answered = layerWith(error, ({ code }) => typeof code === "number");
  if (answered) {
    return new AnamnesisError("CHAIN_REQUEST_FAILED", { node, rpcCode: answered["code"] as number }, { cause: error });
  }
  const isDown = hasCode((code) => unreachable.has(code) || systemFailure.test(code)) || error instanceof TypeError;
  return new AnamnesisError(isDown ? "CHAIN_UNREACHABLE" : "CHAIN_REQUEST_FAILED", { node }, { cause: error });
}

/** What a wallet answered, by the numbers of EIP-1193, EIP-3326 and MetaMask's "already pending". */
export function translateWalletError(error: unknown, details: { readonly chainId: number }): AnamnesisError {
  if (isAnamnesisError(error)) return error;
  const hasCode = (wanted: number | string) => layerWith(error, ({ code }) => code === wanted) !== undefined;
  if (hasCode(4001) || hasCode("ACTION_REJECTED")) return new AnamnesisError("SIGNATURE_REFUSED", {}, { cause: error });
  if (hasCode(4902)) return new AnamnesisError("WALLET_NETWORK_UNKNOWN", details, { cause: error });
  if (hasCode(-32002)) return new AnamnesisError("WALLET_BUSY", {}, { cause: error });
  const translated = translateNodeError(error);
  return translated.code === "CHAIN_REQUEST_FAILED"
    ? new AnamnesisError("WALLET_FAILED", {}, { cause: error })
    : translated;
}

/** True where a node says that it holds this very transaction already: for a repeated sending, that is success. */
export function isAlreadyKnown(error: unknown): boolean {
  return layersOf(error).some(
    ({ message }) => typeof message === "string" && /already known|known transaction|already imported/i.test(message),
  );
}

/** True where the nonce was taken meanwhile by another sender with the same key. */
export function isNonceTaken(error: unknown): boolean {
  return layersOf(error).some(
    ({ code, message }) =>
      code === "NONCE_EXPIRED" ||
      (typeof message === "string" && /nonce (is )?too low|nonce.*(used|expired)/i.test(message)),
  );
}

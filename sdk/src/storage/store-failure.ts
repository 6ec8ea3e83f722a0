import type { CID } from "multiformats/cid";
import { AnamnesisError, type ErrorCode, type ErrorDetails } from "../errors/index.ts";

/** What was asked for when a store failed. */
export interface FailureContext {
  readonly store: string;
  readonly cid?: CID | undefined;
}

export function storageError(
  code: ErrorCode,
  { store, cid }: FailureContext,
  details: ErrorDetails = {},
  cause?: unknown,
): AnamnesisError {
  const where: ErrorDetails = cid ? { cid: cid.toString(), store } : { store };
  return new AnamnesisError(code, { ...where, ...details }, cause === undefined ? {} : { cause });
}

const missing = /\bENOENT\b|not found|could not find/i;
const altered = /different hash|hash mismatch|hash does not match|did not match multihash/i;
const full = /\bENOSPC\b|\bEDQUOT\b|no space left|disk quota exceeded|storage limit|disk full/i;
const timedOut = /\bETIMEDOUT\b|deadline exceeded|deadline has elapsed|request timed out|UND_ERR_\w*TIMEOUT/i;
const refused = /\bE(ACCES|PERM|ROFS)\b/;
const unreachable =
  /\bE(CONNREFUSED|CONNRESET|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|PIPE)\b|UND_ERR_(SOCKET|CLOSED)|fetch failed|failed to fetch|socket hang up|network\s?error|load failed/i;
const missingNames = new Set(["NotFoundError", "BlockNotFoundWhileOfflineError", "LoadBlockFailedError"]);
/** Helia's word for "not here, and there is nobody to ask". */
const noBrokers = /no block brokers/i;

/**
 * Turns whatever a library threw into one of our errors. Libraries wrap and re-word each other's errors, so the whole
 * chain of causes is searched, by code and by text. Their text itself stays in `cause`.
 */
export function storageFailure(error: unknown, context: FailureContext): AnamnesisError {
  if (error instanceof AnamnesisError) return error;
  const links = [...chain(error)];
  const says = (pattern: RegExp) => links.some(({ text }) => pattern.test(text));
  const status = links.find((link) => link.status !== undefined)?.status;
  const fail = (code: ErrorCode) => storageError(code, context, status === undefined ? {} : { status }, error);

  if (says(full)) return fail("STORAGE_FULL");
  if (says(altered)) return fail("STORAGE_BLOCK_ALTERED");
  if (says(timedOut)) return fail("STORAGE_TIMEOUT");
  if (status === 401 || status === 403 || says(refused)) return fail("STORAGE_REFUSED");
  if (status === 502 || status === 503 || status === 504) return fail("STORAGE_UNREACHABLE");
  const isMissing = links.some(({ name }) => missingNames.has(name)) || says(noBrokers);
  // A page that is "not found" is a wrong address of the store, not a missing block.
  if (status !== 404 && (isMissing || (context.cid && says(missing)))) return fail("STORAGE_BLOCK_MISSING");
  if (says(unreachable)) return fail("STORAGE_UNREACHABLE");
  return fail("STORAGE_FAILED");
}

interface ChainLink {
  readonly name: string;
  readonly text: string;
  readonly status: number | undefined;
}

function* chain(error: unknown, depth = 0): Generator<ChainLink> {
  if (typeof error !== "object" || error === null || depth > 8) return;
  const { name, message, code, cause, errors, response } = error as Record<string, unknown>;
  const status = (response as { readonly status?: unknown } | undefined)?.status;
  yield {
    name: String(name),
    text: `${String(code ?? "")} ${String(message ?? "")}`,
    status: typeof status === "number" ? status : undefined,
  };
  yield* chain(cause, depth + 1);
  if (Array.isArray(errors)) for (const inner of errors) yield* chain(inner, depth + 1);
}

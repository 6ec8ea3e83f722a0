import { AnamnesisError } from "@anamnesis/sdk/errors";

/** Asks a chain node one thing; what an EIP-1193 provider's `request` does. */
export type JsonRpc = (method: string, params: readonly unknown[]) => Promise<unknown>;

interface Call {
  readonly body: {
    readonly jsonrpc: "2.0";
    readonly id: number;
    readonly method: string;
    readonly params: readonly unknown[];
  };
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: AnamnesisError) => void;
}

/** Calls that one HTTP request carries at most. */
const BATCH = 100;

const failed = (reason: string, cause?: unknown) =>
  new AnamnesisError("STEWARD_CHAIN_UNAVAILABLE", { reason }, { cause });

async function post(url: string, calls: readonly Call[], timeout: number): Promise<void> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(calls.map(({ body }) => body)),
      signal: AbortSignal.timeout(timeout),
    });
    if (!response.ok) throw failed(`status ${response.status}`);
    const answers = (await response.json()) as { id: number; result?: unknown; error?: { message?: string } }[];
    if (!Array.isArray(answers)) throw failed("no batch in the answer");
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    for (const { body, resolve, reject } of calls) {
      const answer = byId.get(body.id);
      if (answer === undefined || !("result" in answer))
        reject(failed(answer?.error?.message ?? `${body.method}: no answer`));
      else resolve(answer.result);
    }
  } catch (cause) {
    for (const { reject } of calls) reject(failed("the node cannot be reached", cause));
  }
}

/** JSON-RPC over HTTP. Calls made in one turn of the event loop travel together. @throws STEWARD_CHAIN_UNAVAILABLE */
export function httpJsonRpc(url: string, options: { readonly timeout?: number } = {}): JsonRpc {
  const { timeout = 5_000 } = options;
  let nextId = 1;
  let queue: Call[] = [];
  const flush = () => {
    const calls = queue;
    queue = [];
    for (let start = 0; start < calls.length; start += BATCH)
      void post(url, calls.slice(start, start + BATCH), timeout);
  };
  return (method, params) =>
    new Promise((resolve, reject) => {
      if (queue.length === 0) setImmediate(flush);
      queue.push({ body: { jsonrpc: "2.0", id: nextId++, method, params }, resolve, reject });
    });
}

import type { AbortOptions } from "../core/abort.ts";
import { throwIfAborted } from "../core/abort.ts";
import { AnamnesisError, isAnamnesisError } from "../errors/index.ts";
import type { StewardsClient } from "./client.ts";
import type { StewardMember } from "./committee.ts";
import { type Answer, decodeAnswer, openAnswer, openReply } from "./reply.ts";
import type { StewardVerb } from "./transport.ts";
import { MAX_REPLY_BYTES } from "./wire.ts";

interface Question extends AbortOptions {
  readonly member: StewardMember;
  readonly verb: StewardVerb;
  readonly request: Uint8Array;
  /** X-Wing private key that the answer is sealed to; absent for open verbs. */
  readonly receiveKey?: Uint8Array | undefined;
}

async function transported(client: StewardsClient, question: Question): Promise<Uint8Array> {
  const { member, verb, request, signal } = question;
  const timeout = AbortSignal.timeout(client.timeout ?? 10_000);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const details = { steward: member.index, endpoint: member.endpoint, verb };
  // A transport that ignores its signal must not hold up the others.
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(either.reason);
    if (either.aborted) stop();
    else either.addEventListener("abort", stop, { once: true });
  });
  aborted.catch(() => undefined);
  try {
    const reply = await Promise.race([client.transport.request(member, verb, request, { signal: either }), aborted]);
    if (reply.length <= MAX_REPLY_BYTES) return reply;
  } catch (cause) {
    throwIfAborted(signal);
    if (isAnamnesisError(cause, "STEWARD_REPLY_INVALID")) {
      throw new AnamnesisError(cause.code, { ...details, ...cause.details }, { cause });
    }
    const code = timeout.aborted ? "STEWARD_TIMEOUT" : "STEWARD_UNREACHABLE";
    throw new AnamnesisError(code, details, { cause });
  }
  throw new AnamnesisError("STEWARD_REPLY_INVALID", { ...details, reason: "too large" });
}

/**
 * Asks one steward one thing and gives the payload it signed, read by `read`.
 * @throws STEWARD_UNREACHABLE, STEWARD_TIMEOUT; STEWARD_REPLY_INVALID for what the steward did not sign; STEWARD_REFUSED
 * { reason }; STEWARD_LIED for something it signed that cannot be true; OPERATION_ABORTED.
 */
export async function askSteward<T>(
  client: StewardsClient,
  question: Question,
  read: (payload: Uint8Array) => T | Promise<T>,
): Promise<T> {
  const { member, verb, request, receiveKey, signal } = question;
  const encoded = await transported(client, question);
  throwIfAborted(signal);
  const reply = openReply(encoded, { verb, steward: member.signingKey, request });
  if (reply.answer === null)
    throw new AnamnesisError("STEWARD_REFUSED", { steward: member.index, verb, reason: "REFUSED" });
  let answer: Answer;
  try {
    answer = receiveKey ? await openAnswer(reply.answer, receiveKey, reply.requestHash) : decodeAnswer(reply.answer);
  } catch (cause) {
    throw new AnamnesisError(
      "STEWARD_LIED",
      { steward: member.index, verb, reason: "its answer cannot be opened" },
      { cause },
    );
  }
  if (answer.refusal !== null) {
    throw new AnamnesisError("STEWARD_REFUSED", { steward: member.index, verb, reason: answer.refusal });
  }
  if (reply.epoch !== client.committee.epoch) {
    throw new AnamnesisError("STEWARD_LIED", { steward: member.index, verb, reason: "it answers for another epoch" });
  }
  try {
    return await read(answer.payload);
  } catch (cause) {
    const reason = cause instanceof AnamnesisError ? cause.code : "its answer cannot be read";
    throw new AnamnesisError("STEWARD_LIED", { steward: member.index, verb, reason }, { cause });
  }
}

import { decodeEnvelope, fetchLogConsistency, type StewardsClient } from "@anamnesis/sdk/internal";
import type { OpenOutbox } from "../outbox/index.ts";
import type { StewardStore } from "../stores/steward-store.ts";
import type { LogSource } from "./follow-logs.ts";
import type { BodySource } from "./sample-bodies.ts";

/** Logs of receipts: each steward of the committee is asked for its own. */
export const stewardLogs =
  (stewards: () => Promise<StewardsClient>): LogSource =>
  async (owner, sizes) => {
    const client = await stewards();
    const member = client.committee.members.find(({ provider }) => provider === owner);
    return member && fetchLogConsistency(client, { member, ...sizes });
  };

/** Logs of the authors that an outbox writes for. */
export const outboxLogs =
  (outbox: Pick<OpenOutbox, "states" | "proveContinued">): LogSource =>
  async (owner, { size, laterSize }) => {
    const isTheirs = outbox.states().some((state) => state.owner === owner);
    return isTheirs ? outbox.proveContinued(owner, size, laterSize) : undefined;
  };

/** Bodies of envelopes that a steward keeps: from a place by chance, so that each comes in its turn. */
export const storedBodies =
  (store: Pick<StewardStore, "someEnvelopes">, random: () => number = Math.random): BodySource =>
  async (count) =>
    (await store.someEnvelopes(count, random)).map((encoded) => decodeEnvelope(encoded).publicPart.body);

import type {
  Committee,
  GateReference,
  Hex,
  PartialBatch,
  RecordId,
  SigningKeyPair,
  StewardVerb,
} from "@anamnesis/sdk/internal";
import type { StewardStore } from "../stores/steward-store.ts";
import type { SessionOpened, StewardNode } from "./chain.ts";
import { type ChainMoment, chainMoment } from "./chain-moment.ts";
import type { Clock } from "./clock.ts";
import { createErasures, type ErasureParameters, type Erasures } from "./erasures.ts";
import type { StewardLimits } from "./limits.ts";
import type { PeerVerb } from "./peer-request.ts";
import { rateLimit } from "./rate-limit.ts";
import type { ReceiptLog } from "./receipt-log.ts";
import { Recent } from "./recent.ts";

/** A fault that an operator should see: no request content, no key. */
export type FaultListener = (verb: StewardVerb | PeerVerb, error: unknown) => void;

/** What handlers share. The key share is not here: they hold only what it can do. */
export interface StewardContext {
  readonly reference: GateReference;
  /** Fixed at the first deployment; records of another are not ours. */
  readonly system: Hex;
  readonly committee: Committee;
  readonly signing: SigningKeyPair;
  readonly signingKey: Hex;
  readonly store: StewardStore;
  readonly clock: Clock;
  readonly limits: StewardLimits;
  /** x·U for each, with proofs. */
  readonly partialDecrypt: (U: readonly Uint8Array[]) => PartialBatch;
  /** The chain as it is, once every erasure that was due is carried out. @throws STEWARD_REFUSED { STEWARD_CATCHING_UP } */
  readonly moment: () => Promise<ChainMoment>;
  readonly erasures: Erasures;
  /** What never changes once final, so that it need not be asked again. */
  readonly known: {
    readonly sessions: Recent<string, SessionOpened>;
    readonly anchors: Recent<RecordId, number>;
    readonly capsules: Recent<RecordId, true>;
    readonly retracted: Recent<RecordId, true>;
  };
  readonly allow: {
    readonly request: (provider: string, cost?: number) => boolean;
    readonly records: (provider: string, cost?: number) => boolean;
    readonly ownerKey: (provider: string, cost?: number) => boolean;
  };
  /** Answers of the last seconds, by the hash of their request; a promise while one is being made. */
  readonly answers: Recent<Hex, { readonly checkedAt: () => number; readonly reply: Promise<Uint8Array | null> }>;
  /** Requests being answered, by receipt id: one id never names two. */
  readonly inFlight: Map<Hex, Hex>;
}

export function createContext(
  parameters: Pick<
    StewardContext,
    "reference" | "system" | "committee" | "signing" | "signingKey" | "store" | "clock" | "limits" | "partialDecrypt"
  > & { readonly nodes: readonly StewardNode[]; readonly log?: ReceiptLog | undefined } & Pick<
      ErasureParameters,
      "content"
    >,
): StewardContext {
  const { nodes, log, clock, limits, content, ...rest } = parameters;
  const moment = () => chainMoment(nodes, clock, limits);
  const erasures = createErasures({ ...rest, content, moment, clock, limits });
  return {
    ...rest,
    clock,
    limits,
    erasures,
    moment: async () => {
      log?.requireKept();
      const now = await moment();
      await erasures.require(now);
      return now;
    },
    known: {
      sessions: new Recent(10_000),
      anchors: new Recent(100_000),
      capsules: new Recent(100_000),
      retracted: new Recent(100_000),
    },
    allow: {
      request: rateLimit(limits.requestsPerMinute, clock),
      records: rateLimit(limits.recordsPerMinute, clock),
      ownerKey: rateLimit(limits.ownerKeysPerMinute, clock),
    },
    answers: new Recent(256),
    inFlight: new Map(),
  };
}

import type { Logger } from "../service/index.ts";
import { type PeerTransport, repeat } from "../steward/index.ts";
import type { Seat } from "./seat.ts";

export interface UpkeepParameters {
  readonly seat: Seat;
  readonly peers: PeerTransport;
  /** Seconds between two rounds. */
  readonly every: number;
  readonly logger: Logger;
  readonly onFault: (verb: string, error: unknown) => void;
}

/** What a steward does by itself: carries out erasures that are due, and asks the others for what it is missing. */
export function keepUp({ seat, peers, every, logger, onFault }: UpkeepParameters): { stop(): Promise<void> } {
  const pause = 1_000 * every;
  const sweeping = repeat(async () => seat.steward?.sweep(), {
    every: pause,
    onFault: (error) => onFault("sweep", error),
  });
  const repairing = repeat(
    async () => {
      const report = await seat.steward?.repair(peers);
      if (report === undefined) return;
      const { envelopes, others, problems } = report;
      if (envelopes.length + others > 0) logger.info({ envelopes: envelopes.length, others }, "repaired");
      for (const { steward, reason } of problems) logger.warn({ steward, reason }, "a peer could not be repaired from");
    },
    { every: pause, onFault: (error) => onFault("repair", error) },
  );
  return {
    async stop() {
      await Promise.all([sweeping.stop(), repairing.stop()]);
    },
  };
}

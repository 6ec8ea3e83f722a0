import { settleCeremonies } from "../ceremony/index.ts";
import { createLogger, createMetrics, faultFields, type Listener, type Logger, listen } from "../service/index.ts";
import { type Clock, systemClock } from "../steward/index.ts";
import { createStewardApps } from "./apps.ts";
import type { StewardServiceConfiguration } from "./configuration.ts";
import { ceremonyChainOf, ceremonyPeerOf } from "./open-ceremony.ts";
import { openConfiguredFolder } from "./open-folder.ts";
import { httpPeers } from "./peer-transport.ts";
import { type Seat, takeSeat } from "./seat.ts";
import { keepUp } from "./upkeep.ts";
import { keepWatch } from "./witness.ts";

/** Milliseconds between two looks at the chain's committee: while there is no seat, and while there is one. */
const LOOK = { without: 1_000, seated: 15_000 };

export interface StewardServiceOptions {
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
}

export interface StewardService {
  readonly url: string;
  /** Where health and metrics are asked; `url` unless configured apart. */
  readonly adminUrl: string;
  /** Why requests cannot be answered now; none where they can. */
  reasons(): Promise<readonly string[]>;
  /** Resolves once the steward has its seat in the committee of the chain. */
  seated(): Promise<void>;
  /** Takes no more requests, finishes those begun, forgets the share, closes the database. */
  stop(): Promise<void>;
}

function watch(seat: Seat): { readonly first: Promise<void>; end(): void } {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const first = Promise.withResolvers<void>();
  const look = async () => {
    await seat.refresh();
    if (seat.steward !== undefined) first.resolve();
    if (!ended) timer = setTimeout(look, seat.steward === undefined ? LOOK.without : LOOK.seated);
  };
  void look();
  return {
    first: first.promise,
    end: () => {
      ended = true;
      clearTimeout(timer);
    },
  };
}

/**
 * Runs one steward as a service until it is stopped. It listens at once and is ready as soon as the chain names it in the
 * committee.
 * @throws SERVICE_LISTEN_FAILED, SERVICE_CERTIFICATE_INVALID, STEWARD_STORE_FAILED, STEWARD_STORE_TOO_NEW,
 * STEWARD_SHARE_UNREADABLE
 */
export async function runStewardService(
  configuration: StewardServiceConfiguration,
  options: StewardServiceOptions = {},
): Promise<StewardService> {
  const { limits, tls } = configuration;
  const { clock = systemClock, logger = createLogger({ service: "steward", level: configuration.logLevel }) } = options;
  const metrics = createMetrics("steward");
  const folder = await openConfiguredFolder(configuration);
  const onFault = (verb: string, error: unknown) => {
    const fields = faultFields(error);
    metrics.faults.inc({ route: `/v1/${verb}`, code: String(fields["fault"]) });
    logger.error({ route: `/v1/${verb}`, ...fields }, "a request met a fault");
  };
  const chain = ceremonyChainOf(configuration, clock);
  const ceremony = ceremonyPeerOf(configuration, folder, chain, (error) => onFault("ceremony", error));
  // A committee published meanwhile, perhaps while this steward slept: its share is taken, the one it replaced destroyed.
  const follow = () => (ceremony ? ceremony.settle() : settleCeremonies({ folder, chain }));
  const seat = takeSeat({ configuration, folder, clock, logger, onFault, follow });
  let stopping = false;
  const reasons = async () => (stopping ? ["stopping"] : seat.reasons());
  const [app, admin] = createStewardApps({ configuration, seat, ceremony, tls, logger, metrics, reasons });

  const listeners: Listener[] = [];
  let upkeep: { stop(): Promise<void> } | undefined;
  let witness: { stop(): Promise<void> } | undefined;
  const close = async () => {
    await Promise.all(listeners.map((listener) => listener.stop(limits.stopWithin)));
    await upkeep?.stop();
    await witness?.stop();
    await seat.close();
    await folder.close();
  };
  try {
    const { connections } = limits;
    const main = await listen({ ...configuration.listen, tls, connections, fetch: app.fetch });
    listeners.push(main);
    if (admin && configuration.admin) {
      listeners.push(await listen({ ...configuration.admin, connections: 64, fetch: admin.fetch }));
    }
    const watching = watch(seat);
    upkeep = keepUp({ seat, peers: httpPeers(tls), every: configuration.upkeep, logger, onFault });
    witness = keepWatch({ configuration, folder, clock, logger, onFault });
    const adminUrl = (listeners.at(-1) as Listener).url;
    logger.info({ url: main.url, admin: adminUrl }, "listening");
    let stopped: Promise<void> | undefined;
    return {
      url: main.url,
      adminUrl,
      reasons,
      seated: () => watching.first,
      stop() {
        stopping = true;
        watching.end();
        stopped ??= close().then(() => logger.info("stopped"));
        return stopped;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

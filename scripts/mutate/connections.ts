import type { NetworkHooks } from "hardhat/types/hooks";
import type { NetworkConnection } from "hardhat/types/network";

/** As far as a connection is needed here. */
type Connection = Pick<NetworkConnection, "provider" | "networkHelpers">;

/** Every network that the tests opened when they were loaded, and how it was then. */
const opened: { readonly connection: Connection; snapshot: unknown }[] = [];

let fixtures = 0;
let tell: (tags: readonly string[], isInFixture: boolean) => void = () => {};

/** Says which marks were hit, and whether a fixture did it. */
export function onHits(listener: typeof tell): void {
  tell = listener;
}

/** Knows when a fixture is at work: later tests stand on it without running it again. */
function watchFixtures({ networkHelpers }: Connection): void {
  const load = networkHelpers.loadFixture.bind(networkHelpers);
  networkHelpers.loadFixture = async (fixture) => {
    fixtures++;
    try {
      return await load(fixture);
    } finally {
      fixtures--;
    }
  };
}

export default async (): Promise<Partial<NetworkHooks>> => ({
  newConnection: async (context, next) => {
    const connection = await next(context);
    watchFixtures(connection as Connection);
    const snapshot = await connection.provider.request({ method: "evm_snapshot" });
    opened.push({ connection: connection as Connection, snapshot });
    return connection;
  },
  // That there is a handler is what makes Hardhat collect marks.
  ...(process.env["ANAMNESIS_MUTANT_SCOUT"] === undefined
    ? {}
    : { onCoverageData: async (_context, tags) => tell(tags, fixtures > 0) }),
});

/** Makes every network as it was, without a trace of the run before: fixtures are deployed again. */
export async function resetConnections(): Promise<void> {
  for (const one of opened) {
    const { provider, networkHelpers } = one.connection;
    await provider.request({ method: "evm_revert", params: [one.snapshot] });
    one.snapshot = await provider.request({ method: "evm_snapshot" });
    networkHelpers.clearSnapshots();
  }
}

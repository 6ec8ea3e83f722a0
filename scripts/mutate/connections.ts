import type { NetworkHooks } from "hardhat/types/hooks";
import type { NetworkConnection } from "hardhat/types/network";

/** As far as a connection is needed here. */
type Connection = Pick<NetworkConnection, "provider" | "networkHelpers">;

/** Every network that the tests opened when they were loaded, and how it was then. */
const opened: { readonly connection: Connection; snapshot: unknown }[] = [];

export default async (): Promise<Partial<NetworkHooks>> => ({
  newConnection: async (context, next) => {
    const connection = await next(context);
    opened.push({
      connection: connection as Connection,
      snapshot: await connection.provider.request({ method: "evm_snapshot" }),
    });
    return connection;
  },
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

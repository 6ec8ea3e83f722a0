/**
 * The local network's EVM, in a process of its own so that it is reached over real HTTP. It tells its parent the URL it
 * listens on and ends when the parent does.
 */
import { join } from "node:path";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { EvmOptions, EvmReady } from "./evm.ts";

function start({ chainId, accounts, blockInterval, port }: EvmOptions): Promise<EvmReady> {
  return createHardhatRuntimeEnvironment({
    // A folder that is not there: in a checkout Hardhat would read every contract's source map, to name lines in traces nobody reads.
    paths: { artifacts: join(import.meta.dirname, "no-artifacts") },
    networks: {
      local: {
        type: "edr-simulated",
        chainType: "l1",
        chainId,
        hardfork: "prague",
        // Many transactions fall into one second; without this the chain's clock would run ahead of the world's.
        allowBlocksWithSameTimestamp: true,
        mining: { auto: blockInterval.auto, interval: blockInterval.milliseconds },
        accounts: accounts.map((privateKey) => ({ privateKey, balance: (10n ** 24n).toString() })),
      },
    },
  })
    .then((environment) => environment.network.createServer("local", "127.0.0.1", port))
    .then((server) => server.listen())
    .then((listening) => ({ url: `http://${listening.address}:${listening.port}` }));
}

process.once("disconnect", () => process.exit(0));
process.once("message", (options: EvmOptions) => {
  start(options).then(
    (ready) => process.send?.(ready),
    (cause: unknown) => {
      process.stderr.write(`${String(cause)}\n`);
      process.exit(1);
    },
  );
});

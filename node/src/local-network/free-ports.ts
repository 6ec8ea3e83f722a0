import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { AnamnesisError } from "@anamnesis/sdk/errors";

/** Below what systems give to outgoing connections: a port found free here stays free while its steward is away. */
const RANGE = [20_000, 32_000] as const;
const ATTEMPTS = 100;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

/** So many different free ports on loopback, for endpoints that are published before anybody listens. @throws LOCAL_NETWORK_FAILED */
export async function freePorts(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  for (let tried = 0; tried < ATTEMPTS && found.size < count; tried++) {
    const port = randomInt(...RANGE);
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  if (found.size === count) return [...found];
  throw new AnamnesisError("LOCAL_NETWORK_FAILED", { part: "ports" });
}

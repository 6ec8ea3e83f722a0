import { createServer, type IncomingMessage } from "node:http";
import type { StewardVerb } from "@anamnesis/sdk/internal";
import type { StewardStore } from "../../node/src/stores/index.ts";
import { plantedSteward } from "./planted-stewards.ts";
import type { Stage } from "./stage.ts";

export interface HastySteward {
  /** Ends it as a power cut does: what it has not written is lost. */
  crash(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return new Uint8Array(Buffer.concat(pieces));
}

/** Gives its word at once; the disk would come later, which a crash prevents. */
const hasty = (store: StewardStore): StewardStore => ({
  ...store,
  putEnvelope: async () => true,
  appendReceipt: async () => undefined,
  putOwnerKey: async () => undefined,
});

/** Defect on purpose: a steward that acknowledges before it writes, at the address of one of the network's, which must have been stopped. */
export async function startHastySteward({ network, committee }: Stage, index: number): Promise<HastySteward> {
  const { steward, close } = await plantedSteward(network, committee, index, { store: hasty });
  const server = createServer(async (request, response) => {
    try {
      const verb = String(request.url).slice("/v1/".length) as StewardVerb;
      const reply = await steward.handle(verb, await bodyOf(request));
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(reply);
    } catch {
      response.destroy();
    }
  });
  const { hostname, port } = new URL(network.stewards.endpoints[index] as string);
  await new Promise<void>((resolve) => server.listen(Number(port), hostname, resolve));
  return {
    async crash() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await close();
    },
  };
}

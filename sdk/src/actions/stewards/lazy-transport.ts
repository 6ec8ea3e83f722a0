import type { StewardTransport } from "../../stewards/transport.ts";

/** HTTP to the endpoints that the committee publishes, loaded with the first question. */
export function lazyTransport(): StewardTransport {
  let loaded: Promise<StewardTransport> | undefined;
  return {
    async request(...question) {
      loaded ??= import("../../stewards/http-transport.ts").then(({ httpTransport }) => httpTransport());
      return (await loaded).request(...question);
    },
  };
}

import { createServer, type Server, type ServerOptions } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import { createAdaptorServer } from "@hono/node-server";
import { type TlsFiles, tlsOptions } from "./tls.ts";

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls?: TlsFiles | undefined;
  /** Connections held at once; further ones are closed unread. */
  readonly connections: number;
  readonly fetch: (request: Request, env?: object) => Response | Promise<Response>;
}

export interface Listener {
  readonly url: string;
  /** Takes no more connections, lets what is being answered finish for so many milliseconds, then cuts off. */
  stop(within: number): Promise<void>;
}

/** Bounds on how slowly a request may come, in milliseconds, and on its headers. */
const bounds: ServerOptions = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8_192,
};

function serverOf({ fetch, tls }: ListenOptions): Server {
  const answer = (request: Request, env: object) => fetch(request, env);
  const server =
    tls === undefined
      ? createAdaptorServer({ fetch: answer, createServer, serverOptions: bounds })
      : createAdaptorServer({
          fetch: answer,
          createServer: createSecureServer,
          serverOptions: { ...bounds, ...tlsOptions(tls), handshakeTimeout: 5_000 },
        });
  return server as Server;
}

/** Listens for requests. @throws SERVICE_LISTEN_FAILED, SERVICE_CERTIFICATE_INVALID */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { host, port, connections, tls } = options;
  const server = serverOf(options);
  server.maxConnections = connections;
  server.maxHeadersCount = 64;
  server.maxRequestsPerSocket = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(new AnamnesisError("SERVICE_LISTEN_FAILED", { host, port }, { cause })));
    server.listen(port, host, resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  const shown = host.includes(":") ? `[${host}]` : host;
  return {
    url: `${tls === undefined ? "http" : "https"}://${shown}:${taken}`,
    stop: (within) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), within);
        // A connection whose request was just answered is kept alive, and would keep the server open.
        const idle = setInterval(() => server.closeIdleConnections(), 50);
        server.close(() => {
          clearTimeout(cut);
          clearInterval(idle);
          resolve();
        });
      }),
  };
}

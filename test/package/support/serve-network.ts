import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { LocalNetwork } from "@anamnesis/node";
import type { Cast } from "../consumer/network.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
};

/** What a careful site sends with its pages: nothing of ours needs `eval` or inline code, and of other origins only the stewards. */
const policyFor = ({ stewards }: LocalNetwork): string =>
  `default-src 'none'; script-src 'self'; connect-src 'self' ${stewards.endpoints.join(" ")}`;

const largest = 32 * 1024 * 1024;

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > largest) throw new Error("The request is too large.");
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function sendFile(response: ServerResponse, site: string, path: string, policy: string): void {
  const file = join(site, path === "/" ? "index.html" : normalize(path));
  if (!existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(path === "/favicon.ico" ? 204 : 404).end();
    return;
  }
  const type = types[extname(file)] ?? "application/octet-stream";
  response.writeHead(200, { "content-type": type, "content-security-policy": policy });
  createReadStream(file).pipe(response);
}

async function answer(
  network: LocalNetwork,
  cast: (origin: string) => Cast,
  site: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const origin = `http://${request.headers.host}`;
  const { pathname } = new URL(request.url ?? "/", origin);
  if (pathname === "/cast") {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(cast(origin)));
  } else if (pathname === "/rpc") {
    const body = await bodyOf(request);
    const reply = await fetch(network.url, { method: "POST", headers: { "content-type": "application/json" }, body });
    response.writeHead(reply.status, { "content-type": "application/json" });
    response.end(Buffer.from(await reply.arrayBuffer()));
  } else if (site === undefined) {
    response.writeHead(404).end();
  } else {
    sendFile(response, site, pathname, policyFor(network));
  }
}

export interface Served {
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Stands before a local network on loopback: pages, the chain at `/rpc`, and at `/cast` who takes part. Stewards are asked where
 * the chain says they are.
 */
export async function serveNetwork(network: LocalNetwork, site?: string): Promise<Served> {
  const clinic = await network.admit({ name: "Riverside Clinic", kind: "clinic" });
  const doctor = await network.admit({ name: "Dr Baker", kind: "practitioner" });
  await network.affiliate(clinic, doctor);
  const patients = [await network.account(), await network.account()];
  const cast = (origin: string): Cast => ({
    deployment: {
      ...network.deployment,
      description: { ...network.deployment.description, nodes: [`${origin}/rpc`] },
    },
    patients: patients.map(({ privateKey }) => privateKey),
    doctor: doctor.signer.privateKey,
    clinic: clinic.provider,
  });
  const server = createServer((request, response) => {
    answer(network, cast, site, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(503, { "content-type": "text/plain" });
      response.end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

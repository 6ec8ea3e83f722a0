import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { Readable } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { HttpBindings } from "@hono/node-server";
import type { Context, MiddlewareHandler } from "hono";
import { type TlsFiles, tlsOptions } from "./tls.ts";

/**
 * Lets only those in who showed a certificate of the private authority; others hear 403. Where the service speaks plain HTTP, on
 * one machine, nobody can show one: there the messages' own signatures are all there is.
 */
export function peersOnly(tls: TlsFiles | undefined): MiddlewareHandler {
  return async (context: Context, next) => {
    if (tls === undefined) return next();
    const { incoming } = context.env as HttpBindings;
    if ((incoming.socket as TLSSocket).authorized) return next();
    return Response.json({ error: "not a peer" }, { status: 403 });
  };
}

/**
 * `fetch` for one service asking another: shows its certificate, and believes only certificates of the private authority. It
 * sends bytes or nothing, follows no redirection, and leaves the reply's length to the reader.
 */
export function peerFetch(tls: TlsFiles | undefined): typeof fetch {
  const secure = tls && { ...tlsOptions(tls), requestCert: false, rejectUnauthorized: true };
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const { method = "GET", body, signal } = init;
      const headers = Object.fromEntries(new Headers(init.headers).entries());
      const send = url.protocol === "https:" ? secureRequest : plainRequest;
      const options = { method, headers, signal: signal ?? undefined, ...(url.protocol === "https:" ? secure : {}) };
      const sent = send(url, options as Parameters<typeof secureRequest>[1], (answer) => {
        const status = answer.statusCode ?? 500;
        const stream = Readable.toWeb(answer) as ReadableStream<Uint8Array<ArrayBuffer>>;
        const flat = Object.entries(answer.headers).map(([key, value]): [string, string] => [key, String(value)]);
        resolve(new Response(status === 204 ? null : stream, { status, headers: flat }));
      });
      sent.once("error", reject);
      sent.end(body instanceof Uint8Array ? body : undefined);
    });
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import { httpTransport, MAX_REPLY_BYTES, type StewardAddress } from "../../../sdk/src/stewards/index.ts";

type Answer = (request: IncomingMessage, response: ServerResponse, attempt: number) => void;

const request = Uint8Array.of(1, 2, 3);

describe("HTTP transport to stewards", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  /** Somebody at a steward's address, who keeps what was sent. */
  async function answering(answer: Answer) {
    const seen: { readonly url: string; readonly type: string | undefined; readonly body: Buffer }[] = [];
    const server = createServer((incoming, response) => {
      const parts: Buffer[] = [];
      incoming.on("data", (part: Buffer) => parts.push(part));
      incoming.on("end", () => {
        const { url = "", headers } = incoming;
        seen.push({ url, type: headers["content-type"], body: Buffer.concat(parts) });
        answer(incoming, response, seen.length);
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const address: StewardAddress = { index: 1, signingKey: "0x00", endpoint: `http://127.0.0.1:${port}/` };
    return { address, seen };
  }

  async function failure(work: Promise<unknown>): Promise<AnamnesisError> {
    const error = await work.then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).to.be.instanceOf(AnamnesisError);
    return error as AnamnesisError;
  }

  it("posts the bytes to the verb and gives back the bytes", async () => {
    const { address, seen } = await answering((_, response) => response.end(Buffer.from([9, 8, 7])));
    const headers = { "x-proxy": "yes" };
    expect([...(await httpTransport({ headers }).request(address, "owner-key-put", request))]).to.deep.equal([9, 8, 7]);
    expect(seen).to.deep.equal([
      { url: "/v1/owner-key-put", type: "application/octet-stream", body: Buffer.from(request) },
    ]);
  });

  describe("repeats, byte for byte, what was never answered", () => {
    it("after a connection that was cut, and after 503", async () => {
      for (const refuse of [
        (response: ServerResponse) => response.destroy(),
        (response: ServerResponse) => response.writeHead(503).end("busy"),
      ]) {
        const { address, seen } = await answering((_, response, attempt) =>
          attempt === 1 ? refuse(response) : response.end(Buffer.from([attempt])),
        );
        expect([...(await httpTransport().request(address, "list", request))]).to.deep.equal([2]);
        expect(seen.map(({ body }) => [...body])).to.deep.equal([
          [1, 2, 3],
          [1, 2, 3],
        ]);
      }
    });

    it("once and no more, and never where that was ruled out", async () => {
      const { address, seen } = await answering((_, response) => response.writeHead(503).end());
      const error = await failure(httpTransport().request(address, "list", request));
      expect(error).to.deep.include({ code: "STEWARD_UNREACHABLE", details: { steward: 1, status: 503 } });
      expect(seen).to.have.length(2);
      await failure(httpTransport({ attempts: 1 }).request(address, "list", request));
      expect(seen).to.have.length(3);
    });

    it("but not what was answered, with whatever status", async () => {
      for (const status of [400, 404, 413, 429, 500]) {
        const { address, seen } = await answering((_, response) => response.writeHead(status).end("no"));
        const error = await failure(httpTransport().request(address, "list", request));
        expect(error).to.deep.include({ code: "STEWARD_UNREACHABLE", details: { steward: 1, status } });
        expect(seen).to.have.length(1);
      }
    });
  });

  it("does not follow a redirection with a signed request", async () => {
    const elsewhere = await answering((_, response) => response.end("thanks"));
    const { address } = await answering((_, response) =>
      response.writeHead(307, { location: `${elsewhere.address.endpoint}v1/list` }).end(),
    );
    expect((await failure(httpTransport().request(address, "list", request))).code).to.equal("STEWARD_UNREACHABLE");
    expect(elsewhere.seen).to.have.length(0);
  });

  it("takes a reply of the largest size, and stops reading a longer one", async () => {
    let sent = 0;
    const endless: Answer = (_, response) => {
      const piece = Buffer.alloc(65_536);
      const more = () => {
        while (!response.destroyed) {
          sent += piece.length;
          if (!response.write(piece)) {
            response.once("drain", more);
            return;
          }
        }
      };
      more();
    };
    const largest = await answering((_, response) => response.end(Buffer.alloc(MAX_REPLY_BYTES)));
    expect(await httpTransport().request(largest.address, "sync", request)).to.have.length(MAX_REPLY_BYTES);
    const { address } = await answering(endless);
    const error = await failure(httpTransport().request(address, "sync", request));
    expect(error).to.deep.include({ code: "STEWARD_REPLY_INVALID", details: { steward: 1, reason: "too large" } });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const afterwards = sent;
    await new Promise((resolve) => setTimeout(resolve, 200));
    // Buffers on the way hold some; then nobody reads, and the sender stops.
    expect(sent).to.equal(afterwards);
    expect(sent).to.be.below(6 * MAX_REPLY_BYTES);

    const announced = await answering((_, response) =>
      response.writeHead(200, { "content-length": MAX_REPLY_BYTES + 1 }).write("x"),
    );
    expect((await failure(httpTransport().request(announced.address, "sync", request))).code).to.equal(
      "STEWARD_REPLY_INVALID",
    );
  });

  it("gives up at once when aborted, also in the middle of a reply, and repeats nothing", async () => {
    const { address, seen } = await answering((_, response) => response.writeHead(200).write("half"));
    const stop = new AbortController();
    const asked = failure(httpTransport().request(address, "list", request, { signal: stop.signal }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    stop.abort();
    expect((await asked).code).to.equal("OPERATION_ABORTED");
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(seen).to.have.length(1);
    expect((await failure(httpTransport().request(address, "list", request, { signal: stop.signal }))).code).to.equal(
      "OPERATION_ABORTED",
    );
    expect(seen).to.have.length(1);
  });

  it("asks nobody whose endpoint is no http address", async () => {
    for (const endpoint of ["memory:1", "file:///etc/passwd", "javascript:0", "http:///"]) {
      const error = await failure(httpTransport().request({ index: 2, signingKey: "0x00", endpoint }, "list", request));
      expect(error.code, endpoint).to.equal("STEWARD_UNREACHABLE");
    }
  });
});

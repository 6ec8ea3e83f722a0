import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { httpJsonRpc } from "../../../node/src/steward/json-rpc.ts";
import type { AnamnesisError } from "../../../sdk/src/errors/index.ts";

describe("httpJsonRpc", () => {
  let server: Server;
  let url: string;
  let requests: unknown[][];

  before(async () => {
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk) => {
        text += chunk;
      });
      request.on("end", () => {
        const calls = JSON.parse(text) as { id: number; method: string; params: unknown[] }[];
        requests.push(calls);
        const answers = calls.map(({ id, method, params }) =>
          method === "fail"
            ? { id, error: { code: 3, message: "execution reverted" } }
            : { id, result: params[0] ?? null },
        );
        if (calls[0]?.method === "hang") return;
        response.statusCode = calls[0]?.method === "broken" ? 500 : 200;
        response.end(JSON.stringify(answers.toReversed()));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    requests = [];
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => "answered",
      (error: AnamnesisError) => error.code,
    );

  it("sends what is asked in one turn together, and gives each its own answer", async () => {
    const rpc = httpJsonRpc(url);
    const answers = await Promise.all(Array.from({ length: 150 }, (_, i) => rpc("echo", [i])));
    expect(answers).to.deep.equal(Array.from({ length: 150 }, (_, i) => i));
    expect(requests.map(({ length }) => length)).to.have.members([100, 50]);
    expect(await rpc("echo", [])).to.equal(null);
  });

  it("fails only the call that the node refuses", async () => {
    const rpc = httpJsonRpc(url);
    const codes = await Promise.all([codeOf(rpc("echo", [1])), codeOf(rpc("fail", [])), codeOf(rpc("echo", [2]))]);
    expect(codes).to.deep.equal(["answered", "STEWARD_CHAIN_UNAVAILABLE", "answered"]);
  });

  it("gives up on a node that is broken, hangs or is away", async () => {
    const rpc = httpJsonRpc(url, { timeout: 100 });
    const codes = [
      await codeOf(rpc("broken", [])),
      await codeOf(rpc("hang", [])),
      await codeOf(httpJsonRpc("http://127.0.0.1:1")("echo", [])),
    ];
    expect(codes).to.deep.equal(codes.map(() => "STEWARD_CHAIN_UNAVAILABLE"));
    expect(await rpc("echo", ["again"])).to.equal("again");
  });
});

import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { chunksOf, treeBuilder } from "../../sdk/src/storage/unixfs.ts";

/** The calls of Kubo's RPC that a store makes, over blocks in memory. The wire before it has the faults; `test/kubo` has the real Kubo. */
export interface IpfsNode {
  readonly url: string;
  close(): Promise<void>;
}

/** The one file of a form. */
function fileIn(form: Buffer, contentType = ""): Uint8Array {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  return form.subarray(form.indexOf("\r\n\r\n") + 4, form.lastIndexOf(`\r\n--${boundary}`));
}

export async function ipfsNode(): Promise<IpfsNode> {
  const blocks = new Map<string, Uint8Array>();
  const json = (response: ServerResponse, value: object, status = 200) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(value)}\n`);

  async function add(form: Buffer, contentType: string | undefined, response: ServerResponse): Promise<void> {
    const tree = treeBuilder(async ({ cid, bytes }) => void blocks.set(cid.toString(), bytes));
    for await (const chunk of chunksOf(fileIn(form, contentType))) await tree.push(chunk);
    const { cid, size } = await tree.finish();
    json(response, { Name: cid.toString(), Hash: cid.toString(), Size: String(size) });
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const cid = searchParams.get("arg") ?? "";
    const block = blocks.get(cid);
    // A connection that its wire cut brings nothing whole.
    const form = await buffer(request).catch(() => undefined);
    if (form === undefined) return;
    if (pathname.endsWith("/add")) return add(form, request.headers["content-type"], response);
    if (block === undefined) return json(response, { Message: `ipld: could not find ${cid}`, Type: "error" }, 500);
    if (pathname.endsWith("/block/get")) return void response.end(block);
    return json(response, { Key: cid, Size: block.length });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { makeCertificates } from "../../node/src/service/certificates.ts";
import { createApp } from "../../node/src/service/create-app.ts";
import { type Listener, listen } from "../../node/src/service/listen.ts";
import { createLogger } from "../../node/src/service/logs.ts";
import { createMetrics } from "../../node/src/service/metrics.ts";
import { peerFetch, peersOnly } from "../../node/src/service/peers.ts";
import type { TlsFiles } from "../../node/src/service/tls.ts";

const run = promisify(execFile);
const main = fileURLToPath(new URL("../../apps/steward/src/main.ts", import.meta.url));

describe("TLS between institutions", () => {
  let folder: string;
  let server: TlsFiles;
  let peer: TlsFiles;
  let foreign: TlsFiles;
  let listener: Listener;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "anamnesis-tls-"));
    const hosts = ["127.0.0.1", "localhost"];
    const ours = join(folder, "ours");
    [server, peer] = (await makeCertificates(ours, [
      { name: "steward-1", hosts },
      { name: "steward-2", hosts },
    ])) as [TlsFiles, TlsFiles];
    [foreign] = (await makeCertificates(join(folder, "theirs"), [{ name: "steward-2", hosts }])) as [TlsFiles];
    const logger = createLogger({ service: "test", level: "silent" });
    const app = createApp({ logger, metrics: createMetrics("test"), origins: [], inFlight: 8 });
    app.get("/open", (context) => context.text("open"));
    app.use("/peer", peersOnly(server));
    app.post("/peer", async (context) => context.text(`peer: ${await context.req.text()}`));
    listener = await listen({ host: "127.0.0.1", port: 0, tls: server, connections: 8, fetch: app.fetch });
  });
  after(async () => {
    await listener.stop(1_000);
    await rm(folder, { recursive: true, force: true });
  });

  /** Believes our authority, and shows no certificate. */
  async function anonymous(path: string, method: string): Promise<number> {
    const { port } = new URL(listener.url);
    const ca = await readFile(server.authority);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port: Number(port), ca }, () => {
        socket.write(`${method} ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      });
      let said = "";
      socket.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
      socket.once("error", reject);
      socket.once("close", () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1])));
    });
  }

  it("lets a peer of the same authority in, on both sides of the handshake", async () => {
    const answer = await peerFetch(peer)(`${listener.url}/peer`, { method: "POST", body: Buffer.from("hello") });
    expect([answer.status, await answer.text()]).to.deep.equal([200, "peer: hello"]);
  });

  it("serves everybody else on open routes, and refuses them on peers' routes only", async () => {
    expect(await anonymous("/open", "GET")).to.equal(200);
    expect(await anonymous("/peer", "POST")).to.equal(403);
  });

  it("refuses a peer whose certificate another authority of the same name signed", async () => {
    const mixed = { ...foreign, authority: server.authority };
    const answer = await peerFetch(mixed)(`${listener.url}/peer`, { method: "POST" });
    expect(answer.status).to.equal(403);
    expect((await peerFetch(mixed)(`${listener.url}/open`)).status).to.equal(200);
  });

  it("is believed by nobody who trusts another authority, or no private one", async () => {
    const refusals = await Promise.all(
      [peerFetch(foreign)(`${listener.url}/open`), fetch(`${listener.url}/open`)].map((asked) =>
        asked.then(
          ({ status }) => `answered ${status}`,
          (error: { code?: string; cause?: { code?: string } }) => error.code ?? error.cause?.code,
        ),
      ),
    );
    for (const refusal of refusals) expect(refusal).to.match(/SIGNATURE|ISSUER|VERIFY|SELF_SIGNED|CERT/);
  });

  it("speaks no TLS before 1.3, and no plain HTTP", async () => {
    const { port } = new URL(listener.url);
    const ca = await readFile(server.authority);
    const shaken = (maxVersion: "TLSv1.2" | "TLSv1.3") =>
      new Promise<string | null>((resolve) => {
        const socket = connect({ host: "127.0.0.1", port: Number(port), ca, maxVersion }, () => {
          resolve(socket.getProtocol());
          socket.destroy();
        });
        socket.once("error", () => resolve(null));
      });
    expect(await shaken("TLSv1.2")).to.equal(null);
    expect(await shaken("TLSv1.3")).to.equal("TLSv1.3");
    const plain = await fetch(`http://127.0.0.1:${port}/open`).then(
      ({ status }) => status,
      () => "cut off",
    );
    expect(plain).to.equal("cut off");
  });

  describe("anamnesis-steward certificates", () => {
    it("makes an authority once, adds stewards to it later, and writes over nothing", async () => {
      const directory = join(folder, "command");
      const make = (...stewards: readonly string[]) =>
        run(process.execPath, [main, "certificates", "-d", directory, ...stewards.flatMap((each) => ["-s", each])]);
      await make("steward-1=127.0.0.1", "steward-2=127.0.0.1,localhost");
      const authority = await readFile(join(directory, "authority.pem"), "utf8");
      await make("steward-3=steward.example");
      expect(await readFile(join(directory, "authority.pem"), "utf8")).to.equal(authority);
      for (const name of ["authority", "steward-1", "steward-2", "steward-3"]) {
        expect((await stat(join(directory, `${name}.key.pem`))).mode & 0o777, name).to.equal(0o600);
      }
      const before = await readFile(join(directory, "steward-1.pem"), "utf8");
      const refused = await make("steward-1=127.0.0.1").then(
        () => "made",
        ({ code, stderr }: { code: number; stderr: string }) => `${code} ${stderr}`,
      );
      expect(refused).to.match(/^2 .*SERVICE_CERTIFICATE_INVALID/);
      expect(await readFile(join(directory, "steward-1.pem"), "utf8")).to.equal(before);
    });
  });
});

import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deployment } from "@anamnesis/sdk";
import { expect } from "chai";
import { type App, createApp } from "../../node/src/service/create-app.ts";
import { type Listener, listen } from "../../node/src/service/listen.ts";
import { createLogger, type Logger } from "../../node/src/service/logs.ts";
import { createMetrics } from "../../node/src/service/metrics.ts";
import { createStewardApps } from "../../node/src/steward-service/apps.ts";
import type { StewardServiceConfiguration } from "../../node/src/steward-service/configuration.ts";
import { runStewardService, type StewardService } from "../../node/src/steward-service/run-steward-service.ts";
import type { Seat } from "../../node/src/steward-service/seat.ts";
import { MAX_REQUEST_BYTES, stewardVerbs } from "../../sdk/src/stewards/index.ts";

const address = "0x0000000000000000000000000000000000000001";
const contracts = Object.fromEntries(
  ["patientRegistry", "providerRegistry", "consentRegistry", "recordRegistry", "accessGate", "stewardCommittee"].map(
    (name) => [name, address],
  ),
);

/** A log that is kept, line by line. */
function kept(): { readonly logger: Logger; readonly lines: () => readonly Record<string, unknown>[] } {
  const lines: string[] = [];
  const logger = createLogger({ service: "test", to: { write: (line: string) => void lines.push(line) } });
  return { logger, lines: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

interface Described {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, unknown>> }>>>
  >;
}

describe("A steward's HTTP, before it has a seat", () => {
  let folder: string;
  let service: StewardService;
  const { logger, lines } = kept();
  const configuration = (changes: Partial<StewardServiceConfiguration> = {}): StewardServiceConfiguration => ({
    listen: { host: "127.0.0.1", port: 0 },
    folder: join(folder, "steward"),
    // Nobody listens there.
    nodes: ["http://127.0.0.1:9"],
    upkeep: 30,
    deployment: {
      version: 1,
      description: { chainId: 31_337, nodes: [], finality: { kind: "instant" } },
      contracts,
      block: 0,
      system: "0x00",
    } as unknown as Deployment,
    origins: ["https://records.example"],
    logLevel: "info",
    limits: {
      inFlight: 64,
      connections: 64,
      stopWithin: 2_000,
      lockWithin: 500,
      headAge: 60,
      requestsPerMinute: 100,
      recordsPerMinute: 100,
      ownerKeysPerMinute: 100,
    },
    ...changes,
  });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "anamnesis-service-"));
    service = await runStewardService(configuration(), { logger });
  });
  after(async () => {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const described = async (url = service.url) => (await (await fetch(`${url}/openapi.json`)).json()) as Described;

  describe("OpenAPI", () => {
    it("describes every route that answers, and every route it describes answers as described", async () => {
      const { openapi, paths } = await described();
      expect(openapi).to.equal("3.1.0");
      const expected = [
        ...stewardVerbs.map((verb) => `/v1/${verb}`),
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
      ];
      expect(Object.keys(paths).sort()).to.include.members(expected);
      let asked = 0;
      for (const [path, methods] of Object.entries(paths)) {
        for (const [method, { responses }] of Object.entries(methods)) {
          const answer = await fetch(service.url + path, { method: method.toUpperCase() });
          expect(answer.status, path).not.to.equal(404);
          expect(Object.keys(responses), `${method} ${path}`).to.include(String(answer.status));
          asked += 1;
        }
        for (const method of ["GET", "PUT", "DELETE", "POST"].filter((each) => !(each.toLowerCase() in methods))) {
          expect((await fetch(service.url + path, { method })).status, `${method} ${path}`).to.equal(404);
        }
      }
      expect(asked).to.be.at.least(expected.length);
    });

    it("leaves out nothing that is mounted", () => {
      const metrics = createMetrics("test");
      const { limits, origins } = configuration();
      const seat = { steward: undefined } as Seat;
      const reasons = async () => [];
      const mounted = (app: App) => app.routes.filter(({ path }) => !path.includes("*"));
      const undescribed = (app: App) => {
        const { paths = {} } = app.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "", version: "" } });
        return mounted(app).filter(({ path }) => !(path in paths));
      };
      for (const admin of [undefined, { host: "127.0.0.1", port: 1 }]) {
        const apps = createStewardApps({ configuration: { admin, limits, origins }, seat, logger, metrics, reasons });
        for (const app of apps.filter((each) => each !== undefined)) {
          expect(mounted(app)).not.to.have.length(0);
          expect(undescribed(app)).to.deep.equal([]);
          app.get("/hidden", (context) => context.text("planted"));
          expect(undescribed(app).map(({ path }) => path)).to.deep.equal(["/hidden"]);
        }
      }
    });
  });

  describe("strangers", () => {
    it("hear the same words on every path that nobody serves", async () => {
      const heard = new Set<string>();
      for (const path of ["/", "/v1", "/v1/", "/v1/lists", "/v2/list", "/v1/list/x", "/%00", "/v1/peer/../list/.."]) {
        const answer = await fetch(service.url + path, { method: "POST", body: "x" });
        const headers = [...answer.headers].filter(([name]) => !["date", "connection", "keep-alive"].includes(name));
        heard.add(JSON.stringify([answer.status, headers, await answer.text()]));
      }
      expect([...heard]).to.have.length(1);
      expect([...heard][0]).to.match(/^\[404,.*not found/);
    });

    it("hear 415 for another type, 413 for one byte too many, and 503 while there is no seat", async () => {
      const ask = async (length: number, type = "application/octet-stream") =>
        (
          await fetch(`${service.url}/v1/list`, {
            method: "POST",
            headers: { "content-type": type },
            body: new Uint8Array(length),
          })
        ).status;
      expect(await ask(1, "text/plain")).to.equal(415);
      expect(await ask(MAX_REQUEST_BYTES + 1)).to.equal(413);
      expect(await ask(MAX_REQUEST_BYTES)).to.equal(503);
    });

    it("cannot pass a body's limit by not saying how long it is", async () => {
      const endless = new ReadableStream<Uint8Array>({ pull: (stream) => stream.enqueue(new Uint8Array(16_384)) });
      const init = { method: "POST", headers: { "content-type": "application/octet-stream" }, body: endless };
      const status = await fetch(`${service.url}/v1/list`, { ...init, duplex: "half" } as RequestInit).then(
        (answer) => answer.status,
        () => 413,
      );
      expect(status).to.equal(413);
      expect((await fetch(`${service.url}/healthz`)).status).to.equal(200);
    });

    it("are let in from configured pages alone", async () => {
      const preflight = (origin: string) =>
        fetch(`${service.url}/v1/list`, {
          method: "OPTIONS",
          headers: {
            origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
          },
        });
      const allowed = await preflight("https://records.example");
      expect(allowed.headers.get("access-control-allow-origin")).to.equal("https://records.example");
      expect(allowed.headers.get("access-control-allow-headers")).to.equal("content-type");
      expect((await preflight("https://evil.example")).headers.get("access-control-allow-origin")).to.equal(null);
    });
  });

  it("is alive but not ready, and says why without an address", async () => {
    expect((await fetch(`${service.url}/healthz`)).status).to.equal(200);
    const answer = await fetch(`${service.url}/readyz`);
    expect(answer.status).to.equal(503);
    const { status, reasons } = (await answer.json()) as { status: string; reasons: string[] };
    expect(status).to.equal("not ready");
    expect(reasons.join()).to.match(/^committee: (not yet read|CHAIN_UNREACHABLE)$/);
  });

  it("counts by route, and never by what strangers wrote", async () => {
    const headers = { "content-type": "application/octet-stream" };
    for (const path of ["/v1/list", "/canary-path"]) await fetch(service.url + path, { method: "POST", headers });
    const text = await (await fetch(`${service.url}/metrics`)).text();
    expect(text).to.match(/requests_total\{[^}]*route="\/v1\/list",status="503"[^}]*\} [1-9]/);
    expect(text).to.match(/requests_total\{[^}]*route="none",status="404"[^}]*\} [1-9]/);
    expect(text).not.to.include("canary");
    expect(JSON.stringify(lines())).not.to.include("canary");
    expect(lines().filter(({ msg }) => msg === "answered")).not.to.have.length(0);
  });

  it("keeps operators' routes off the public address where they have one of their own", async () => {
    const apart = await runStewardService(
      configuration({ folder: join(folder, "apart"), admin: { host: "127.0.0.1", port: 0 } }),
      { logger },
    );
    try {
      for (const path of ["/healthz", "/readyz", "/metrics"]) {
        expect((await fetch(apart.url + path)).status, path).to.equal(404);
        expect((await fetch(apart.adminUrl + path)).status, path).not.to.equal(404);
      }
      expect(Object.keys((await described(apart.url)).paths))
        .to.include("/v1/list")
        .and.not.include("/metrics");
      expect(Object.keys((await described(apart.adminUrl)).paths))
        .to.include("/metrics")
        .and.not.include("/v1/list");
      const verb = { method: "POST", headers: { "content-type": "application/octet-stream" } };
      expect((await fetch(`${apart.adminUrl}/v1/list`, verb)).status).to.equal(404);
    } finally {
      await apart.stop();
    }
  });

  it("cannot take an address that is taken, and says which", async () => {
    const { port } = new URL(service.url);
    const error = await runStewardService(
      configuration({ folder: join(folder, "second"), listen: { host: "127.0.0.1", port: Number(port) } }),
      { logger },
    ).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).to.deep.include({ code: "SERVICE_LISTEN_FAILED" });
    expect((error as { details: object }).details).to.deep.equal({ host: "127.0.0.1", port: Number(port) });
  });
});

describe("A listener", () => {
  const { logger, lines } = kept();
  let listener: Listener;
  let release: () => void = () => undefined;

  beforeEach(async () => {
    const app = createApp({ logger, metrics: createMetrics("test"), origins: [], inFlight: 2 });
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    app.get("/quick", (context) => context.text("quick"));
    app.get("/slow", async (context) => {
      await held;
      return context.text("done");
    });
    app.get("/broken", () => {
      throw new TypeError("canary of a patient");
    });
    listener = await listen({ host: "127.0.0.1", port: 0, connections: 4, fetch: app.fetch });
  });
  afterEach(async () => {
    release();
    await listener.stop(100);
  });

  const status = (path: string) =>
    fetch(listener.url + path).then(
      (answer) => answer.status,
      () => "refused" as const,
    );
  const settled = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  it("answers a fault with 500 and nothing of it, and logs the place without the words", async () => {
    const answer = await fetch(`${listener.url}/broken`);
    expect([answer.status, await answer.json()]).to.deep.equal([500, { error: "fault" }]);
    const fault = lines().find(({ level }) => level === "error");
    expect(fault).to.include({ route: "/broken", fault: "UNEXPECTED" });
    expect(fault?.["at"]).to.be.an("array").and.not.have.length(0);
    expect(JSON.stringify(lines())).not.to.match(/canary|\/test\/service\//);
  });

  it("answers so many at once, 503 to one more, and again once there is room", async () => {
    const slow = [status("/slow"), status("/slow")];
    await settled(100);
    expect(await status("/quick")).to.equal(503);
    release();
    expect(await Promise.all(slow)).to.deep.equal([200, 200]);
    expect(await status("/quick")).to.equal(200);
  });

  it("finishes what it began when stopped, and takes nothing new", async () => {
    const slow = status("/slow");
    await settled(100);
    const stopping = listener.stop(5_000);
    await settled(50);
    expect(await status("/quick")).to.equal("refused");
    const releasedAt = performance.now();
    release();
    expect(await slow).to.equal(200);
    await stopping;
    expect(performance.now() - releasedAt).to.be.below(2_000);
  });

  it("cuts off what does not end within the limit", async () => {
    const slow = status("/slow");
    await settled(100);
    const startedAt = performance.now();
    await listener.stop(200);
    expect(performance.now() - startedAt).to.be.within(150, 3_000);
    expect(await slow).to.equal("refused");
  });

  it("ends connections that send their headers too slowly, and serves others meanwhile", async function () {
    this.timeout(15_000);
    const { port } = new URL(listener.url);
    const startedAt = performance.now();
    const socket = connect(Number(port), "127.0.0.1", () => socket.write("POST /v1/list HTTP/1.1\r\nx-slow: "));
    const drip = setInterval(() => socket.write("y"), 200);
    const ended = new Promise<string>((resolve) => {
      let said = "";
      socket.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
      socket.on("error", () => undefined);
      socket.once("close", () => resolve(said));
    });
    expect(await status("/quick")).to.equal(200);
    expect(await ended).to.match(/^HTTP\/1\.1 408 /);
    clearInterval(drip);
    expect(performance.now() - startedAt).to.be.within(4_000, 12_000);
  });

  it("closes connections beyond the limit unread, and serves again once some are gone", async () => {
    const { port } = new URL(listener.url);
    const sockets = Array.from({ length: 4 }, () => connect(Number(port), "127.0.0.1").on("error", () => undefined));
    await settled(200);
    expect(await status("/quick")).to.equal("refused");
    for (const socket of sockets) socket.destroy();
    await settled(200);
    expect(await status("/quick")).to.equal(200);
  });
});

import { expect } from "chai";
import { Client } from "pg";
import { openStewardStore } from "../../../node/src/stores/open-steward-store.ts";
import { stewardSchema } from "../../../node/src/stores/steward-schema.ts";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import type { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import { isPostgresRequired, type PostgresServer, postgresPrograms, startPostgres } from "./postgres-server.ts";
import { behavesAsReceiptLog } from "./receipt-log.behaviour.ts";
import { admitted, behavesAsStewardStore, id } from "./steward-store.behaviour.ts";

const programs = postgresPrograms();

async function failure(work: Promise<unknown>): Promise<{ code: string; details: object }> {
  return work.then(
    () => ({ code: "done", details: {} }),
    ({ code, details }: AnamnesisError) => ({ code, details }),
  );
}

const receiptOf = (patient: PatientId) => ({
  receiptId: id<`0x${string}`>(),
  requestHash: id<`0x${string}`>(),
  patient,
  encoded: Uint8Array.of(1),
});

describe("StewardStore in PostgreSQL", () => {
  let server: PostgresServer;

  before(async function () {
    if (programs === undefined && !isPostgresRequired()) this.skip();
    expect(programs, "the programs of PostgreSQL").to.be.a("string");
    this.timeout(120_000);
    server = await startPostgres(programs as string);
  });
  after(async () => server?.remove());

  const fresh = async () => {
    const url = await server.createDatabase();
    return { open: () => openStewardStore(url), files: server.data };
  };
  behavesAsStewardStore(fresh);
  behavesAsReceiptLog(fresh);

  it("names secrets in one order, whatever language the database was made for", async () => {
    const first = await server.createDatabase();
    await server.run(first, "CREATE DATABASE english TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'");
    const english = first.replace(/steward_\d+/, "english");
    expect(await server.run(english, "SELECT 'a' < 'B' AS by_letter")).to.deep.equal([{ by_letter: true }]);
    const store = await openStewardStore(english);
    for (const name of ["share/a", "share/B"]) await store.putSecret(name, Uint8Array.of(1));
    expect(await store.secretNames("share/")).to.deep.equal(["share/B", "share/a"]);
    await store.close();
  });

  it("refuses a database of a later version", async () => {
    const url = await server.createDatabase();
    await (await openStewardStore(url)).close();
    const versions = await server.run(url, "SELECT version FROM steward_schema");
    expect(versions).to.deep.equal([{ version: String(stewardSchema("postgres").length) }]);
    await server.run(url, "UPDATE steward_schema SET version = 99");
    expect((await failure(openStewardStore(url))).code).to.equal("STEWARD_STORE_TOO_NEW");
  });

  it("comes up once where two processes open a new database together", async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all([openStewardStore(url), openStewardStore(url)]);
    const patient = id<PatientId>();
    await Promise.all(stores.map((store) => store.appendReceipt(receiptOf(patient))));
    expect((await stores[0]!.receiptsOf(patient, { after: 0, limit: 9 })).count).to.equal(2);
    for (const store of stores) await store.close();
  });

  it("gives up a write that hangs behind a locked table, and writes again once it is free", async () => {
    const url = await server.createDatabase();
    const store = await openStewardStore(url);
    const patient = id<PatientId>();
    const other = new Client({ connectionString: url });
    await other.connect();
    await other.query("BEGIN");
    await other.query("LOCK TABLE receipts IN ACCESS EXCLUSIVE MODE");
    const began = performance.now();
    const hung = await failure(store.appendReceipt(receiptOf(patient)));
    const took = performance.now() - began;
    expect(hung).to.deep.equal({ code: "STEWARD_STORE_FAILED", details: { reason: "55P03" } });
    expect(took).to.be.within(450, 1_000);
    await other.query("ROLLBACK");
    await other.end();
    await store.appendReceipt(receiptOf(patient));
    expect((await store.receiptsOf(patient, { after: 0, limit: 9 })).count).to.equal(1);
    await store.close();
  });

  it("says so where the database may only be read", async () => {
    const url = await server.createDatabase();
    await (await openStewardStore(url)).close();
    await server.run(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`);
    const refused = await failure(openStewardStore(url));
    expect(refused).to.deep.equal({ code: "STEWARD_STORE_FAILED", details: { reason: "25006" } });
  });

  it("quotes no row in an error", async () => {
    const store = await openStewardStore(await server.createDatabase());
    const patient = id<PatientId>();
    const { code, details } = await failure(store.putEnvelope(admitted(patient, { anchoredAt: 0.5 })));
    expect([code, details]).to.deep.equal(["STEWARD_STORE_FAILED", { reason: "22P02" }]);
    await store.close();
  });

  it("keeps what it acknowledged when the server is killed, and goes on once it is back", async function () {
    this.timeout(120_000);
    const url = await server.createDatabase();
    const store = await openStewardStore(url);
    const patient = id<PatientId>();
    const kept = [];
    for (let i = 0; i < 20; i++) {
      const envelope = admitted(patient);
      if (await store.putEnvelope(envelope)) kept.push(envelope);
    }
    await server.stop("SIGKILL");
    expect((await failure(store.appendReceipt(receiptOf(patient)))).code).to.equal("STEWARD_STORE_FAILED");
    await server.start();
    const found = await Promise.all(kept.map(({ recordId }) => store.envelopeOf(recordId)));
    expect(found).to.deep.equal(kept.map(({ encoded }) => encoded));
    await store.appendReceipt(receiptOf(patient));
    await store.close();
  });

  it("refuses a server that may lose what it acknowledged or keep what is erased", async function () {
    this.timeout(120_000);
    const url = await server.createDatabase();
    const unfit: readonly (readonly [string, string, string])[] = [
      ["fsync", "off", "on"],
      ["full_page_writes", "off", "on"],
      ["wal_recycle", "on", "off"],
    ];
    for (const [setting, is, needed] of unfit) {
      await server.stop();
      await server.start([`${setting}=${is}`]);
      const refused = await failure(openStewardStore(url));
      expect(refused).to.deep.equal({ code: "STEWARD_STORE_UNSUITABLE", details: { setting, is, needed } });
    }
    await server.stop();
    await server.start();
    const weak = `${url}&options=${encodeURIComponent("-c synchronous_commit=off")}`;
    const { code, details } = await failure(openStewardStore(weak));
    expect([code, (details as { setting: string }).setting]).to.deep.equal([
      "STEWARD_STORE_UNSUITABLE",
      "synchronous_commit",
    ]);
    await server.run(url, "CREATE ROLE plain LOGIN");
    const plain = await failure(openStewardStore(url.replace("admin@", "plain@")));
    expect(plain).to.deep.equal({ code: "STEWARD_STORE_UNSUITABLE", details: { right: "EXECUTE on pg_switch_wal" } });
    await (await openStewardStore(url)).close();
  });
});

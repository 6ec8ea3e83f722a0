import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { accountIn } from "../../node/src/steward-service/account-in.ts";
import {
  readStewardConfiguration,
  type StewardServiceConfiguration,
} from "../../node/src/steward-service/configuration.ts";
import { AnamnesisError } from "../../sdk/src/errors/index.ts";

const secret = "hunter2-canary";

describe("Configuration of a steward", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "anamnesis-configuration-"));
    const nodes = ["http://127.0.0.1:8545", "http://127.0.0.1:8546", "http://127.0.0.1:8547"];
    const description = { nodes, blockTime: 5_000 };
    writeFileSync(join(folder, "network.json"), JSON.stringify({ version: 1, description }));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const plain = { listen: { port: 8550 }, folder: "data", deployment: "network.json" };

  function read(file: unknown, environment: Readonly<Record<string, string>> = {}): StewardServiceConfiguration {
    const path = join(folder, "steward.json");
    writeFileSync(path, typeof file === "string" ? file : JSON.stringify(file));
    return readStewardConfiguration(path, environment);
  }
  function refusal(file: unknown, environment: Readonly<Record<string, string>> = {}): AnamnesisError {
    try {
      read(file, environment);
    } catch (error) {
      if (error instanceof AnamnesisError) return error;
      throw error;
    }
    return expect.fail("nothing was refused");
  }

  it("needs three keys; the rest has defaults that reach nobody else's machine", () => {
    const found = read(plain);
    expect(found).to.deep.include({ listen: { host: "127.0.0.1", port: 8550 }, origins: [], logLevel: "info" });
    expect(found.folder).to.equal(join(folder, "data"));
    expect(found.nodes).to.deep.equal(["http://127.0.0.1:8545", "http://127.0.0.1:8546"]);
    expect(found.limits).to.include({ inFlight: 256, headAge: 7 });
    for (const key of ["listen", "folder", "deployment"] as const) {
      const { [key]: _, ...rest } = plain;
      expect(refusal(rest)).to.deep.include({ code: "SERVICE_CONFIGURATION_INVALID" });
      expect(refusal(rest).details["key"]).to.equal(key);
    }
  });

  it("takes an account from a file with its private key, and says of any other file only which key names it", () => {
    const file = join(folder, "account.key");
    const refused = (): AnamnesisError => {
      try {
        accountIn("publish-with", file);
      } catch (error) {
        return error as AnamnesisError;
      }
      return expect.fail("nothing was refused");
    };
    writeFileSync(file, `0x${"11".repeat(32)}\n`);
    expect(accountIn("publish-with", file).address).to.equal("0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A");
    for (const wrong of [secret, `0x${"11".repeat(31)}`, ""]) {
      writeFileSync(file, wrong);
      const { code, details, cause, message } = refused();
      expect([code, details["key"], cause]).to.deep.equal(["SERVICE_CONFIGURATION_INVALID", "publish-with", undefined]);
      expect(message).not.to.include(wrong || secret);
    }
    rmSync(file);
    expect(refused().details).to.include({ key: "publish-with", expected: "a readable file" });
  });

  it("lets a write wait for a locked database, but never as long as a receipt may take", () => {
    expect(read(plain).limits.lockWithin).to.equal(500);
    expect(read({ ...plain, limits: { lockWithin: 999 } }).limits.lockWithin).to.equal(999);
    for (const lockWithin of [0, 1_000]) {
      expect(refusal({ ...plain, limits: { lockWithin } }).details["key"]).to.equal("limits.lockWithin");
    }
  });

  it("anchors nothing unless told with which account, every minute unless told how often", () => {
    expect(read(plain).log).to.equal(undefined);
    expect(read({ ...plain, log: { account: "account.key" } }).log).to.deep.equal({
      account: join(folder, "account.key"),
      every: 60,
    });
    expect(refusal({ ...plain, log: { every: 5 } }).details["key"]).to.equal("log.account");
    expect(refusal({ ...plain, log: { account: "account.key", every: 0 } }).details["key"]).to.equal("log.every");
  });

  it("lets variables go before the file, at any depth", () => {
    const found = read(plain, {
      ANAMNESIS_STEWARD_LISTEN_PORT: "9000",
      ANAMNESIS_STEWARD_LOG_LEVEL: "warn",
      ANAMNESIS_STEWARD_NODES: "http://a.example, http://b.example",
      ANAMNESIS_STEWARD_LIMITS_REQUESTS_PER_MINUTE: "7",
      ANAMNESIS_STEWARD_ADMIN_PORT: "9001",
      UNRELATED: "x",
    });
    expect(found.listen).to.deep.equal({ host: "127.0.0.1", port: 9_000 });
    expect(found.admin).to.deep.equal({ host: "127.0.0.1", port: 9_001 });
    expect(found.nodes).to.deep.equal(["http://a.example", "http://b.example"]);
    expect(found.logLevel).to.equal("warn");
    expect(found.limits).to.include({ requestsPerMinute: 7, recordsPerMinute: 12_000 });
  });

  it("refuses keys and variables that nobody knows, by their names", () => {
    expect(refusal({ ...plain, port: 1 }).details).to.include({ key: "port", expected: "no such key" });
    expect(refusal({ ...plain, limits: { headAges: 1 } }).details).to.include({ key: "limits.headAges" });
    const details = refusal(plain, { ANAMNESIS_STEWARD_LISTEN_PROT: secret }).details;
    expect(details).to.include({ key: "ANAMNESIS_STEWARD_LISTEN_PROT", source: "environment" });
  });

  it("names what is wrong and never repeats it", () => {
    const wrong: readonly (readonly [unknown, Readonly<Record<string, string>>, string])[] = [
      [{ ...plain, nodes: [`ftp://user:${secret}@node.example`] }, {}, "nodes.0"],
      [{ ...plain, nodes: ["http://a", "http://b", `http://${secret}`] }, {}, "nodes"],
      [{ ...plain, logLevel: secret }, {}, "logLevel"],
      [{ ...plain, listen: { port: secret } }, {}, "listen.port"],
      [plain, { ANAMNESIS_STEWARD_LISTEN_PORT: secret }, "listen.port"],
      [plain, { ANAMNESIS_STEWARD_LISTEN_PORT: "70000" }, "listen.port"],
      [{ ...plain, deployment: `${secret}.json` }, {}, "deployment"],
      [`{ "listen": ${secret}`, {}, ""],
      [`["${secret}"]`, {}, ""],
    ];
    for (const [file, environment, key] of wrong) {
      const error = refusal(file, environment);
      expect(error.code).to.equal("SERVICE_CONFIGURATION_INVALID");
      expect(error.details["key"]).to.equal(key);
      expect(error.message).not.to.include(secret);
    }
    expect(wrong).to.have.length(9);
  });

  it("wants health and metrics on an address of their own beyond this machine", () => {
    expect(refusal({ ...plain, listen: { host: "0.0.0.0", port: 1 } }).details["key"]).to.equal("admin");
    const apart = { ...plain, listen: { host: "0.0.0.0", port: 1 }, admin: { port: 2 } };
    expect(read(apart).admin).to.deep.equal({ host: "127.0.0.1", port: 2 });
  });

  it("takes the example of the guide, which names every key that there is", () => {
    const guide = readFileSync(new URL("../../docs/guides/steward.md", import.meta.url), "utf8");
    const [, example = ""] = /```json\n([\s\S]*?)```/.exec(guide) ?? [];
    expect(read(example)).to.deep.include({
      listen: { host: "127.0.0.1", port: 8_550 },
      origins: ["https://records.example"],
    });
    const full = read({ ...plain, admin: { port: 1 }, tls: { certificate: "c", key: "k", authority: "a" } });
    const lacking = [...Object.keys(full), ...Object.keys(full.limits)].filter((key) => !guide.includes(`\`${key}`));
    expect(lacking.filter((key) => key !== "limits")).to.deep.equal([]);
    expect(Object.keys(full).length).to.be.greaterThan(10);
  });
});

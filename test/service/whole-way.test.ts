import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeCertificates, peerFetch } from "@anamnesis/node/steward";
import { httpTransport, type StewardTransport } from "@anamnesis/sdk";
import { toHex } from "@anamnesis/sdk/internal";
import { expect } from "chai";
import { type Clinic, canary, openClinic, until } from "./network.ts";

const main = fileURLToPath(new URL("../../apps/steward/src/main.ts", import.meta.url));
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A certificate and its key by another authority. */
async function foreignPair(folder: string) {
  const [files] = await makeCertificates(join(folder, "others"), [{ name: "steward-2", hosts: ["127.0.0.1"] }]);
  return { certificate: files!.certificate, key: files!.key };
}

describe("Stewards as processes, over HTTP", function () {
  this.timeout(60_000);
  let clinic: Clinic;
  let opening: Promise<Clinic> | undefined;
  const [recordOf, stewardsOf] = [() => clinic.records[0]!, () => clinic.network.stewards];

  before(async function () {
    this.timeout(180_000);
    opening = openClinic();
    clinic = await opening;
  });
  // Also what came too late for the tests.
  after(async () => (await opening?.catch(() => undefined))?.network.stop());
  afterEach(() => clinic && stewardsOf().start());

  it("read a record, each in a process of its own, by the addresses that the chain names", async () => {
    const chart = await clinic.open();
    expect(new TextDecoder().decode((await chart.read(recordOf())).content)).to.include(canary);
    const processes = stewardsOf().running.map((index) => stewardsOf().processOf(index));
    expect(new Set([process.pid, ...processes]).size).to.equal(4);
    for (const endpoint of stewardsOf().endpoints) {
      const ready = await fetch(`${endpoint}/readyz`);
      expect([ready.status, await ready.json()]).to.deep.equal([200, { status: "ready", reasons: [] }]);
    }
  });

  it("come back from disk at the same address, after a stop and after a kill", async () => {
    const chart = await clinic.open();
    for (const end of [() => stewardsOf().stop(0), () => stewardsOf().kill(0)]) {
      await end();
      expect(stewardsOf().running).to.deep.equal([1, 2]);
      await stewardsOf().stop(1);
      const refused = await chart.read(recordOf()).then(
        () => "read",
        (error: { code: string; details: object }) => error,
      );
      expect(refused).to.deep.include({ code: "STEWARDS_TOO_FEW" });
      expect((refused as { details: object }).details).to.include({ members: 3, valid: 1, needed: 2 });
      await stewardsOf().start(0);
      expect((await chart.read(recordOf())).recordId).to.equal(recordOf());
      await stewardsOf().start(1);
    }
  });

  it("stop in order under load: what was asked is answered by the others, and the process ends by itself", async () => {
    const chart = await clinic.open();
    let stopped = false;
    let read = 0;
    const readers = Array.from({ length: 3 }, async () => {
      while (!stopped) {
        await chart.read(recordOf());
        read += 1;
      }
    });
    while (read < 8) await wait(20);
    const before = read;
    await stewardsOf().stop(2);
    while (read < before + 8) await wait(20);
    stopped = true;
    await Promise.all(readers);
    expect(read).to.be.greaterThan(before);
    expect(clinic.logOf(2).trim().split("\n").at(-1)).to.include('"msg":"stopped"');
    process.stdout.write(`    ${read} readings, none failed; ${before} before the stop\n`);
  });

  /** Runs a steward's own file with the command, under other variables, until `work` is done. */
  async function commanded(environment: Readonly<Record<string, string>>, work: () => Promise<unknown>): Promise<void> {
    const file = join(clinic.network.directory, "stewards", "1", "steward.json");
    const child = spawn(process.execPath, [main, "--config", file], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, ...environment },
    });
    try {
      await work();
      child.kill("SIGTERM");
      expect((await once(child, "exit"))[0]).to.equal(0);
    } finally {
      child.kill("SIGKILL");
    }
  }
  const isReady = (address: string, send = fetch): Promise<boolean> =>
    send(`${address}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );

  it("is the same service as the command, from the very same file", async () => {
    const chart = await clinic.open();
    await stewardsOf().stop(0);
    await stewardsOf().stop(1);
    await commanded({}, async () => {
      await until(() => isReady(stewardsOf().endpoints[0]!));
      expect((await chart.read(recordOf())).recordId).to.equal(recordOf());
    });
  });

  it("speaks TLS where it has a certificate, to everybody, and as a peer to peers alone", async () => {
    const folder = mkdtempSync(join(tmpdir(), "anamnesis-tls-"));
    await stewardsOf().stop(0);
    await stewardsOf().stop(1);
    try {
      const hosts = ["127.0.0.1"];
      const [ours, peer] = await makeCertificates(folder, [
        { name: "steward-1", hosts },
        { name: "steward-2", hosts },
      ]);
      const secure = peerFetch(peer);
      const endpoint = stewardsOf().endpoints[0]!.replace("http:", "https:");
      const overTls = httpTransport({ fetch: secure });
      const stewards: StewardTransport = {
        request: (steward, ...rest) =>
          steward.index === 0
            ? overTls.request({ ...steward, endpoint }, ...rest)
            : httpTransport().request(steward, ...rest),
      };
      const client = await clinic.network.connect({ signer: clinic.doctor.signer, stewards });
      const tls = {
        ANAMNESIS_STEWARD_TLS_CERTIFICATE: ours!.certificate,
        ANAMNESIS_STEWARD_TLS_KEY: ours!.key,
        ANAMNESIS_STEWARD_TLS_AUTHORITY: ours!.authority,
      };
      await commanded(tls, async () => {
        await until(() => isReady(endpoint, secure));
        expect((await (await clinic.open(client)).read(recordOf())).recordId).to.equal(recordOf());
        const ask = {
          method: "POST",
          headers: { "content-type": "application/octet-stream" },
          body: new Uint8Array(8),
        };
        expect((await secure(`${endpoint}/v1/peer/ranges`, ask)).status).to.equal(200);
        const stranger = peerFetch({ ...peer!, ...(await foreignPair(folder)) });
        expect((await stranger(`${endpoint}/v1/peer/ranges`, ask)).status).to.equal(403);
        expect((await stranger(`${endpoint}/v1/list`, ask)).status).to.equal(200);
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("say in logs, metrics and health nothing of whom they serve and what they hold", async () => {
    const chart = await clinic.open();
    await chart.read(recordOf());
    await chart.list();
    const secrets: Readonly<Record<string, string>> = {
      content: canary,
      "a person's name": "Okafor",
      "an institution's name": "Hill Street",
      "the patient's id": clinic.patient.slice(2),
      "the record's id": recordOf().slice(2),
      "the patient's root": toHex(clinic.keyring.root).slice(2),
      "the doctor's key": clinic.doctor.signer.privateKey.slice(2),
      "the session's id": chart.session.sessionId.slice(2),
      "the session's key": toHex(chart.session.sessionKeys.ask.secretKey).slice(2, 66),
    };
    const found = (text: string) =>
      Object.entries(secrets).flatMap(([name, secret]) =>
        text.toLowerCase().includes(secret.toLowerCase()) ? [name] : [],
      );
    let read = 0;
    for (const index of [0, 1, 2]) {
      const texts = [clinic.logOf(index), await clinic.metricsOf(index)];
      for (const path of ["/readyz", "/healthz", "/openapi.json"]) {
        texts.push(await (await fetch(stewardsOf().endpoints[index] + path)).text());
      }
      for (const text of texts) {
        expect(text).not.to.have.length(0);
        expect(found(text)).to.deep.equal([]);
        read += text.length;
      }
    }
    expect(found(`${clinic.logOf(0)} ${Object.values(secrets).join(" ")}`)).to.have.length(9);
    process.stdout.write(`    9 secrets looked for in ${read} characters: 0 found\n`);
  });

  it("open no debugger at a signal, as Node otherwise does", async function () {
    if (process.platform === "win32") this.skip();
    const plain = spawn(process.execPath, ["--inspect-port=0", "-e", "setInterval(() => {}, 1000); console.log('up')"]);
    let said = "";
    plain.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    await once(plain.stdout, "data");
    plain.kill("SIGUSR1");
    await until(() => said.includes("\n"));
    plain.kill("SIGKILL");
    expect(said).to.include("Debugger listening");
    process.kill(stewardsOf().processOf(0)!, "SIGUSR1");
    await until(() => clinic.logOf(0).includes("a debugger was asked for and refused"));
    expect(clinic.logOf(0)).not.to.include("Debugger listening");
  });
});

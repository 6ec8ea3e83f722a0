import { setTimeout as pause } from "node:timers/promises";
import { httpTransport, type StewardTransport } from "@anamnesis/sdk";
import {
  createSessionKeys,
  decodeAnswer,
  type Hex,
  openAnswer,
  openReply,
  type StewardVerb,
} from "@anamnesis/sdk/internal";
import { expect } from "chai";
import {
  type Captured,
  garbage,
  type Hostile,
  hostileRequest,
  kinds,
  type Means,
  numbers,
  say,
} from "./hostile-requests.ts";
import { type Clinic, canary, metric, openClinic } from "./network.ts";

const count = Number(process.env["ANAMNESIS_HOSTILE_REQUESTS"] ?? 500);
const seed = Number(process.env["ANAMNESIS_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** Hostile requests under way at once, and for how many of them there is one true reading. */
const TOGETHER = 12;
const EACH = 60;
/** Bytes that a steward may hold, and by which it may grow. */
const MEMORY = { whole: 512 * 2 ** 20, growth: 192 * 2 ** 20 };
/** Seconds after which what was captured is old. */
const LATER = 700;

/** What a steward may say besides its signed replies. */
const words = ['{"error":"not found"}', '{"error":"too large"}', '{"error":"unsupported type"}'];
const places = [0, 1, 2];
/** Answered to the key that asked; the others give no secrets. */
const sealedVerbs: readonly string[] = [
  "list",
  "release",
  "sync",
  "receipts",
  "resealed",
  "erasures",
  "header",
  "recover",
];

describe(`Hostile input (seed ${seed})`, function () {
  this.timeout(120_000 + count * 120);
  let clinic: Clinic;
  let opening: Promise<Clinic> | undefined;
  let signingKeys: readonly Hex[];
  const captured: Captured[] = [];
  const recording: StewardTransport = {
    request(steward, verb, body, options) {
      captured.push({ index: steward.index, verb, body: Uint8Array.from(body) });
      signingKeys = Object.assign([...(signingKeys ?? [])], { [steward.index]: steward.signingKey });
      return httpTransport().request(steward, verb, body, options);
    },
  };
  const has = (index: number, verb: StewardVerb) => captured.some((each) => each.index === index && each.verb === verb);

  before(async function () {
    this.timeout(180_000);
    opening = openClinic(3);
    clinic = await opening;
  });
  // Also what came too late for the tests.
  after(async () => (await opening?.catch(() => undefined))?.network.stop());

  const endpoints = () => clinic.network.stewards.endpoints;
  const memory = () =>
    Promise.all(places.map(async (i) => metric(await clinic.metricsOf(i), "process_resident_memory_bytes")));

  async function post(index: number, { verb, body, type = "application/octet-stream" }: Omit<Hostile, "kind">) {
    const headers: Record<string, string> = type === "" ? {} : { "content-type": type };
    try {
      const answer = await fetch(`${endpoints()[index]}/v1/${verb}`, { method: "POST", headers, body });
      const names = [...answer.headers.keys()].filter((name) => name !== "date").join();
      return { status: answer.status, names, bytes: new Uint8Array(await answer.arrayBuffer()) };
    } catch {
      // The steward answered and closed while the rest of a body too large was still on its way.
      return { status: 413, names: "", bytes: new TextEncoder().encode(words[1]) };
    }
  }

  /** What a signed reply holds: nothing, a reason, or something that was given. */
  async function heard(index: number, { verb, body }: Omit<Hostile, "kind">, reply: Uint8Array, key: Uint8Array) {
    const { answer, requestHash } = openReply(reply, {
      verb: verb as StewardVerb,
      steward: signingKeys[index]!,
      request: body,
    });
    if (answer === null) return "nothing";
    const isSealed = sealedVerbs.includes(verb);
    return (isSealed ? await openAnswer(answer, key, requestHash) : decodeAnswer(answer)).refusal ?? "given";
  }

  it(`of ${count} requests gives nothing, while true readings go on`, async () => {
    const { network, doctor, keyring, wallet, patient, records, alice } = clinic;
    const { envelopes } = alice.client;
    const drOkafor = await network.connect({ signer: doctor.signer, stewards: recording });
    const herself = await network.connect({ signer: wallet, keyring, envelopes, stewards: recording });
    const chart = await clinic.open(drOkafor);
    const receiveKey = chart.session.sessionKeys.receive.privateKey;
    while (!places.every((index) => has(index, "list") && has(index, "release"))) {
      await chart.list();
      await chart.read(records[0]!);
    }
    await herself.records.sync({ patient });
    await herself.identity.publishOwnerKey({ patient });
    await herself.records.publish({ recordId: records[0]! });

    // While it is fresh, a true request is answered: the eyes used below can see an opening.
    await chart.read(records[1]!);
    const { index, verb, body } = captured.findLast((each) => each.verb === "release")!;
    const fresh = { verb, body: Uint8Array.from(body) };
    expect(await heard(index, fresh, (await post(index, fresh)).bytes, receiveKey)).to.equal("given");
    const known: readonly Captured[] = [...captured];
    // An answer is given again until two seconds after its check, by a clock that nobody can set.
    await pause(2_500);
    await network.passTime(LATER);

    const next = numbers(seed);
    const stranger = await createSessionKeys();
    const started = await memory();
    const tally = new Map<string, number>();
    const said = new Map<string, Set<string>>();
    let done = 0;
    let read = 0;

    const one = async () => {
      const place = next(3);
      const means: Means = { captured: known, stranger, next, now: Math.floor(Date.now() / 1_000) + LATER };
      const hostile = hostileRequest(kinds[done++ % kinds.length]!, place, means);
      const answer = await post(place, hostile);
      expect(answer.status, hostile.kind).to.be.oneOf([200, 404, 413, 415]);
      if (answer.status !== 200) {
        const text = new TextDecoder().decode(answer.bytes);
        expect(text, hostile.kind).to.be.oneOf(words);
        const key = `${answer.status}`;
        tally.set(key, (tally.get(key) ?? 0) + 1);
        return;
      }
      const found = await heard(place, hostile, answer.bytes, receiveKey);
      tally.set(found, (tally.get(found) ?? 0) + 1);
      expect(found, `${hostile.kind} ${hostile.verb}`).not.to.equal("given");
      if (found === "nothing") {
        const shapes = said.get(hostile.verb) ?? new Set();
        said.set(hostile.verb, shapes.add(`${answer.names} ${answer.bytes.length}`));
      }
    };
    while (done < count) {
      await Promise.all(Array.from({ length: Math.min(TOGETHER, count - done) }, one));
      if (done >= (read + 1) * EACH) {
        expect((await chart.read(records[read % 3]!)).recordId).to.equal(records[read % 3]);
        read += 1;
      }
    }

    const ended = await memory();
    expect(read).to.be.at.least(Math.floor(count / EACH) - 1);
    expect([...tally.values()].reduce((sum, each) => sum + each, 0)).to.equal(count);
    expect(tally.get("nothing")).to.be.greaterThan(count / 4);
    for (const [verb, shapes] of said) expect([...shapes], `what strangers hear of ${verb}`).to.have.length(1);
    for (const [place, bytes] of ended.entries()) {
      expect(bytes).to.be.below(MEMORY.whole);
      expect(bytes - started[place]!).to.be.below(MEMORY.growth);
    }
    const megabytes = (bytes: readonly number[]) => bytes.map((each) => Math.round(each / 2 ** 20)).join("/");
    const counts = [...tally].map(([what, times]) => `${what} ${times}`).join(", ");
    process.stdout.write(`    ${count} hostile: ${counts}; 0 given; ${read} true readings; `);
    process.stdout.write(`memory ${megabytes(started)} → ${megabytes(ended)} MB\n`);
  });

  it("survives what no HTTP client sends", async () => {
    const processes = places.map((index) => clinic.network.stewards.processOf(index));
    const replies = await Promise.all(
      Array.from({ length: 3 * garbage.length }, (_, i) => say(endpoints()[i % 3]!, garbage[i % garbage.length]!)),
    );
    for (const reply of replies) {
      expect(reply).to.match(/^($|HTTP\/1\.1 (4\d\d|200|505) )/);
      expect(reply).not.to.match(/ at |node:|\.ts:|\.js:/);
    }
    expect(replies.filter((reply) => reply.startsWith("HTTP/1.1 4"))).not.to.have.length(0);
    expect(places.map((index) => clinic.network.stewards.processOf(index))).to.deep.equal(processes);
  });

  it("leaves no stack and nothing of a record in the logs, and the doctor reads as before", async () => {
    const chart = await clinic.open();
    expect((await chart.read(clinic.records[2]!)).recordId).to.equal(clinic.records[2]);
    for (const index of places) {
      const log = clinic.logOf(index);
      expect(log).to.include('"msg":"answered"');
      expect(log).not.to.match(/ {4}at |canary/i);
      expect(log).not.to.include(canary);
      expect(log).not.to.include('"level":"fatal"');
    }
  });
});

import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import type { Address } from "../../../sdk/src/core/types.ts";
import { labelMask, purposes } from "../../../sdk/src/core/vocabulary.ts";
import { providerKeyAdditionData } from "../../../sdk/src/typed-data/index.ts";
import { decideGrant, decideRevoke, decideRevokeAll } from "../consent/decisions.ts";
import {
  admit,
  affiliate,
  at,
  DAY,
  DENIALS_PER_DAY,
  denials,
  directly,
  ethers,
  type Fixture,
  kinds,
  load,
  minute,
  nextSecond,
  nobody,
  now,
  type Provider,
  refuses,
  rightNow,
  SESSION_LIFETIME,
  type Signer,
  signingContract,
} from "../fixture.ts";
import {
  alone,
  consent,
  denialOf,
  open,
  type Question,
  questionOf,
  type Request,
  requestOf,
  sessionKeyHash,
} from "./sessions.ts";

/** Fails unless a request is refused, logged under `actor`, and opens nothing. */
async function denies(f: Fixture, caller: Signer, request: Request, denial: bigint, actor: Provider): Promise<void> {
  const opening = open(f, caller, request);
  await expect(opening)
    .to.emit(f.gate, "AccessDenied")
    .withArgs(...denialOf(request, actor.provider, denial));
  await expect(opening).not.to.emit(f.gate, "SessionOpened");
}

describe("AccessGate", () => {
  describe("openSession", () => {
    it("opens for the actor's own key and says who, for what and until when", async () => {
      const f = await load();
      await consent(f);
      const request = await requestOf(f, questionOf(f));
      const [, grantTag] = await f.consents.isPermitted(
        request.patient,
        request.actor,
        request.via,
        request.purpose,
        request.labels,
        request.series,
        1,
      );
      const abi = ethers.AbiCoder.defaultAbiCoder();
      const sessionId = ethers.keccak256(
        abi.encode(
          ["address", "bytes32", "bytes32", "bytes32", "uint40"],
          [await f.gate.getAddress(), request.patient, request.actor, sessionKeyHash, request.expiresAt],
        ),
      );
      expect(await f.gate.connect(f.drBaker.key).openSession.staticCall(request)).to.equal(sessionId);
      const opening = open(f, f.drBaker.key, request);
      await expect(opening)
        .to.emit(f.gate, "SessionOpened")
        .withArgs(
          sessionId,
          request.patient,
          request.actor,
          [f.clinic.provider, [], false],
          1n,
          labelMask(["laboratory"]),
          request.series,
          sessionKeyHash,
          request.expiresAt,
          false,
          grantTag,
        );
      await expect(opening).not.to.emit(f.gate, "AccessDenied");
      expect(grantTag).not.to.equal(ethers.ZeroHash);
      const named = await f.gate.sessionIdOf(request.patient, request.actor, sessionKeyHash, request.expiresAt);
      expect(named).to.equal(sessionId);
    });

    it("opens for the organisation's key that states its affiliate, and says that it was stated", async () => {
      const f = await load();
      await consent(f);
      const request = await requestOf(f, questionOf(f));
      await expect(open(f, f.clinic.key, request))
        .to.emit(f.gate, "SessionOpened")
        .withArgs(anyValue, f.alice.patient, f.drBaker.provider, ...Array(6).fill(anyValue), true, anyValue);
    });

    it("opens for a practitioner with a consent of their own", async () => {
      const f = await load();
      await consent(f, { grantee: f.drChen.provider, recipient: f.drChen.name });
      const request = await requestOf(f, alone(questionOf(f), f.drChen));
      await expect(open(f, f.drChen.key, request)).to.emit(f.gate, "SessionOpened");
    });

    it("opens for one series, and names it", async () => {
      const f = await load();
      await consent(f);
      const request = await requestOf(f, questionOf(f), { series: ethers.id("series") });
      const [log] = (await (await open(f, f.drBaker.key, request)).wait())?.logs ?? [];
      expect(f.gate.interface.parseLog(log!)?.args["series"]).to.equal(ethers.id("series"));
    });

    it("opens for a request that is encoded in another valid way", async () => {
      const f = await load();
      await consent(f);
      const data = f.gate.interface.encodeFunctionData("openSession", [await requestOf(f, questionOf(f))]);
      // The path ends the call: organisation, where its chain lies, by series or not, the chain. Here the chain lies a word further.
      const path = ethers.dataSlice(data, ethers.dataLength(data) - 4 * 32);
      const [organisation, place, bySeries, chain] = [0, 32, 64, 96].map((at) => ethers.dataSlice(path, at, at + 32));
      expect(BigInt(place!)).to.equal(96n);
      const moved = [organisation!, ethers.toBeHex(128, 32), bySeries!, ethers.id("between"), chain!];
      const before = ethers.dataSlice(data, 0, ethers.dataLength(data) - 4 * 32);
      const opening = f.drBaker.key.sendTransaction({
        to: await f.gate.getAddress(),
        data: ethers.concat([before, ...moved]),
      });
      await expect(opening).to.emit(f.gate, "SessionOpened");
    });

    it("opens as often as asked, with the same id", async () => {
      const f = await load();
      await consent(f);
      const request = await requestOf(f, questionOf(f));
      await open(f, f.drBaker.key, request);
      await expect(open(f, f.drBaker.key, request)).to.emit(f.gate, "SessionOpened");
    });

    it("reverts for a stranger, so that nobody else writes on the trail", async () => {
      const f = await load();
      await consent(f);
      const request = await requestOf(f, questionOf(f));
      for (const caller of [f.mallory, f.alice.wallet, f.registrar, f.relayer]) {
        await refuses(open(f, caller, request), f.gate, "SessionStranger", caller.address);
      }
      await open(f, f.drBaker.key, request);
    });

    it("reverts for a key that left its provider", async () => {
      const f = await load();
      await consent(f);
      const request = await requestOf(f, questionOf(f));
      const times = { signedAt: await nextSecond(), deadline: (await now()) + DAY };
      const authorization = { signer: f.drBaker.key.address, ...times, signature: "0x" };
      const data = providerKeyAdditionData(await signingContract(f.providers), {
        name: f.drBaker.name,
        key: f.spare.address as Address,
        provider: f.drBaker.provider,
        ...times,
      });
      const signature = await f.spare.signTypedData(data.domain, data.types as never, data.message);
      const joining = { signer: f.spare.address, ...times, signature };
      await f.providers.connect(f.drBaker.key).addKey(f.drBaker.provider, joining, authorization);
      await expect(open(f, f.spare, request)).to.emit(f.gate, "SessionOpened");
      const { provider, key } = f.drBaker;
      await f.providers.connect(key).removeKey(provider, f.spare.address, rightNow(key));
      await refuses(open(f, f.spare, request), f.gate, "SessionStranger", f.spare.address);
    });

    it("logs who claimed to be somebody else under their own name", async () => {
      const f = await load();
      await consent(f);
      const request = await requestOf(f, questionOf(f));
      for (const liar of [f.hospital, f.drChen]) {
        await denies(f, liar.key, request, denials.callerNotActor, liar);
      }
    });

    it("logs what an organisation states of somebody who is not of it under the organisation", async () => {
      const f = await load();
      await consent(f);
      const request = await requestOf(f, questionOf(f, { actor: f.drChen }));
      await denies(f, f.clinic.key, request, denials.notAffiliated, f.clinic);
      const invented = { ...request, actor: ethers.id("nobody") };
      await denies(f, f.clinic.key, invented, denials.actorUnknown, f.clinic);
      // But a refusal of its own affiliate stands under the affiliate.
      const uncovered = await requestOf(f, questionOf(f, { labels: ["hiv"] }));
      await denies(f, f.clinic.key, uncovered, denials.labelsNotCovered, f.drBaker);
    });

    it("answers every refusal of the consent with its reason", async () => {
      const f = await load();
      const { key } = f.drBaker;
      const asked = await requestOf(f, questionOf(f));
      const denied = (denial: bigint, changes: Partial<Request> = {}) =>
        denies(f, key, { ...asked, ...changes }, denial, f.drBaker);
      await denied(denials.patientUnknown, { patient: ethers.id("nobody") });
      await denied(denials.noConsent);
      const from = minute(await now()) + 600;
      const agreement = await consent(f, { from });
      await denied(denials.consentNotYetValid);
      await at(from);
      await expect(open(f, key, asked)).to.emit(f.gate, "SessionOpened");
      await denied(denials.labelsNotCovered, { labels: labelMask(["laboratory", "mental-health"]) });
      await denied(denials.noConsent, { purpose: 5 });
      const tooLong = Array.from({ length: 4 }, () => f.hospital.provider);
      await denied(denials.pathUnknown, { via: { ...asked.via, chain: tooLong } });
      await denied(denials.pathUnknown, { via: { ...asked.via, bySeries: true } });
      await denied(denials.notAffiliated, { via: { ...asked.via, organisation: f.hospital.provider } });
      await (await decideGrant(f, directly, { ...agreement, actions: ["write"] })).submit();
      await denied(denials.actionNotGranted);
      await (await decideRevoke(f, directly, agreement)).submit();
      await denied(denials.consentRevoked);
    });

    it("denies from the second in which the consent ends", async () => {
      const f = await load();
      const { until } = await consent(f);
      const request = await requestOf(f, questionOf(f), { expiresAt: until + 60 });
      await at(until - 1);
      await expect(open(f, f.drBaker.key, request)).to.emit(f.gate, "SessionOpened");
      await at(until);
      await denies(f, f.drBaker.key, request, denials.consentExpired, f.drBaker);
    });

    it("denies in the block of a revocation, of a revokeAll and of a suspension", async () => {
      const endings: ((f: Fixture) => Promise<unknown>)[] = [
        async (f) =>
          f.consents.connect(f.alice.wallet).revoke(f.alice.patient, f.clinic.provider, 1, rightNow(f.alice.wallet)),
        async (f) => f.patients.connect(f.alice.wallet).revokeAll(f.alice.patient, rightNow(f.alice.wallet)),
        (f) => f.providers.connect(f.registrar).suspend(f.clinic.provider),
        (f) => f.providers.connect(f.registrar).suspend(f.drBaker.provider),
        (f) =>
          f.providers
            .connect(f.clinic.key)
            .endAffiliation(f.clinic.provider, f.drBaker.provider, rightNow(f.clinic.key)),
      ];
      const expected = [
        denials.consentRevoked,
        denials.consentRevoked,
        denials.organisationNotActive,
        denials.actorNotActive,
        denials.notAffiliated,
      ];
      for (const [index, end] of endings.entries()) {
        const f = await load();
        await consent(f);
        const request = await requestOf(f, questionOf(f));
        await expect(open(f, f.drBaker.key, request)).to.emit(f.gate, "SessionOpened");
        await ethers.provider.send("evm_setAutomine", [false]);
        await end(f);
        const opening = await f.gate.connect(f.drBaker.key).openSession(request, { gasLimit: 500_000 });
        await ethers.provider.send("evm_mine", []);
        await ethers.provider.send("evm_setAutomine", [true]);
        const receipt = await opening.wait();
        const parsed = receipt?.logs.map((log) => f.gate.interface.parseLog(log));
        expect(parsed?.map((log) => [log?.name, log?.args["denial"]])).to.deep.equal([
          ["AccessDenied", expected[index]],
        ]);
        const logs = await f.gate.queryFilter(f.gate.filters.SessionOpened(), receipt?.blockNumber);
        expect(logs).to.have.length(0);
      }
    });

    it("denies after revokeAll, and opens again after a new grant", async () => {
      const f = await load();
      const agreement = await consent(f);
      await (await decideRevokeAll(f, directly)).submit();
      const request = await requestOf(f, questionOf(f));
      await denies(f, f.drBaker.key, request, denials.consentRevoked, f.drBaker);
      await (await decideGrant(f, directly, agreement)).submit();
      await expect(open(f, f.drBaker.key, request)).to.emit(f.gate, "SessionOpened");
    });

    it("lets an organisation ask without a person for five purposes, and for no other", async () => {
      const f = await load();
      const impersonal: string[] = [];
      const personal: string[] = [];
      for (const { name, id } of purposes) {
        if (name === "emergency") continue;
        await consent(f, { purpose: name });
        const request = await requestOf(f, alone({ ...questionOf(f), purpose: name }, f.clinic));
        const receipt = await (await open(f, f.clinic.key, request)).wait();
        const log = f.gate.interface.parseLog(receipt!.logs[0]!);
        if (log?.name === "SessionOpened") impersonal.push(name);
        else expect([log?.args["denial"], id]).to.deep.equal([denials.personRequired, id]);
        if (log?.name === "AccessDenied") personal.push(name);
      }
      expect(impersonal).to.deep.equal(["payment", "operations", "research", "public-health", "quality"]);
      expect(personal).to.have.length(8);
    });

    it("asks a person of every kind of organisation", async () => {
      const f = await load();
      const wallets = (await ethers.getSigners()).slice(11);
      const organisations = kinds.slice(1, -1);
      for (const [index, kind] of organisations.entries()) {
        const name = `Organisation ${index}`;
        const asker = await admit(f, kind as Exclude<typeof kind, "none">, name, wallets[index] ?? f.spare);
        await consent(f, { grantee: asker.provider, recipient: name });
        const request = await requestOf(f, alone(questionOf(f), asker));
        await denies(f, asker.key, request, denials.personRequired, asker);
      }
      expect(organisations).to.have.length(9);
    });

    it("does not open emergencies, nor purposes that do not exist", async () => {
      const f = await load();
      await consent(f);
      for (const purpose of [0, 2, 15, 255]) {
        const request = await requestOf(f, questionOf(f), { purpose });
        await refuses(open(f, f.drBaker.key, request), f.gate, "SessionPurposeInvalid", purpose);
      }
    });

    it("refuses no label, a reserved one, and no session key", async () => {
      const f = await load();
      await consent(f);
      for (const labels of [0n, 1n << 40n, (1n << 47n) | labelMask(["laboratory"])]) {
        const request = await requestOf(f, questionOf(f), { labels });
        await refuses(open(f, f.drBaker.key, request), f.gate, "SessionLabelsInvalid", labels);
      }
      const keyless = await requestOf(f, questionOf(f), { sessionKeyHash: nobody });
      await refuses(open(f, f.drBaker.key, keyless), f.gate, "SessionKeyMissing");
    });

    it("opens for at least a second and at most twelve hours", async () => {
      const f = await load();
      await consent(f);
      const second = (await now()) + 10;
      for (const expiresAt of [0, second, second + SESSION_LIFETIME + 1]) {
        const request = await requestOf(f, questionOf(f), { expiresAt });
        await at(second);
        await refuses(open(f, f.drBaker.key, request), f.gate, "SessionPeriodInvalid", expiresAt);
      }
      for (const expiresAt of [second + 1, second + SESSION_LIFETIME]) {
        const request = await requestOf(f, questionOf(f), { expiresAt });
        await at(second);
        await expect(open(f, f.drBaker.key, request)).to.emit(f.gate, "SessionOpened");
      }
    });

    it("logs 32 refusals of a caller in a day, and reverts from then on until the next", async () => {
      const f = await load();
      const midnight = Math.floor((await now()) / DAY + 2) * DAY;
      await at(midnight);
      await ethers.provider.send("evm_mine", []);
      const asked = await requestOf(f, questionOf(f), { expiresAt: midnight + 2 * 3_600 });
      for (let count = 0; count < DENIALS_PER_DAY; count++) {
        // Whatever is claimed, it counts for the caller.
        const request =
          count % 2 === 0 ? asked : { ...asked, actor: f.drChen.provider, via: { ...asked.via, organisation: nobody } };
        await expect(open(f, f.drBaker.key, request)).to.emit(f.gate, "AccessDenied");
        expect(await f.gate.denialsToday(f.drBaker.provider)).to.equal(count + 1);
      }
      const values = [f.drBaker.provider, DENIALS_PER_DAY];
      await refuses(open(f, f.drBaker.key, asked), f.gate, "SessionDenialsExhausted", ...values);
      await denies(f, f.drChen.key, { ...asked, actor: f.drChen.provider }, denials.notAffiliated, f.drChen);
      expect(await f.gate.denialsToday(f.drChen.provider)).to.equal(1n);

      // Permitted ones still open, and are not counted.
      await consent(f);
      await expect(open(f, f.drBaker.key, asked)).to.emit(f.gate, "SessionOpened");
      await (await decideRevokeAll(f, directly)).submit();
      await at(midnight + DAY - 1);
      const late = { ...asked, expiresAt: midnight + DAY + 3_600 };
      await refuses(open(f, f.drBaker.key, late), f.gate, "SessionDenialsExhausted", ...values);
      await at(midnight + DAY);
      await ethers.provider.send("evm_mine", []);
      expect(await f.gate.denialsToday(f.drBaker.provider)).to.equal(0n);
      await expect(open(f, f.drBaker.key, late)).to.emit(f.gate, "AccessDenied");
      expect(await f.gate.denialsToday(f.drBaker.provider)).to.equal(1n);
    });

    it("costs the same after 1,000 more grants", async function () {
      this.timeout(60_000);
      const f = await load();
      await consent(f);
      const expiresAt = (await now()) + 11 * 3_600;
      const request = await requestOf(f, questionOf(f), { expiresAt });
      const gas = () => f.gate.connect(f.drBaker.key).openSession.estimateGas(request);
      const before = await gas();
      const others = [f.hospital, f.drChen, f.drBaker];
      const wanted = purposes.filter(({ name }) => name !== "emergency");
      let given = 0;
      for (; given < 1_000; given++) {
        const { name } = wanted[given % wanted.length]!;
        const other = others[Math.floor(given / wanted.length) % others.length]!;
        await consent(f, { grantee: other.provider, recipient: other.name, purpose: name });
      }
      expect(await gas()).to.equal(before);
      expect(given).to.equal(1_000);
    });

    it("keeps one organisation's sessions from another's consent", async () => {
      const f = await load();
      await consent(f);
      const other: Provider = await admit(f, "clinic", "Hilltop Clinic", f.spare);
      await affiliate(f, other, f.drBaker);
      const question: Question = questionOf(f, { through: other });
      await denies(f, f.drBaker.key, await requestOf(f, question), denials.noConsent, f.drBaker);
      const own = alone(questionOf(f), f.drBaker);
      await denies(f, f.drBaker.key, await requestOf(f, own), denials.noConsent, f.drBaker);
      await expect(open(f, f.drBaker.key, await requestOf(f, questionOf(f)))).to.emit(f.gate, "SessionOpened");
    });
  });
});

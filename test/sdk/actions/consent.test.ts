import { expect } from "chai";
import { type HDNodeWallet, JsonRpcProvider, Wallet } from "ethers";
import { privateKeyToAccount } from "viem/accounts";
import { createClient, head, type PatientId, type ProviderId, type SignerLike } from "../../../sdk/src/index.ts";
import { type Actor, actionsFor, admitted, affiliate, inDays, registeredPatient } from "../../support/actors.ts";
import { eip1193WalletOf } from "../../support/eip1193-wallet.ts";
import { type LocalChain, localChain } from "../../support/local-chain.ts";
import { rejection } from "../../support/rejection.ts";

const signerKinds: Record<string, (wallet: HDNodeWallet, chain: LocalChain) => SignerLike> = {
  "ethers wallet without a node": (wallet) => new Wallet(wallet.privateKey),
  "ethers wallet with a node of its own": (wallet, chain) =>
    new Wallet(wallet.privateKey, new JsonRpcProvider(chain.url, undefined, { staticNetwork: true })),
  "EIP-1193 wallet": (wallet, chain) => eip1193WalletOf(wallet, chain.url),
  "viem account": (wallet) => privateKeyToAccount(wallet.privateKey as `0x${string}`),
};

describe("consent verbs", function () {
  this.timeout(60_000);
  let chain: LocalChain;
  let clinic: Actor<ProviderId>;
  let drBaker: Actor<ProviderId>;
  let relay: Awaited<ReturnType<typeof actionsFor>>;
  let now: number;

  before(async () => {
    chain = await localChain();
    clinic = await admitted(chain, "clinic", "Riverside Clinic");
    drBaker = await admitted(chain, "practitioner", "Dr Baker");
    await affiliate(clinic, drBaker);
    relay = await actionsFor(chain, chain.newWallet());
    now = (await head(relay.client)).time;
  });

  const terms = (patient: PatientId) =>
    ({
      patient,
      grantee: clinic.id,
      purpose: "treatment",
      labels: ["medications", "laboratory"],
      actions: ["read", "write"],
      until: inDays(now, 30),
    }) as const;

  const mayRead = async (patient: PatientId) =>
    (await relay.consent.isPermitted({
      ...{ patient, actor: drBaker.id, via: clinic.id, purpose: "treatment", labels: ["laboratory"] },
    })) as { allowed: boolean; reason?: string };

  for (const [kind, make] of Object.entries(signerKinds)) {
    describe(`with an ${kind}`, () => {
      let alice: Actor<PatientId>;

      before(async () => {
        alice = await registeredPatient(chain, make(chain.newWallet(), chain));
      });

      it("grants and revokes by calling", async () => {
        expect((await mayRead(alice.id)).reason).to.equal("no-consent");
        const granted = await alice.actions.consent.grant(terms(alice.id));
        expect(granted.transaction.hash).to.match(/^0x[0-9a-f]{64}$/);
        expect(Number(granted.transaction.gasUsed)).to.be.within(40_000, 120_000);
        expect(granted.grant.labels).to.deep.equal(["medications", "laboratory"]);
        expect((await mayRead(alice.id)).allowed).to.equal(true);
        await alice.actions.consent.revoke(terms(alice.id));
        expect(await mayRead(alice.id)).to.include({ allowed: false, reason: "consent-revoked" });
      });

      it("grants and revokes by signing, with anybody submitting", async () => {
        const recipient = clinic.name;
        await chain.passTime(1);
        const grant = await alice.actions.consent.sign({ decision: "grant", ...terms(alice.id), recipient });
        expect((await mayRead(alice.id)).allowed).to.equal(false);
        await relay.consent.submit({ signed: JSON.parse(JSON.stringify(grant)) as typeof grant });
        expect((await mayRead(alice.id)).allowed).to.equal(true);
        await chain.passTime(1);
        const revocation = await alice.actions.consent.sign({ decision: "revoke", ...terms(alice.id), recipient });
        await relay.consent.submit({ signed: revocation });
        expect((await mayRead(alice.id)).reason).to.equal("consent-revoked");
        const replay = await rejection(relay.consent.submit({ signed: grant }));
        expect(replay.code).to.equal("CHAIN_REVERTED");
        expect(replay.details["error"]).to.equal("ConsentSuperseded");
        expect(replay.details["reason"]).to.equal("A later decision on this permission is already in force.");
      });

      it("ends everything by calling and by signing", async () => {
        await chain.passTime(1);
        await alice.actions.consent.grant(terms(alice.id));
        expect((await mayRead(alice.id)).allowed).to.equal(true);
        await alice.actions.consent.revokeAll({ patient: alice.id });
        expect((await mayRead(alice.id)).allowed).to.equal(false);
        await chain.passTime(1);
        await alice.actions.consent.grant(terms(alice.id));
        expect((await mayRead(alice.id)).allowed).to.equal(true);
        await chain.passTime(1);
        const signed = await alice.actions.consent.sign({ decision: "revoke-all", patient: alice.id });
        await relay.consent.submit({ signed });
        expect((await mayRead(alice.id)).allowed).to.equal(false);
      });
    });
  }

  describe("consentOf", () => {
    it("tells a permission's state", async () => {
      const alice = await registeredPatient(chain);
      const where = { patient: alice.id, grantee: clinic.id, purpose: "treatment" } as const;
      expect((await relay.consent.of(where)).state).to.equal("none");
      const from = inDays(now, 1);
      await alice.actions.consent.grant({ ...terms(alice.id), from });
      const pending = await relay.consent.of(where);
      expect(pending).to.deep.include({ state: "pending", from, until: inDays(now, 30), actions: ["read", "write"] });
      await alice.actions.consent.grant(terms(alice.id));
      expect((await relay.consent.of(where)).state).to.equal("active");
      await alice.actions.consent.revokeAll({ patient: alice.id });
      const ended = await relay.consent.of(where);
      expect(ended.state).to.equal("ended");
      expect(ended.labels).to.deep.equal(["medications", "laboratory"]);
    });
  });

  describe("many decisions in flight", () => {
    it("all take effect from one signer without waiting for one another", async () => {
      const alice = await registeredPatient(chain);
      const purposes = [
        "treatment",
        "payment",
        "operations",
        "research",
        "public-health",
        "coordination",
        "legal",
      ] as const;
      const results = await Promise.all(
        purposes.map((purpose) => alice.actions.consent.grant({ ...terms(alice.id), purpose })),
      );
      expect(new Set(results.map(({ transaction }) => transaction.hash)).size).to.equal(purposes.length);
      const states = await Promise.all(
        purposes.map((purpose) => relay.consent.of({ patient: alice.id, grantee: clinic.id, purpose })),
      );
      expect(states.map(({ state }) => state)).to.deep.equal(purposes.map(() => "active"));
    });
  });

  describe("refusals", () => {
    it("an unknown patient is named", async () => {
      const alice = await registeredPatient(chain);
      const nobody = `0x${"01".repeat(32)}` as PatientId;
      const error = await rejection(alice.actions.consent.grant(terms(nobody)));
      expect(error.code).to.equal("CHAIN_REVERTED");
      expect(error.details).to.include({ error: "PatientNotRegistered", patient: nobody });
    });

    it("an unknown recipient is named", async () => {
      const alice = await registeredPatient(chain);
      const grantee = `0x${"02".repeat(32)}` as ProviderId;
      const error = await rejection(alice.actions.consent.grant({ ...terms(alice.id), grantee }));
      expect(error.details).to.include({ error: "ConsentGranteeUnknown", grantee });
    });

    it("another's health record stays closed to a stranger's decision", async () => {
      const alice = await registeredPatient(chain);
      const error = await rejection(relay.consent.grant(terms(alice.id)));
      expect(error.details).to.include({ error: "PatientSignerNotController", patient: alice.id });
    });

    it("a signed decision past its deadline is too late", async () => {
      const alice = await registeredPatient(chain);
      const parameters = { decision: "grant", ...terms(alice.id), recipient: clinic.name, validFor: 1 } as const;
      const signed = await alice.actions.consent.sign(parameters);
      await chain.passTime(2);
      const error = await rejection(relay.consent.submit({ signed }));
      expect(error.details).to.include({
        error: "AuthorizationExpired",
        deadline: BigInt(signed.authorization.deadline),
      });
    });

    it("a changed term makes the signature void", async () => {
      const alice = await registeredPatient(chain);
      const signed = await alice.actions.consent.sign({
        decision: "grant",
        ...terms(alice.id),
        recipient: clinic.name,
      });
      if (signed.decision !== "grant") throw new Error("not a grant");
      const widened = { ...signed, terms: { ...signed.terms, labels: ["laboratory", "hiv"] } } as typeof signed;
      const error = await rejection(relay.consent.submit({ signed: widened }));
      expect(error.details["error"]).to.equal("AuthorizationSignatureInvalid");
      await relay.consent.submit({ signed });
    });

    it("a wrong name is noticed before anything is signed", async () => {
      const alice = await registeredPatient(chain);
      const parameters = { decision: "grant", ...terms(alice.id), recipient: "Riverside Clinlc" } as const;
      const error = await rejection(alice.actions.consent.sign(parameters));
      expect(error.code).to.equal("PROVIDER_NAME_DIFFERS");
      expect(error.details["provider"]).to.equal(clinic.id);
    });

    it("a decision for another network is not sent", async () => {
      const alice = await registeredPatient(chain);
      const signed = await alice.actions.consent.sign({ decision: "revoke-all", patient: alice.id });
      const elsewhere = { ...signed, signedFor: { ...signed.signedFor, chainId: 1 } };
      expect((await rejection(relay.consent.submit({ signed: elsewhere }))).code).to.equal(
        "CONSENT_SIGNED_FOR_ANOTHER",
      );
    });

    it("a declined signature is a sentence", async () => {
      const wallet = chain.newWallet();
      const alice = await registeredPatient(chain, wallet);
      const declining = eip1193WalletOf(wallet, chain.url, { eth_signTypedData_v4: 4001, eth_sendTransaction: 4001 });
      const actions = await actionsFor(chain, declining);
      const sign = { decision: "grant", ...terms(alice.id), recipient: clinic.name } as const;
      expect((await rejection(actions.consent.sign(sign))).code).to.equal("SIGNATURE_REFUSED");
      expect((await rejection(actions.consent.grant(terms(alice.id)))).code).to.equal("SIGNATURE_REFUSED");
    });

    it("times within a minute, unknown labels and malformed ids are told apart", async () => {
      const alice = await registeredPatient(chain);
      const grant = (change: object) => rejection(alice.actions.consent.grant({ ...terms(alice.id), ...change }));
      expect((await grant({ until: inDays(now, 30) + 1 })).code).to.equal("INPUT_INVALID_TIME");
      expect((await grant({ labels: ["blood"] })).code).to.equal("INPUT_UNKNOWN_LABEL");
      expect((await grant({ purpose: "fun" })).code).to.equal("INPUT_UNKNOWN_PURPOSE");
      expect((await grant({ actions: ["own"] })).code).to.equal("INPUT_UNKNOWN_ACTION");
      expect((await grant({ grantee: "0x12" })).code).to.equal("INPUT_INVALID_ID");
      expect((await grant({ until: inDays(now, -1) })).details["error"]).to.equal("ConsentPeriodInvalid");
    });

    it("a client without a signer says so", async () => {
      const client = await createClient({ deployment: chain.deployment });
      expect(client.signer).to.equal(undefined);
      const alice = await registeredPatient(chain);
      const reader = (await import("../../../sdk/src/index.ts")).withActions(client);
      expect((await rejection(reader.consent.grant(terms(alice.id)))).code).to.equal("CLIENT_SIGNER_MISSING");
    });

    it("an aborted verb sends nothing", async () => {
      const alice = await registeredPatient(chain);
      const signal = AbortSignal.abort();
      const count = await chain.rpc("eth_getTransactionCount", [alice.client.signer?.address, "latest"]);
      expect((await rejection(alice.actions.consent.grant({ ...terms(alice.id), signal }))).code).to.equal(
        "OPERATION_ABORTED",
      );
      expect(await chain.rpc("eth_getTransactionCount", [alice.client.signer?.address, "latest"])).to.equal(count);
    });
  });
});

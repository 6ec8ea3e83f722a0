import { expect } from "chai";
import {
  type Address,
  head,
  type PatientId,
  type ProviderId,
  type SeriesId,
  type SignConsentParameters,
  type TrailEntry,
  type Via,
} from "../../../sdk/src/index.ts";
import { type Actor, actionsFor, admitted, affiliate, inDays, registeredPatient } from "../../support/actors.ts";
import { type LocalChain, localChain } from "../../support/local-chain.ts";
import { rejection } from "../../support/rejection.ts";

const series = `0x${"5e".repeat(32)}` as SeriesId;
const purpose = "treatment";

describe("consent verbs beyond grant and revoke", function () {
  this.timeout(60_000);
  let chain: LocalChain;
  let clinic: Actor<ProviderId>;
  let hospital: Actor<ProviderId>;
  let laboratory: Actor<ProviderId>;
  let drBaker: Actor<ProviderId>;
  let relay: Awaited<ReturnType<typeof actionsFor>>;
  let alice: Actor<PatientId>;
  let now: number;

  before(async () => {
    chain = await localChain();
    clinic = await admitted(chain, "clinic", "Lakeside Clinic");
    hospital = await admitted(chain, "hospital", "County Hospital");
    laboratory = await admitted(chain, "laboratory", "Harbour Laboratory");
    drBaker = await admitted(chain, "practitioner", "Dr Baker");
    await affiliate(clinic, drBaker);
    relay = await actionsFor(chain, chain.newWallet());
    now = (await head(relay.client)).time;
  });
  beforeEach(async () => {
    alice = await registeredPatient(chain);
  });

  const terms = (grantee: Actor<ProviderId> = clinic) =>
    ({
      patient: alice.id,
      grantee: grantee.id,
      purpose,
      labels: ["medications", "laboratory"],
      actions: ["read", "share"],
      until: inDays(now, 30),
    }) as const;
  const reading = (grantee?: Actor<ProviderId>) => ({ ...terms(grantee), actions: ["read"] }) as const;
  const to = ({ id, name }: Actor<ProviderId>) => ({ grantee: id, recipient: name });
  const answer = async (actor: Actor<ProviderId>, via?: Via, of?: SeriesId): Promise<string> => {
    const question = { patient: alice.id, actor: actor.id, via, purpose, labels: ["laboratory"], series: of } as const;
    const decision = await relay.consent.isPermitted(question);
    return decision.allowed ? "yes" : decision.reason;
  };
  /** Signed by whom it belongs to, sent as plain text to somebody else, and submitted there. */
  const bySigning = async (actor: Actor<string>, parameters: SignConsentParameters): Promise<void> => {
    await chain.passTime(1);
    const signed = await actor.actions.consent.sign(parameters);
    await relay.consent.submit({ signed: JSON.parse(JSON.stringify(signed)) as typeof signed });
  };
  const trailOf = async (): Promise<TrailEntry[]> => {
    const entries: TrailEntry[] = [];
    const names = new Map([clinic, hospital, laboratory, drBaker].map(({ id, name }) => [id, name]));
    const nameOf = (id: ProviderId) => names.get(id)?.replace(/ \w+$/, "");
    for await (const entry of relay.audit.trail({ patient: alice.id, nameOf })) entries.push(entry);
    return entries.slice(1);
  };
  const linesOf = async () => (await trailOf()).map(({ kind, words }) => `${kind}: ${words}`);

  it("open one record by calling and by signing, and tell it on the trail", async () => {
    await alice.actions.consent.grantRecord({ ...reading(), series });
    expect(await answer(clinic, { bySeries: true }, series)).to.equal("yes");
    expect(await answer(clinic)).to.equal("no-consent");
    const where = { patient: alice.id, grantee: clinic.id, purpose, series } as const;
    expect((await relay.consent.of(where)).state).to.equal("active");
    expect((await relay.consent.of({ ...where, series: undefined })).state).to.equal("none");
    await alice.actions.consent.revokeRecord(where);
    expect(await answer(clinic, { bySeries: true }, series)).to.equal("consent-revoked");
    await bySigning(alice, { decision: "grant-record", ...reading(), series, recipient: clinic.name });
    expect(await answer(clinic, { bySeries: true }, series)).to.equal("yes");
    await bySigning(alice, { decision: "revoke-record", ...where, recipient: clinic.name });
    expect(await answer(clinic, { bySeries: true }, series)).to.equal("consent-revoked");
    const lines = await linesOf();
    expect(lines).to.have.length(4);
    expect(lines[0]).to.match(/^record-consent-granted: You allowed Lakeside Clinic to read one record, for treatment/);
    expect(lines[3]).to.equal(
      "record-consent-revoked: You ended the permission of Lakeside Clinic to read one record, for treatment.",
    );
  });

  it("decide many at once by calling and by signing, leaving out what came too late", async () => {
    const grants = [terms(), reading(hospital), { ...reading(), series }];
    const given = await alice.actions.consent.grantMany({ grants });
    expect(given.grants.map(({ grantee }) => grantee)).to.deep.equal([clinic.id, hospital.id, clinic.id]);
    const answers = async () => [
      await answer(clinic),
      await answer(hospital),
      await answer(clinic, { bySeries: true }, series),
    ];
    expect(await answers()).to.deep.equal(["yes", "yes", "yes"]);
    const targets = [
      { ...to(clinic), purpose },
      { ...to(hospital), purpose },
      { ...to(clinic), purpose, series },
    ] as const;
    await alice.actions.consent.revokeMany({ patient: alice.id, revocations: targets.slice(1) });
    expect(await answers()).to.deep.equal(["yes", "consent-revoked", "consent-revoked"]);
    await chain.passTime(1);
    const recipients = [clinic.name, hospital.name, clinic.name] as const;
    const late = await alice.actions.consent.sign({
      decision: "grant-many",
      grants: grants.map((item, index) => ({ ...item, recipient: recipients[index] as string })),
    });
    await chain.passTime(1);
    await alice.actions.consent.revoke({ patient: alice.id, grantee: hospital.id, purpose });
    await relay.consent.submit({ signed: late });
    expect(await answers()).to.deep.equal(["yes", "consent-revoked", "yes"]);
    await bySigning(alice, { decision: "revoke-many", patient: alice.id, revocations: targets });
    expect(await answers()).to.deep.equal(["consent-revoked", "consent-revoked", "consent-revoked"]);
    const superseded = (await linesOf()).filter((line) => line.startsWith("consent-superseded"));
    expect(superseded).to.deep.equal([
      "consent-superseded: A decision on County Hospital, for treatment, came too late: you had decided otherwise since.",
    ]);
  });

  it("stop sharing with somebody, whatever was allowed, by calling and by signing", async () => {
    const allow = async () => {
      await alice.actions.consent.grant(terms());
      await alice.actions.consent.grant({ ...terms(), purpose: "research" });
      await alice.actions.consent.grantRecord({ ...reading(), series });
      await alice.actions.consent.grant(reading(hospital));
    };
    const open = async () => {
      const ask = { patient: alice.id, actor: clinic.id, labels: ["laboratory"] } as const;
      const research = await relay.consent.isPermitted({ ...ask, purpose: "research" });
      return [await answer(clinic), research.allowed, await answer(clinic, { bySeries: true }, series)];
    };
    await allow();
    expect(await open()).to.deep.equal(["yes", true, "yes"]);
    const stopped = await alice.actions.consent.stopSharing({ patient: alice.id, grantee: clinic.id });
    expect(stopped.revocations).to.have.length(13 + 1);
    expect(stopped.transactions).to.have.length(1);
    expect(await open()).to.deep.equal(["consent-revoked", false, "consent-revoked"]);
    expect(await answer(hospital)).to.equal("yes");
    await chain.passTime(1);
    await allow();
    await chain.passTime(1);
    const signed = await alice.actions.consent.signStopSharing({ patient: alice.id, ...to(clinic) });
    expect(signed).to.have.length(1);
    for (const decision of signed) await relay.consent.submit({ signed: decision });
    expect(await open()).to.deep.equal(["consent-revoked", false, "consent-revoked"]);
  });

  it("shut somebody out of everything and let them back in", async () => {
    await alice.actions.consent.grant(terms());
    const asDoctor = () => answer(drBaker, { organisation: clinic.id });
    const about = { patient: alice.id, provider: drBaker.id };
    expect(await asDoctor()).to.equal("yes");
    await alice.actions.consent.exclude(about);
    expect(await asDoctor()).to.equal("excluded");
    const excluded = { excluded: true, byPatient: true, byDelegates: false };
    expect(await relay.consent.exclusionOf(about)).to.deep.equal(excluded);
    const explained = await relay.access.explain({
      ...{ patient: alice.id, actor: drBaker.id, via: clinic.id, purpose, labels: ["laboratory"] },
    });
    expect(explained.words).to.match(/shut out/);
    await alice.actions.consent.readmit(about);
    expect(await asDoctor()).to.equal("yes");
    await bySigning(alice, { decision: "exclude", ...about, name: drBaker.name });
    expect(await asDoctor()).to.equal("excluded");
    await bySigning(alice, { decision: "readmit", ...about, name: drBaker.name });
    expect(await asDoctor()).to.equal("yes");
    expect((await linesOf()).slice(1)).to.deep.equal([
      "provider-excluded: You shut out Dr Baker from everything, in emergencies too.",
      "provider-readmitted: You let Dr Baker back in.",
      "provider-excluded: You shut out Dr Baker from everything, in emergencies too.",
      "provider-readmitted: You let Dr Baker back in.",
    ]);
  });

  it("pass a permission on twice, take it back, and have the patient cut it", async () => {
    await alice.actions.consent.grant(terms());
    const [first, second] = [[clinic.id], [clinic.id, hospital.id]];
    await clinic.actions.consent.share({ ...terms(hospital), chain: first });
    await bySigning(hospital, { decision: "share", ...reading(laboratory), chain: second, recipient: laboratory.name });
    const answers = async () => [await answer(hospital, { chain: first }), await answer(laboratory, { chain: second })];
    expect(await answers()).to.deep.equal(["yes", "yes"]);
    const link = { patient: alice.id, chain: second, grantee: laboratory.id, purpose } as const;
    const stored = await relay.consent.shareOf(link);
    expect(stored).to.deep.include({ sharer: hospital.id, actions: ["read"], parentSerial: 1, serial: 1, cut: false });

    await alice.actions.consent.cutShare(link);
    expect(await answers()).to.deep.equal(["yes", "share-ended"]);
    expect((await relay.consent.shareOf(link)).cut).to.equal(true);
    await alice.actions.consent.uncutShare(link);
    expect(await answers()).to.deep.equal(["yes", "yes"]);
    const names = { recipient: laboratory.name, sharer: hospital.name };
    await bySigning(alice, { decision: "cut", ...link, ...names });
    expect(await answers()).to.deep.equal(["yes", "share-ended"]);
    await bySigning(alice, { decision: "uncut", ...link, ...names });
    expect(await answers()).to.deep.equal(["yes", "yes"]);

    await bySigning(hospital, { decision: "unshare", ...link, recipient: laboratory.name });
    expect(await answers()).to.deep.equal(["yes", "share-ended"]);
    await clinic.actions.consent.unshare({ patient: alice.id, chain: first, grantee: hospital.id, purpose });
    expect(await answers()).to.deep.equal(["share-ended", "share-ended"]);

    const tooMuch = { ...terms(hospital), actions: ["read", "write"], chain: first } as const;
    const wide = await rejection(clinic.actions.consent.share(tooMuch));
    expect(wide.details["error"]).to.equal("ConsentShareTooWide");
    expect(wide.details["reason"]).to.match(/^Nobody can pass on more/);
    const lines = await linesOf();
    expect(lines[1]).to.match(
      /^consent-shared: Lakeside Clinic passed on to County Hospital what you allowed it: to read/,
    );
    expect(lines.slice(3)).to.deep.equal([
      "share-cut: You cut what County Hospital passes on to Harbour Laboratory, for treatment.",
      "share-uncut: You let County Hospital pass on to Harbour Laboratory again, for treatment.",
      "share-cut: You cut what County Hospital passes on to Harbour Laboratory, for treatment.",
      "share-uncut: You let County Hospital pass on to Harbour Laboratory again, for treatment.",
      "consent-unshared: County Hospital took back what it had passed on to Harbour Laboratory, for treatment.",
      "consent-unshared: Lakeside Clinic took back what it had passed on to County Hospital, for treatment.",
    ]);
  });

  it("ask for a permission, until the patient hears no more", async () => {
    await clinic.actions.consent.request(terms());
    expect(await answer(clinic)).to.equal("no-consent");
    await bySigning(clinic, { decision: "request", ...reading(), recipient: clinic.name });
    await alice.actions.consent.muteRequests({ patient: alice.id, provider: clinic.id });
    await chain.passTime(1);
    const muted = await rejection(clinic.actions.consent.request(terms()));
    expect(muted.details["error"]).to.equal("ConsentRequestMuted");
    await hospital.actions.consent.request(terms(hospital));
    await bySigning(alice, { decision: "mute", patient: alice.id });
    await chain.passTime(1);
    const everybody = await rejection(hospital.actions.consent.request(terms(hospital)));
    expect(everybody.details["error"]).to.equal("ConsentRequestMuted");
    await alice.actions.consent.unmuteRequests({ patient: alice.id });
    await bySigning(alice, { decision: "unmute", patient: alice.id, provider: clinic.id, name: clinic.name });
    await chain.passTime(1);
    await clinic.actions.consent.request(terms());
    const lines = await linesOf();
    expect(lines[0]).to.match(
      /^consent-requested: Lakeside Clinic asks to read, pass on .* You have not answered by this\.$/,
    );
    expect(lines.filter((line) => !line.startsWith("consent-requested"))).to.deep.equal([
      "requests-muted: You refuse requests of Lakeside Clinic.",
      "requests-muted: You refuse requests of everybody.",
      "requests-unmuted: You hear requests of everybody again.",
      "requests-unmuted: You hear requests of Lakeside Clinic again.",
    ]);
  });

  it("are signed for a contract wallet by whoever it accepts", async () => {
    const owner = chain.newWallet();
    const wallet = chain.newWallet();
    const patient = await registeredPatient(chain, wallet);
    const owned = await actionsFor(chain, owner);
    const signing = { ...reading(), patient: patient.id, recipient: clinic.name, account: wallet.address as Address };
    await chain.passTime(1);
    const early = await owned.consent.sign({ decision: "grant", ...signing });
    const refused = await rejection(relay.consent.submit({ signed: early }));
    expect(refused.details["error"]).to.equal("AuthorizationSignatureInvalid");
    // A wallet that answers ERC-1271's yes to everything: PUSH4 magic, shifted to the left of the word, returned.
    await chain.rpc("hardhat_setCode", [wallet.address, "0x631626ba7e60e01b60005260206000f3"]);
    await chain.passTime(1);
    await relay.consent.submit({ signed: await owned.consent.sign({ decision: "grant", ...signing }) });
    const question = { patient: patient.id, actor: clinic.id, purpose, labels: ["laboratory"] } as const;
    expect((await relay.consent.isPermitted(question)).allowed).to.equal(true);
  });

  it("notice a wrong name before anything is signed", async () => {
    const about = { patient: alice.id, provider: drBaker.id } as const;
    const wrong = await rejection(alice.actions.consent.sign({ decision: "exclude", ...about, name: clinic.name }));
    expect(wrong.code).to.equal("PROVIDER_NAME_DIFFERS");
    const link = { patient: alice.id, chain: [clinic.id], grantee: hospital.id, purpose } as const;
    const names = { recipient: hospital.name, sharer: hospital.name };
    const sharer = await rejection(alice.actions.consent.sign({ decision: "cut", ...link, ...names }));
    expect(sharer.code).to.equal("PROVIDER_NAME_DIFFERS");
  });
});

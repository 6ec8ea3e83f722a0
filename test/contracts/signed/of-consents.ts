import type { PatientId } from "../../../sdk/src/core/ids.ts";
import { agreementOf } from "../consent/decisions.ts";
import * as verbs from "../consent/verbs.ts";
import { series, type Verb } from "../consent/verbs.ts";
import { bySignature, type Fixture, type Signer } from "../fixture.ts";
import { joins, newPatient, type Prepared, type Signable, type Specimen, specimen } from "./specimen.ts";

const signable = (f: Fixture, { build, call }: Verb): Signable => ({
  build,
  call: (sender, authorization) => call(f.consents.connect(sender), authorization),
});

interface About {
  readonly verb: Verb;
  readonly opposite?: Verb;
  readonly rival?: Verb;
  readonly state: () => Promise<unknown>;
  readonly before?: readonly Verb[];
}
type Describe = (f: Fixture, patient: PatientId) => About | Promise<About>;

const of = (f: Fixture, patient: PatientId): Fixture => ({ ...f, alice: { ...f.alice, patient } });

async function decides(f: Fixture, patient: PatientId, signer: Signer, describe: Describe): Promise<void> {
  const { before = [] } = await describe(of(f, patient), patient);
  for (const { build, call } of before) {
    const { authorization, sender } = await bySignature(signer, f.consents, build);
    await call(f.consents.connect(sender), authorization);
  }
}

async function prepared(f: Fixture, patient: PatientId, describe: Describe): Promise<Prepared> {
  const { verb, opposite, rival, state } = await describe(of(f, patient), patient);
  return {
    ...signable(f, verb),
    contract: f.consents,
    state,
    patient,
    ...(opposite === undefined ? {} : { opposite: signable(f, opposite) }),
    ...(rival === undefined ? {} : { rival: signable(f, rival) }),
  };
}

const ofPatient =
  (describe: Describe): Specimen["prepare"] =>
  async (f, signer) => {
    const patient = await newPatient(f, signer, (id, owner) => decides(f, id, owner, describe));
    return prepared(f, patient, describe);
  };

/** The signer speaks for the clinic, to which alice granted SHARE. */
const ofSharer =
  (describe: Describe): Specimen["prepare"] =>
  async (f, signer) => {
    await joins(f, f.clinic, signer);
    await verbs.does(f, verbs.grant(await agreementOf(f, { actions: ["read", "write", "share"] })));
    await decides(f, f.alice.patient, signer, describe);
    return prepared(f, f.alice.patient, describe);
  };

/** What a verb about the whole of a consent, or about one series, is about. */
async function consentsOf(f: Fixture, patient: PatientId) {
  const agreement = await agreementOf(f, { patient });
  const reading = { ...agreement, actions: ["read"] as const };
  const other = { ...agreement, labels: ["imaging"] as const };
  const hospital = { ...agreement, grantee: f.hospital.provider, recipient: f.hospital.name };
  const slots = async () => [
    await f.consents.consentOf(patient, f.clinic.provider, 1),
    await f.consents.recordConsentOf(patient, series, f.clinic.provider, 1),
    await f.consents.consentOf(patient, f.hospital.provider, 1),
  ];
  const items = [agreement, hospital, { ...reading, series }];
  const others = [
    other,
    { ...hospital, labels: ["imaging"] as const },
    { ...reading, labels: ["imaging"] as const, series },
  ];
  return { agreement, reading, other, items, others, slots };
}

const chain = (f: Fixture) => [f.clinic];
const cutOf = (f: Fixture, patient: PatientId) => () =>
  f.consents.shareOf(patient, [f.clinic.provider], f.hospital.provider, 1);

async function referral(f: Fixture, patient: PatientId) {
  const agreement = await agreementOf(f, {
    patient,
    grantee: f.hospital.provider,
    recipient: f.hospital.name,
    actions: ["read"],
  });
  const { notBefore, notAfter } = await f.consents.consentOf(patient, f.clinic.provider, 1);
  const terms = { ...agreement, from: Number(notBefore), until: Number(notAfter) };
  return {
    wide: verbs.share(terms, chain(f), 1),
    narrow: verbs.share({ ...terms, labels: ["laboratory"] }, chain(f), 1),
    state: cutOf(f, patient),
  };
}

const muteOf = (f: Fixture, patient: PatientId) => async () =>
  (await f.consents.muteOf(patient, f.clinic.provider)).slice(0, 2);

const contract = "ConsentRegistry";
const byProxy = { byProxy: true };

/** Verbs of ConsentRegistry. */
export const ofConsents: readonly Specimen[] = [
  specimen(
    `${contract}.grant`,
    "ConsentGrant",
    "widens",
    "patient",
    ofPatient(async (f, patient) => {
      const { agreement, other, slots } = await consentsOf(f, patient);
      return {
        verb: verbs.grant(agreement),
        opposite: verbs.revoke(agreement),
        rival: verbs.grant(other),
        state: slots,
      };
    }),
    byProxy,
  ),
  specimen(
    `${contract}.grantRecord`,
    "RecordConsentGrant",
    "widens",
    "patient",
    ofPatient(async (f, patient) => {
      const { reading, slots } = await consentsOf(f, patient);
      const rival = verbs.grantRecord({ ...reading, labels: ["imaging"] });
      return { verb: verbs.grantRecord(reading), opposite: verbs.revokeRecord(reading), rival, state: slots };
    }),
    byProxy,
  ),
  specimen(
    `${contract}.grantMany`,
    "ConsentGrants",
    "widens",
    "patient",
    ofPatient(async (f, patient) => {
      const { items, others, slots } = await consentsOf(f, patient);
      return {
        verb: verbs.grantMany(items),
        opposite: verbs.revokeMany(items),
        rival: verbs.grantMany(others),
        state: slots,
      };
    }),
    byProxy,
  ),
  specimen(
    `${contract}.revoke`,
    "ConsentRevocation",
    "narrows",
    "patient",
    ofPatient(async (f, patient) => {
      const { agreement, other, slots } = await consentsOf(f, patient);
      return {
        before: [verbs.grant(agreement)],
        verb: verbs.revoke(agreement),
        opposite: verbs.grant(other),
        state: slots,
      };
    }),
    byProxy,
  ),
  specimen(
    `${contract}.revokeRecord`,
    "RecordConsentRevocation",
    "narrows",
    "patient",
    ofPatient(async (f, patient) => {
      const { reading, slots } = await consentsOf(f, patient);
      const granting = verbs.grantRecord(reading);
      return { before: [granting], verb: verbs.revokeRecord(reading), opposite: granting, state: slots };
    }),
    byProxy,
  ),
  specimen(
    `${contract}.revokeMany`,
    "ConsentRevocations",
    "narrows",
    "patient",
    ofPatient(async (f, patient) => {
      const { items, others, slots } = await consentsOf(f, patient);
      const before = [verbs.grantMany(items)];
      return { before, verb: verbs.revokeMany(items), opposite: verbs.grantMany(others), state: slots };
    }),
    byProxy,
  ),
  specimen(
    `${contract}.exclude`,
    "ProviderExclusion",
    "narrows",
    "patient",
    ofPatient((f, patient) => ({
      verb: verbs.exclude(f, f.drBaker),
      opposite: verbs.readmit(f, f.drBaker),
      state: () => f.consents.exclusionOf(patient, f.drBaker.provider),
    })),
    byProxy,
  ),
  specimen(
    `${contract}.readmit`,
    "ProviderReadmission",
    "widens",
    "patient",
    ofPatient((f, patient) => ({
      before: [verbs.exclude(f, f.drBaker)],
      verb: verbs.readmit(f, f.drBaker),
      opposite: verbs.exclude(f, f.drBaker),
      state: () => f.consents.exclusionOf(patient, f.drBaker.provider),
    })),
    byProxy,
  ),
  specimen(
    `${contract}.mute`,
    "RequestMute",
    "narrows",
    "patient",
    ofPatient((f, patient) => ({
      verb: verbs.mute(f, f.clinic),
      opposite: verbs.unmute(f, f.clinic),
      state: muteOf(f, patient),
    })),
    byProxy,
  ),
  specimen(
    `${contract}.unmute`,
    "RequestUnmute",
    "widens",
    "patient",
    ofPatient((f, patient) => ({
      before: [verbs.mute(f, f.clinic)],
      verb: verbs.unmute(f, f.clinic),
      opposite: verbs.mute(f, f.clinic),
      state: muteOf(f, patient),
    })),
    byProxy,
  ),
  specimen(
    `${contract}.cut`,
    "ShareCut",
    "narrows",
    "patient",
    ofPatient((f, patient) => ({
      verb: verbs.cut(f, chain(f), f.hospital),
      opposite: verbs.uncut(f, chain(f), f.hospital),
      state: cutOf(f, patient),
    })),
    byProxy,
  ),
  specimen(
    `${contract}.uncut`,
    "ShareUncut",
    "widens",
    "patient",
    ofPatient((f, patient) => ({
      before: [verbs.cut(f, chain(f), f.hospital)],
      verb: verbs.uncut(f, chain(f), f.hospital),
      opposite: verbs.cut(f, chain(f), f.hospital),
      state: cutOf(f, patient),
    })),
    byProxy,
  ),
  specimen(
    `${contract}.share`,
    "ConsentShare",
    "widens",
    "provider",
    ofSharer(async (f, patient) => {
      const { wide, narrow, state } = await referral(f, patient);
      return { verb: wide, opposite: verbs.unshare(f, chain(f), f.hospital), rival: narrow, state };
    }),
  ),
  specimen(
    `${contract}.unshare`,
    "ConsentUnshare",
    "narrows",
    "provider",
    ofSharer(async (f, patient) => {
      const { wide, state } = await referral(f, patient);
      return { before: [wide], verb: verbs.unshare(f, chain(f), f.hospital), opposite: wide, state };
    }),
  ),
  specimen(
    `${contract}.requestConsent`,
    "ConsentRequest",
    "widens",
    "provider",
    ofSharer(async (f, patient) => {
      const { agreement, other } = await consentsOf(f, patient);
      const state = () => f.consents.requestedAt(patient, f.clinic.provider, 1);
      return { verb: verbs.request(agreement), rival: verbs.request(other), state };
    }),
  ),
];

import type { ContractTransactionResponse } from "ethers";
import { fromHex } from "../../../sdk/src/core/bytes.ts";
import type { PatientId, ProviderId, SeriesId } from "../../../sdk/src/core/ids.ts";
import { type DeferralReason, deferralReasons, reasonOf } from "../../../sdk/src/core/reasons.ts";
import { type Label, labelMask } from "../../../sdk/src/core/vocabulary.ts";
import { seriesIdOf } from "../../../sdk/src/envelope/index.ts";
import {
  type DecisionTimes,
  erasureDeferralData,
  seriesDecisionData,
  seriesRestrictionData,
} from "../../../sdk/src/typed-data/index.ts";
import {
  type Authorization,
  DAY,
  type Decide,
  directly,
  ethers,
  type Fixture,
  minute,
  nextSecond,
  now,
  type Signer,
} from "../fixture.ts";

export const series = ethers.id("a series") as SeriesId;
export const seriesSalt = ethers.id("salt of a series") as `0x${string}`;

/** Every verb about a series, with the name that its typed data has in the SDK. */
export const seriesVerbs = {
  restrict: "restrict",
  unrestrict: "unrestrict",
  dispute: "dispute",
  withdrawDispute: "withdraw-dispute",
  requestErasure: "request-erasure",
  cancelErasure: "cancel-erasure",
} as const;
export type SeriesVerb = keyof typeof seriesVerbs;

/** Whose series, who decides, and when: of alice, by her, in the next block, unless changed. */
export interface Circumstances extends Partial<DecisionTimes> {
  readonly signer?: Signer | undefined;
  readonly patient?: PatientId | undefined;
  readonly series?: SeriesId | undefined;
  readonly labels?: readonly Label[] | undefined;
}

export interface Withheld {
  readonly authorization: Authorization;
  submit(changes?: Partial<Authorization>, sender?: Signer): Promise<ContractTransactionResponse>;
}

export async function decideSeries(
  f: Fixture,
  decide: Decide,
  verb: SeriesVerb,
  { signer = f.alice.wallet, patient = f.alice.patient, ...rest }: Circumstances = {},
): Promise<Withheld> {
  const { series: id = series, labels = ["mental-health"], ...times } = rest;
  const { authorization, sender } = await decide(
    signer,
    f.records,
    (contract, at) => {
      const common = { patient, series: id, ...at };
      return verb === "restrict" || verb === "unrestrict"
        ? seriesRestrictionData(contract, { ...common, decision: verb, labels })
        : seriesDecisionData(contract, { ...common, decision: seriesVerbs[verb] });
    },
    times,
  );
  return {
    authorization,
    submit: (changes = {}, from = sender) => {
      const records = f.records.connect(from);
      const decided = { ...authorization, ...changes };
      return verb === "restrict" || verb === "unrestrict"
        ? records[verb](patient, id, labelMask(labels), decided)
        : records[verb](patient, id, decided);
    },
  };
}

/** A direct decision, at once. */
export const decideNow = async (f: Fixture, verb: SeriesVerb, circumstances: Circumstances = {}) =>
  (await decideSeries(f, directly, verb, circumstances)).submit();

/** The series that `author` began for `patient` under `seriesSalt`. */
export const seriesBy = (patient: PatientId, author: ProviderId | PatientId): SeriesId =>
  seriesIdOf({ patient, author, seriesSalt });

export interface DeferralCircumstances extends Partial<DecisionTimes> {
  readonly signer?: Signer;
  readonly author?: ProviderId | PatientId;
  readonly salt?: `0x${string}`;
  readonly reason?: DeferralReason;
  readonly until?: number;
}

/** By the hospital, of the series it began for alice, for ten years. */
export async function decideDeferral(
  f: Fixture,
  decide: Decide,
  { signer = f.hospital.key, author = f.hospital.provider, ...rest }: DeferralCircumstances = {},
): Promise<Withheld & { readonly until: number }> {
  const { salt = seriesSalt, reason = "retention-law", until: given, ...times } = rest;
  const { patient } = f.alice;
  const until = given ?? minute((await now()) + 3_650 * DAY);
  const id = seriesIdOf({ patient, author, seriesSalt: salt });
  const { authorization, sender } = await decide(
    signer,
    f.records,
    (contract, at) => erasureDeferralData(contract, { patient, series: id, author, reason, until, ...at }),
    times,
  );
  const reasonId = reasonOf(deferralReasons, reason).id;
  return {
    authorization,
    until,
    submit: (changes = {}, from = sender) =>
      f.records
        .connect(from)
        .deferErasure(patient, author, fromHex(salt), reasonId, until, { ...authorization, ...changes }),
  };
}

/** Makes `delegate` a proxy of alice for a year, in force when it returns: an appointment counts from its next second on. */
export async function appointProxy(f: Fixture, delegate: Signer, kind = 2): Promise<void> {
  const until = minute(await now()) + 365 * DAY;
  const { authorization } = await directly(f.alice.wallet, f.patients, () => undefined as never);
  await f.patients.connect(f.alice.wallet).appointDelegate(f.alice.patient, delegate, kind, until, authorization);
  await nextSecond();
  await ethers.provider.send("evm_mine", []);
}

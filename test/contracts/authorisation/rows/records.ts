import { fromHex } from "../../../../sdk/src/core/bytes.ts";
import { deferralReasons, reasonOf } from "../../../../sdk/src/core/reasons.ts";
import { labelMask, purposeId } from "../../../../sdk/src/core/vocabulary.ts";
import type { LogRegistry, RecordRegistry } from "../../../../sdk/src/generated/types/index.ts";
import {
  erasureDeferralData,
  recordAnchorData,
  recordRetractionData,
  seriesDecisionData,
  seriesRestrictionData,
} from "../../../../sdk/src/typed-data/index.ts";
import { direct, ethers, throughOrganisation } from "../../fixture.ts";
import { minuteAfter } from "../../identity/patients.ts";
import { record as recordId } from "../../records/records.ts";
import { type SeriesVerb, seriesSalt, seriesVerbs } from "../../records/series.ts";
import { YEAR } from "../cast.ts";
import { consent } from "../kinds/consents.ts";
import { adult, minor } from "../kinds/people.ts";
import { log, nextLogSize, record, series, seriesOf } from "../kinds/records.ts";
import { allowed, needs, only, type Rule } from "../powers.ts";
import { type Person, type Row, rowsOf, type Scene, type WrittenAct } from "../row.ts";

const labels = ["mental-health"] as const;
/** What a patient says of a series, by the verb. */
const act =
  (verb: SeriesVerb) =>
  (scene: Scene): WrittenAct<RecordRegistry> => {
    const about = { patient: scene.subject, series: seriesOf(scene) };
    if (verb === "restrict" || verb === "unrestrict") {
      return {
        build: (contract, times) => seriesRestrictionData(contract, { decision: verb, labels, ...about, ...times }),
        call: (registry, authorization) =>
          registry[verb](about.patient, about.series, labelMask(labels), authorization),
      };
    }
    return {
      build: (contract, times) => seriesDecisionData(contract, { decision: seriesVerbs[verb], ...about, ...times }),
      call: (registry, authorization) => registry[verb](about.patient, about.series, authorization),
    };
  };

const everywhere = [series, adult, minor];
const deleted = { unless: { deleted: "SeriesErased" } };
const rows = rowsOf<RecordRegistry>("records");

const byPatients = rows([
  { verb: "restrict", kinds: everywhere, expected: needs("narrow"), act: act("restrict") },
  {
    verb: "unrestrict",
    kinds: everywhere,
    expected: needs("decide", { alone: "PatientGuardiansMissing" }),
    act: act("unrestrict"),
  },
  { verb: "dispute", kinds: everywhere, expected: needs("narrow"), act: act("dispute") },
  { verb: "withdrawDispute", kinds: everywhere, expected: needs("decide"), act: act("withdrawDispute") },
  { verb: "requestErasure", kinds: everywhere, expected: needs("administer", deleted), act: act("requestErasure") },
  { verb: "cancelErasure", kinds: everywhere, expected: needs("protect", deleted), act: act("cancelErasure") },
]);

/** A path through the clinic for those who are of it. */
const viaOf = ({ clinic }: Scene, { who }: Person) =>
  ["affiliated", "suspended", "excluded"].includes(who) ? throughOrganisation(clinic.provider) : direct;

const anchor = (scene: Scene, person: Person): WrittenAct<RecordRegistry> => {
  const via = viaOf(scene, person);
  const what = { patient: scene.subject, recordId, purpose: "treatment", labels: ["laboratory"] } as const;
  return {
    build: (contract, times) => recordAnchorData(contract, { ...what, via, ...times }),
    call: (registry, authorization) =>
      registry.anchor(what.patient, recordId, labelMask(what.labels), purposeId(what.purpose), via, authorization),
  };
};

/** Why each may not write; dr Baker may, if the clinic may, and alice for herself. */
const writes =
  (ofClinic: Readonly<Record<string, string>>, again: Readonly<Record<string, string>> = {}): Rule =>
  (who, state) => {
    const refused = (denial: string) => `RecordAuthorRefused: ${denial}`;
    const own: Partial<Record<typeof who, string>> = {
      patient: again[state] ?? allowed,
      affiliated: ofClinic[state] === undefined ? (again[state] ?? allowed) : refused(ofClinic[state]),
      suspended: refused("actorNotActive"),
      excluded: refused("excluded"),
      practitioner: refused("noConsent"),
      steward: refused("noConsent"),
    };
    return own[who] ?? refused("actorUnknown");
  };

const already = { anchored: "RecordAlreadyAnchored", retracted: "RecordAlreadyAnchored" };

const byAuthors = rows([
  { verb: "anchor", kinds: [record], expected: writes({}, already), act: anchor },
  {
    verb: "anchor",
    about: "by consent",
    kinds: [consent],
    expected: writes({ untouched: "noConsent", ended: "consentRevoked" }),
    act: anchor,
  },
  {
    verb: "retract",
    about: "what dr Baker wrote",
    kinds: [record],
    expected: only("affiliated", "RecordSignerNotAuthor"),
    act: ({ drBaker }) => ({
      build: (contract, times) => recordRetractionData(contract, { recordId, author: drBaker.provider, ...times }),
      call: (registry, authorization) => registry.retract(recordId, drBaker.provider, authorization),
    }),
  },
  {
    verb: "retract",
    about: "what the suspended wrote, who may still speak for it",
    kinds: [record],
    expected: only("suspended", "RecordSignerNotAuthor"),
    act: ({ providerOf: { suspended } }) => {
      const author = suspended?.provider as NonNullable<typeof suspended>["provider"];
      return {
        build: (contract, times) => recordRetractionData(contract, { recordId, author, ...times }),
        call: (registry, authorization) => registry.retract(recordId, author, authorization),
      };
    },
  },
  {
    verb: "deferErasure",
    kinds: [series],
    expected: only("practitioner", "ErasureSignerNotAuthor", {
      unmarked: "ErasureNotRequested",
      deleted: "SeriesErased",
    }),
    act: async (scene) => {
      const until = await minuteAfter(YEAR);
      const author = scene.drChen.provider;
      const about = { patient: scene.subject, series: seriesOf(scene), author, until };
      const { id } = reasonOf(deferralReasons, "retention-law");
      return {
        build: (contract, times) => erasureDeferralData(contract, { ...about, reason: "retention-law", ...times }),
        call: (registry, authorization) =>
          registry.deferErasure(scene.subject, author, fromHex(seriesSalt), id, until, authorization),
      };
    },
  },
]);

const ofLogs = rowsOf<LogRegistry>("logs")([
  {
    verb: "anchorLog",
    kinds: [log],
    expected: (who, state) => (who === "steward" && state === "as long" ? "LogNotGrowing" : allowed),
    act: () => ({ call: (registry) => registry.anchorLog(ethers.id("next root"), nextLogSize) }),
  },
]);

export const recordRows: readonly Row[] = [...byPatients, ...byAuthors, ...ofLogs];

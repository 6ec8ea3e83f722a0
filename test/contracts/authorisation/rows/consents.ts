import type { ConsentRegistry } from "../../../../sdk/src/generated/types/index.ts";
import { agreementOf } from "../../consent/decisions.ts";
import {
  cut,
  exclude,
  grant,
  grantMany,
  grantRecord,
  mute,
  readmit,
  request,
  revoke,
  revokeMany,
  revokeRecord,
  series,
  share,
  uncut,
  unmute,
  unshare,
} from "../../consent/verbs.ts";
import { consent, requests, sharedTerms, termsFor } from "../kinds/consents.ts";
import { adult, minor } from "../kinds/people.ts";
import { needs, only, type Rule } from "../powers.ts";
import { type Row, rowsOf, type Scene } from "../row.ts";

const alone = { alone: "PatientGuardiansMissing" };
const decides = needs("decide", alone);
const everywhere = [consent, adult, minor];

/** The scene, as helpers know it that decide for alice: with the subject in her place. */
const aboutSubject = (scene: Scene): Scene => ({ ...scene, alice: { ...scene.alice, patient: scene.subject } });

const byPatients = rowsOf<ConsentRegistry>("consents")([
  {
    verb: "grant",
    kinds: everywhere,
    expected: decides,
    act: async (scene) => grant(await termsFor(aboutSubject(scene))),
  },
  {
    verb: "grantRecord",
    kinds: everywhere,
    expected: decides,
    act: async (scene) => grantRecord(await termsFor(aboutSubject(scene), { actions: ["read"] })),
  },
  {
    verb: "grantMany",
    kinds: everywhere,
    expected: decides,
    act: async (scene) => {
      const terms = await termsFor(aboutSubject(scene), { actions: ["read"] });
      return grantMany([terms, { ...terms, series }]);
    },
  },
  {
    verb: "revoke",
    kinds: everywhere,
    expected: needs("revoke"),
    act: async (scene) => revoke(await termsFor(aboutSubject(scene))),
  },
  {
    verb: "revokeRecord",
    kinds: everywhere,
    expected: needs("revoke"),
    act: async (scene) => revokeRecord(await termsFor(aboutSubject(scene))),
  },
  {
    verb: "revokeMany",
    kinds: everywhere,
    expected: needs("revoke"),
    act: async (scene) => {
      const terms = await termsFor(aboutSubject(scene));
      return revokeMany([terms, { ...terms, series }]);
    },
  },
  {
    verb: "exclude",
    kinds: everywhere,
    expected: needs("narrow"),
    act: (scene) => exclude(aboutSubject(scene), scene.colleague),
  },
  {
    verb: "readmit",
    kinds: everywhere,
    expected: decides,
    act: (scene) => readmit(aboutSubject(scene), scene.colleague),
  },
  {
    verb: "mute",
    kinds: everywhere,
    expected: needs("narrow"),
    act: (scene) => mute(aboutSubject(scene), scene.hospital),
  },
  {
    verb: "unmute",
    kinds: everywhere,
    expected: decides,
    act: (scene) => unmute(aboutSubject(scene), scene.hospital),
  },
  {
    verb: "cut",
    kinds: everywhere,
    expected: needs("revoke"),
    act: (scene) => cut(aboutSubject(scene), [scene.clinic], scene.hospital),
  },
  {
    verb: "uncut",
    kinds: everywhere,
    expected: decides,
    act: (scene) => uncut(aboutSubject(scene), [scene.clinic], scene.hospital),
  },
]);

const notProvider = "ConsentSignerNotProvider";

/** Who has a key of a provider asks in its name, all others in that of the clinic. */
const asks: Rule = (who, state) => {
  if (who === "suspended") return "ConsentRequesterNotActive";
  if (who === "excluded") return "ConsentRequestMuted";
  const asking = ["practitioner", "affiliated", "steward", "organisation"] as const;
  return only(asking, notProvider, { muted: "ConsentRequestMuted" })(who, state);
};

const byProviders = rowsOf<ConsentRegistry>("consents")([
  {
    verb: "requestConsent",
    kinds: [requests],
    others: ["organisation"],
    expected: asks,
    act: async (scene, { who }) => {
      const { provider, name } = scene.providerOf[who] ?? scene.clinic;
      return request(await agreementOf(scene, { grantee: provider, recipient: name }));
    },
  },
  {
    verb: "share",
    about: "in the name of the clinic",
    kinds: [consent],
    others: ["organisation"],
    expected: only("organisation", notProvider, {
      untouched: "ConsentShareRefused: noConsent",
      ended: "ConsentShareRefused: consentRevoked",
    }),
    act: async (scene) => share(await sharedTerms(scene), [scene.clinic], 1),
  },
  {
    verb: "unshare",
    about: "in the name of the clinic",
    kinds: [consent],
    others: ["organisation"],
    expected: only("organisation", notProvider),
    act: (scene) => unshare(scene, [scene.clinic], scene.hospital),
  },
]);

export const consentRows: readonly Row[] = [...byPatients, ...byProviders];

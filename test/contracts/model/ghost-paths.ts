import type { Action, Ghost, Label, Person, Purpose, Slot, Terms } from "./ghost.ts";
import { keeps } from "./ghost.ts";
import { consentKeyOf } from "./ghost-consents.ts";
import { personNow } from "./ghost-people.ts";
import { isActive, isAffiliate } from "./ghost-providers.ts";

/** Why somebody may not, by the names of `denials`. */
export type Denial =
  | "none"
  | "patientUnknown"
  | "actorUnknown"
  | "actorNotActive"
  | "organisationNotActive"
  | "notAffiliated"
  | "personRequired"
  | "pathUnknown"
  | "noConsent"
  | "consentRevoked"
  | "consentNotYetValid"
  | "consentExpired"
  | "labelsNotCovered"
  | "actionNotGranted"
  | "excluded"
  | "shareEnded";

/** May `actor` do that with a record of `patient`, by the path that they name? */
export interface Question {
  readonly patient: string;
  readonly actor: string;
  readonly organisation?: string;
  readonly chain: readonly string[];
  readonly bySeries?: boolean;
  readonly series?: string;
  readonly purpose: Purpose;
  readonly labels: readonly Label[];
  readonly actions: readonly Action[];
}

export interface Right extends Terms {
  readonly serial: number;
  /** Each consent on the way with its serial. */
  readonly tag: string;
}

function isExcluded(ghost: Ghost, patient: string, provider: string): boolean {
  const halves = ghost.exclusions.get(`${patient}/${provider}`);
  const byDelegates =
    halves?.delegates.on === true && keeps(ghost, "a delegate's exclusion stands beside the controller's");
  return halves?.controller.on === true || byDelegates;
}

export function judgeSharer(ghost: Ghost, patient: string, sharer: string): Denial {
  if (!isActive(ghost, sharer) && keeps(ghost, "a suspended sharer passes nothing on")) return "shareEnded";
  if (isExcluded(ghost, patient, sharer) && keeps(ghost, "an excluded sharer passes nothing on")) return "excluded";
  return "none";
}

function join(right: Right, slot: Slot, key: string): Right {
  return {
    labels: right.labels.filter((label) => slot.labels.includes(label)),
    actions: right.actions.filter((action) => slot.actions.includes(action)),
    from: Math.max(right.from, slot.from),
    until: Math.min(right.until, slot.until),
    serial: slot.serial,
    tag: `${right.tag} ${key}#${slot.serial}`,
  };
}

const everything: Right = {
  labels: ["laboratory", "medications", "mental-health"],
  actions: ["read", "write", "share"],
  from: 0,
  until: Number.POSITIVE_INFINITY,
  serial: 0,
  tag: "",
};

type Path =
  | { readonly denial: Denial; readonly right?: undefined }
  | { readonly denial: "none"; readonly right: Right };

/** What reaches the last of `holders`, the grantees of the consent and of each share on the way. */
export function pathOf(
  ghost: Ghost,
  person: Person,
  patient: string,
  holders: readonly string[],
  purpose: Purpose,
  series: string | undefined,
): Path {
  const [first = "", ...others] = holders;
  let key = consentKeyOf(ghost, { patient, grantee: first, purpose, series });
  const slot = ghost.consents.get(key);
  if (slot === undefined || slot.labels.length === 0) return { denial: "noConsent" };
  if (slot.actions.length === 0 || slot.generation !== person.generation) return { denial: "consentRevoked" };
  let right = join(everything, slot, key);
  let sharer = first;
  for (const holder of others) {
    const denial = judgeSharer(ghost, patient, sharer);
    if (denial !== "none") return { denial };
    if (!right.actions.includes("share") && keeps(ghost, "a share needs SHARE")) return { denial: "shareEnded" };
    key = `${key}>${holder}`;
    const next = ghost.shares.get(key);
    if (next === undefined || next.actions.length === 0) return { denial: "shareEnded" };
    const isOther = next.generation !== right.serial && keeps(ghost, "a share ends with the serial of its parent");
    const isCut = ghost.cuts.get(key)?.on === true && keeps(ghost, "a cut share is over");
    if (isOther || isCut) return { denial: "shareEnded" };
    right = join(right, next, key);
    sharer = holder;
  }
  return { denial: "none", right };
}

/** Whether the actor may act at all, for whom, and not against the patient's exclusion. */
function judgeActor(ghost: Ghost, { patient, actor, organisation }: Question): Denial {
  if (!ghost.providers.has(actor)) return "actorUnknown";
  if (!isActive(ghost, actor) && keeps(ghost, "a suspended actor may nothing")) return "actorNotActive";
  if (organisation !== undefined) {
    const isClosed = !isActive(ghost, organisation) && keeps(ghost, "a suspended organisation lets nobody in");
    if (isClosed) return "organisationNotActive";
    if (!isAffiliate(ghost, organisation, actor)) return "notAffiliated";
  }
  if (isExcluded(ghost, patient, actor) && keeps(ghost, "an excluded actor may nothing")) return "excluded";
  const isShut = organisation !== undefined && isExcluded(ghost, patient, organisation);
  return isShut && keeps(ghost, "an excluded organisation lets nobody in") ? "excluded" : "none";
}

function judgeExtent(ghost: Ghost, right: Right, { labels, actions }: Question): Denial {
  if (ghost.now < right.from && keeps(ghost, "a consent begins")) return "consentNotYetValid";
  if (ghost.now >= right.until && keeps(ghost, "a consent ends")) return "consentExpired";
  const covers = labels.every((label) => right.labels.includes(label));
  if (!covers && keeps(ghost, "a consent covers every label")) return "labelsNotCovered";
  const allows = actions.every((action) => right.actions.includes(action));
  return allows || !keeps(ghost, "a consent allows every action") ? "none" : "actionNotGranted";
}

export interface Answer {
  readonly denial: Denial;
  /** Empty unless permitted. */
  readonly tag: string;
}

/** What `isPermitted` and `decide` answer. */
export function decide(ghost: Ghost, question: Question): Answer {
  const no = (denial: Denial): Answer => ({ denial, tag: "" });
  const { patient, actor, organisation, chain, bySeries = false, series, purpose } = question;
  const person = personNow(ghost, patient);
  if (person === undefined) return no("patientUnknown");
  const denial = judgeActor(ghost, question);
  if (denial !== "none") return no(denial);
  if (chain.length > 3 && keeps(ghost, "a chain is three long at most")) return no("pathUnknown");
  if (bySeries && (chain.length > 0 || series === undefined)) return no("pathUnknown");
  const holders = [...chain, organisation ?? actor];
  const path = pathOf(ghost, person, patient, holders, purpose, bySeries ? series : undefined);
  if (path.right === undefined) return no(path.denial);
  const extent = judgeExtent(ghost, path.right, question);
  return extent === "none" ? { denial: "none", tag: path.right.tag } : no(extent);
}

/** What `explain` answers: `decide` with the series' restrictions, and a person where the purpose wants one; of reading alone. */
export function explain(ghost: Ghost, question: Question): Answer {
  const halves = ghost.restrictions.get(`${question.patient}/${question.series}`);
  const isKept = halves !== undefined && keeps(ghost, "a restriction adds to the labels");
  const added = isKept ? [...halves.controller.labels, ...halves.delegates.labels] : [];
  const answer = decide(ghost, { ...question, labels: [...question.labels, ...added] });
  const isPerson = question.organisation !== undefined || ghost.providers.get(question.actor)?.isPractitioner === true;
  const needsPerson = question.purpose === "treatment" && keeps(ghost, "a person asks for what persons do");
  return answer.denial === "none" && needsPerson && !isPerson ? { denial: "personRequired", tag: "" } : answer;
}

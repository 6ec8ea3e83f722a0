import { expect } from "chai";
import { at, now } from "../fixture.ts";
import { Deeds } from "./choices.ts";
import { type Deed, tell } from "./deeds.ts";
import { enact } from "./enact.ts";
import { attempt, type Ghost, type Rule, rules } from "./ghost.ts";
import { type Answers, askContracts, askGhost, callDataOf, questions } from "./questions.ts";
import type { Sequence, Step } from "./steps.ts";
import { ghostOf, loadPlay, type World } from "./world.ts";

/** What was seen, over all sequences. */
export const counts = { sequences: 0, steps: 0, accepted: 0, refused: 0, questions: 0, permitted: 0 };
export const outcomes = new Map<string, number>();
export const reasons = new Map<string, number>();
const count = (counted: Map<string, number>, name: string) => counted.set(name, (counted.get(name) ?? 0) + 1);

/** Rules whose lack no sequence has shown yet. */
export const unnoticed = new Set<Rule>(rules);

/** Where two differ, or nothing. Tags of a ghost are its own: here only whether there is one. */
function difference(contracts: Answers, ghost: Answers): string | undefined {
  for (const [index, head] of contracts.heads.entries()) {
    if (head !== ghost.heads[index]) return `head: contracts ${head}, ghost ${ghost.heads[index]}`;
  }
  for (const [index, question] of questions.entries()) {
    const answered = [contracts.answers[index]?.denial, ghost.answers[index]?.denial];
    const explained = [contracts.explained[index], ghost.explained[index]];
    for (const [said, meant] of [answered, explained]) {
      if (said !== meant) return `${JSON.stringify(question)}: contracts ${said}, ghost ${meant}`;
    }
  }
  return undefined;
}

/** One grant has one tag, and no other has it. */
class Tags {
  readonly #tags = new Map<string, string>();
  readonly #grants = new Map<string, string>();

  compare(contracts: Answers, ghost: Answers): void {
    for (const [index, { tag }] of contracts.answers.entries()) {
      const grant = ghost.answers[index]?.tag ?? "";
      if (grant === "") continue;
      expect(this.#tags.get(grant) ?? tag, `the tag of ${grant}`).to.equal(tag);
      expect(this.#grants.get(tag) ?? grant, `the grant of ${tag}`).to.equal(grant);
      this.#tags.set(grant, tag);
      this.#grants.set(tag, grant);
    }
  }
}

function countAnswers({ answers }: Answers): void {
  for (const { denial } of answers) {
    counts.questions++;
    if (denial === "none") counts.permitted++;
    count(reasons, denial);
  }
}

async function playStep(
  world: World,
  data: string,
  deeds: Deeds,
  ghost: Ghost,
  given: Step,
  tags: Tags,
  forgetful: Map<Rule, Ghost>,
) {
  const second = await at((await now()) + given.wait);
  ghost.now = second;
  const deed: Deed = deeds.deedOf(given);
  const outcome = await enact(world, deed);
  counts.steps++;
  counts[outcome === "accepted" ? "accepted" : "refused"]++;
  count(outcomes, `${deed.verb} ${outcome}`);
  const expected = attempt(ghost, second, (told) => tell(told, deed));
  expect(outcome, `${JSON.stringify(deed)} at ${second}`).to.equal(expected);
  const contracts = await askContracts(world, data);
  const answers = askGhost(ghost, contracts.time);
  expect(difference(contracts, answers), `after ${JSON.stringify(deed)} at ${second}`).to.equal(undefined);
  tags.compare(contracts, answers);
  countAnswers(contracts);
  for (const [rule, other] of forgetful) {
    const told = attempt(other, second, (it) => tell(it, deed));
    if (told === outcome && difference(contracts, askGhost(other, contracts.time)) === undefined) continue;
    unnoticed.delete(rule);
    forgetful.delete(rule);
  }
}

/** Plays on the contracts, from the beginnings; fails where a ghost that keeps every rule says something else. */
export async function playSequence({ first, steps }: Sequence): Promise<void> {
  const world = await loadPlay();
  const data = callDataOf(world);
  const ghost = await ghostOf(world);
  const forgetful = new Map<Rule, Ghost>();
  for (const rule of unnoticed) forgetful.set(rule, await ghostOf(world, rule));
  const [deeds, tags] = [new Deeds(ghost, first), new Tags()];
  counts.sequences++;
  for (const given of steps) await playStep(world, data, deeds, ghost, given, tags, forgetful);
}

/** Whether contracts that keep every rule would say something else than a ghost that lacks one: a ghost stands for them. */
function shows(base: Ghost, lacking: Ghost, { first, steps }: Sequence): boolean {
  const [ghost, other] = [structuredClone(base), structuredClone(lacking)];
  const deeds = new Deeds(ghost, first);
  for (const { wait, ...rest } of steps) {
    const second = ghost.now + wait;
    ghost.now = second;
    const deed = deeds.deedOf({ wait, ...rest });
    const [said, meant] = [ghost, other].map((it) => attempt(it, second, (told) => tell(told, deed)));
    if (said !== meant) return true;
    if (difference(askGhost(ghost, second), askGhost(other, second)) !== undefined) return true;
  }
  return false;
}

/** The first of these sequences that shows the lack of a rule. */
export async function findShowing(rule: Rule, sequences: Iterable<Sequence>): Promise<Sequence | undefined> {
  const world = await loadPlay();
  const [base, lacking] = [await ghostOf(world), await ghostOf(world, rule)];
  for (const some of sequences) if (shows(base, lacking, some)) return some;
  return undefined;
}

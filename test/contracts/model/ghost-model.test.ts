import { expect } from "chai";
import fc from "fast-check";
import { properties } from "../../support/properties.ts";
import { at, now } from "../fixture.ts";
import { type Deed, tell } from "./deeds.ts";
import { enact } from "./enact.ts";
import { attempt, type Ghost, type Rule, rules } from "./ghost.ts";
import { type Answers, askContracts, askGhost, callDataOf, questions } from "./questions.ts";
import { Deeds, type Step, step } from "./steps.ts";
import { ghostOf, loadPlay, type World } from "./world.ts";

/** What was seen, over all sequences. */
const counts = { sequences: 0, steps: 0, accepted: 0, refused: 0, questions: 0, permitted: 0 };
const outcomes = new Map<string, number>();
const reasons = new Map<string, number>();
const count = (counted: Map<string, number>, name: string) => counted.set(name, (counted.get(name) ?? 0) + 1);

/** Rules whose lack no sequence has shown yet. */
const unnoticed = new Set<Rule>(rules);

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

interface Sequence {
  /** What the trustees want first. */
  readonly first: number;
  readonly steps: readonly Step[];
}

async function playSequence({ first, steps }: Sequence): Promise<void> {
  const world = await loadPlay();
  const data = callDataOf(world);
  const ghost = await ghostOf(world);
  const forgetful = new Map<Rule, Ghost>();
  for (const rule of unnoticed) forgetful.set(rule, await ghostOf(world, rule));
  const [deeds, tags] = [new Deeds(ghost, first), new Tags()];
  counts.sequences++;
  for (const given of steps) await playStep(world, data, deeds, ghost, given, tags, forgetful);
}

const sequence: fc.Arbitrary<Sequence> = fc.record({
  first: fc.nat(6),
  steps: fc.array(step, { minLength: 40, maxLength: 45, size: "max" }),
});

describe("Consents against a model of the protocol", function () {
  this.timeout(0);

  it("answer the same after every step of random sequences of all verbs", async () => {
    await fc.assert(fc.asyncProperty(sequence, playSequence), {
      ...properties(14, 20),
      // A sequence cut short says less than where it went wrong.
      endOnFailure: true,
    });
    console.log("UNN", [...unnoticed], process.cpuUsage());
    expect(counts.permitted / counts.questions).to.be.within(0.1, 0.9);
    expect(counts.accepted / counts.steps).to.be.within(0.3, 0.9);
  });

  it("are told apart, by these sequences and at most as many again, from a model that lacks any one rule", async () => {
    const { seed, numRuns } = properties(15, 20);
    for (const more of fc.sample(sequence, { seed, numRuns })) {
      if (unnoticed.size === 0) break;
      await playSequence(more);
    }
    expect([...unnoticed]).to.deep.equal([]);
  });

  after(() => {
    console.log(counts, Object.fromEntries([...reasons].sort()), Object.fromEntries([...outcomes].sort()));
  });
});

import { actionMask, labelMask, purposeId } from "../../../sdk/src/core/vocabulary.ts";
import { denials, ethers } from "../fixture.ts";
import { flags } from "../identity/patients.ts";
import { seriesOf } from "./enact.ts";
import type { Ghost } from "./ghost.ts";
import { type Answer, type Denial, decide, explain, type Question } from "./ghost-paths.ts";
import { personNow } from "./ghost-people.ts";
import { idOf, type World } from "./world.ts";

type Path = Pick<Question, "actor" | "organisation" | "chain" | "bySeries">;

const ways: readonly Path[] = [
  { actor: "clinic", chain: [] },
  { actor: "drBaker", organisation: "clinic", chain: [] },
  { actor: "drChen", chain: [] },
  { actor: "hospital", chain: [] },
  { actor: "drChen", organisation: "hospital", chain: [] },
  { actor: "drBaker", chain: [] },
  { actor: "laboratory", chain: [] },
  { actor: "hospital", chain: ["clinic"] },
  { actor: "drChen", organisation: "hospital", chain: ["clinic"] },
  { actor: "drChen", chain: ["clinic"] },
  { actor: "laboratory", chain: ["clinic", "hospital"] },
  { actor: "drChen", chain: ["clinic", "hospital"] },
  { actor: "drChen", chain: ["clinic", "hospital", "laboratory"] },
];

const asked = { patient: "alice", purpose: "treatment", labels: ["laboratory"], actions: ["read"] } as const;
const some = (places: readonly number[]): readonly Path[] => places.map((place) => ways[place] as Path);
const labels = ["laboratory", "medications"] as const;

/** `explain` is asked, too. */
type Asked = Question & { readonly isExplained?: boolean };

/** The same at every step: each way for a little and for much, and what no way allows. */
export const questions: readonly Asked[] = [
  ...ways.flatMap((way, place): Asked[] => [
    { ...asked, ...way, series: "series", isExplained: [0, 1, 2, 8].includes(place) },
    { ...asked, ...way, labels, actions: ["read", "write"] },
  ]),
  ...some([0, 3]).map((way): Asked => ({ ...asked, ...way, purpose: "research", isExplained: way.actor === "clinic" })),
  ...some([0, 2]).flatMap((way): Asked[] => [
    { ...asked, ...way, bySeries: true, series: "series" },
    { ...asked, ...way, bySeries: true, series: "other", labels },
    { ...asked, ...way, labels: ["mental-health"], actions: ["share"] },
  ]),
  ...some([0, 1, 7]).map((way): Asked => ({ ...asked, ...way, patient: "cleo" })),
  { ...asked, actor: "drChen", chain: ["clinic", "hospital", "laboratory", "clinic"] },
  { ...asked, actor: "clinic", chain: [], bySeries: true },
  { ...asked, actor: "hospital", chain: ["clinic"], bySeries: true, series: "series" },
  { ...asked, actor: "stranger", chain: [] },
  { ...asked, actor: "clinic", organisation: "clinic", chain: [] },
];

/** What is known of a patient's head, and the answers to all questions, in one block. */
export interface Answers {
  readonly time: number;
  readonly heads: readonly string[];
  readonly answers: readonly Answer[];
  /** Why not, in the words of `explain`, where it was asked. */
  readonly explained: readonly (Denial | undefined)[];
}

const patients = ["alice", "cleo"] as const;
const names = Object.fromEntries(Object.entries(denials).map(([name, number]) => [Number(number), name as Denial]));

export function callDataOf(world: World): string {
  const given = questions.map((question) => ({
    patient: world.patients[question.patient],
    actor: idOf(world, question.actor),
    via: {
      organisation: idOf(world, question.organisation),
      chain: question.chain.map((name) => idOf(world, name)),
      bySeries: question.bySeries ?? false,
    },
    purpose: purposeId(question.purpose),
    labels: labelMask(question.labels),
    series: question.series === undefined ? ethers.ZeroHash : seriesOf(question.series),
    action: actionMask(question.actions),
    isExplained: question.isExplained ?? false,
  }));
  const people = patients.map((name) => world.patients[name]);
  return world.questions.interface.encodeFunctionData("ask", [people, given]);
}

/** Asks the contracts. */
export async function askContracts({ questions: asker, wallets }: World, data: string): Promise<Answers> {
  const answer = await ethers.provider.call({ to: await asker.getAddress(), data, gasLimit: 28_000_000 });
  const [time, heads, given] = asker.interface.decodeFunctionResult("ask", answer);
  const owners = new Map(Object.entries(wallets).map(([name, { address }]) => [address, name]));
  const nameOf = (number: bigint) => names[Number(number)] as Denial;
  return {
    time: Number(time),
    heads: heads.map((head: HeadOutput) => headWords(head, owners)),
    answers: questions.map((_, index) => {
      const [permitted, tag, denial] = given[index];
      return { denial: permitted ? "none" : nameOf(denial), tag: tag === ethers.ZeroHash ? "" : tag };
    }),
    explained: questions.map(({ isExplained }, index) => (isExplained ? nameOf(given[index][3]) : undefined)),
  };
}

type HeadOutput = readonly [controller: string, floor: bigint, generation: bigint, flags: bigint];

function headWords([controller, floor, generation, set]: HeadOutput, owners: ReadonlyMap<string, string>): string {
  const has = (flag: keyof typeof flags) => (set & flags[flag]) !== 0n;
  if (controller === ethers.ZeroAddress) return "unknown";
  return wordsOf(owners.get(controller) ?? controller, Number(floor), Number(generation), {
    isFrozen: has("frozen"),
    isOptedOut: has("optedOut"),
    isDeceased: has("deceased"),
  });
}

const wordsOf = (controller: string, floor: number, generation: number, states: Readonly<Record<string, boolean>>) =>
  JSON.stringify({ controller, floor, generation, ...states });

/** What a ghost answers. */
export function askGhost(ghost: Ghost, time: number): Answers {
  ghost.now = time;
  const heads = patients.map((name) => {
    const person = personNow(ghost, name);
    if (person === undefined) return "unknown";
    const { controller, floor, generation, isFrozen, isOptedOut, isDeceased } = person;
    return wordsOf(controller, floor, generation, { isFrozen, isOptedOut, isDeceased });
  });
  return {
    time,
    heads,
    answers: questions.map((question) => decide(ghost, question)),
    explained: questions.map((question) => (question.isExplained ? explain(ghost, question).denial : undefined)),
  };
}

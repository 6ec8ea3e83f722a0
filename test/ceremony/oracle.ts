import { decode } from "@ipld/dag-cbor";
import { expect } from "chai";
import { fromHex, toHex } from "../../sdk/src/core/bytes.ts";
import { verifyingShareOf } from "../../sdk/src/crypto/index.ts";
import type { Committee } from "../../sdk/src/stewards/index.ts";
import { opens, type sealed, type Told, type Wire } from "./ceremony-world.ts";
import type { SimulatedSteward } from "./simulated-steward.ts";

/**
 * What must hold once everybody is awake: the published shares lie where they should, those of epochs that are over lie
 * nowhere, and what was sealed opens.
 */
export async function requireRight(
  committee: Committee,
  everybody: readonly SimulatedSteward[],
  record: Awaited<ReturnType<typeof sealed>>,
  openers: readonly SimulatedSteward[],
): Promise<void> {
  const { keyId, epoch } = committee;
  for (const { folder, provider, name } of everybody) {
    const member = committee.members.find((each) => each.provider === provider);
    expect(await folder.shares(), name).to.deep.equal(member ? [{ keyId, epoch }] : []);
    if (member === undefined) continue;
    expect(toHex(verifyingShareOf(await folder.loadShare(committee))), name).to.equal(member.verifyingShare);
  }
  expect(await opens(record, committee, openers)).to.equal(true);
}

/** Commitments that stand in more than one attempt, of all that were told. */
export function reused(told: readonly Told[]): { readonly reused: number; readonly attempts: number } {
  const attemptOf = new Map<string, string>();
  let count = 0;
  for (const { by, plan, attempt, commitment } of told) {
    for (const element of commitment) {
      const where = `${by}/${plan}/${attempt}`;
      if ((attemptOf.get(element) ?? where) !== where) count++;
      attemptOf.set(element, where);
    }
  }
  return { reused: count, attempts: new Set(attemptOf.values()).size };
}

interface PlainState {
  readonly attempt?: {
    readonly seed: Uint8Array | null;
    readonly result: { readonly share: Uint8Array } | null;
  } | null;
}

/** Shares, and the seeds of polynomials, as they stood in some process's memory. */
function secretsOf({ plain }: SimulatedSteward): Uint8Array[] {
  return plain.flatMap((value) => {
    if (value.length === 32) return [value];
    const { attempt } = decode<PlainState>(value);
    return [attempt?.seed, attempt?.result?.share].filter((each) => each instanceof Uint8Array);
  });
}

const forms = (secret: Uint8Array): readonly Buffer[] => {
  const bytes = Buffer.from(secret);
  return [bytes, Buffer.from(bytes).reverse(), Buffer.from(bytes.toString("hex"))];
};

/** Looks for every secret of every steward in all that was sent and in all that was written. */
export function leaks(stewards: readonly SimulatedSteward[], wires: readonly Wire[], committee: Committee) {
  const secrets = new Map(stewards.flatMap(secretsOf).map((secret) => [toHex(secret), secret]));
  const outside = Buffer.concat([
    ...wires.flatMap(({ passed }) => passed),
    ...stewards.flatMap(({ written }) => written),
  ]);
  const inside = Buffer.concat(stewards.flatMap(({ plain }) => plain));
  const found = [...secrets.values()].filter((secret) => forms(secret).some((form) => outside.includes(form)));
  // The counter-cases: what is public is found there, and what is secret is found where it was.
  const [first] = committee.members;
  expect(outside.includes(Buffer.from(fromHex((first as Committee["members"][number]).verifyingShare)))).to.equal(true);
  expect([...secrets.values()].every((secret) => inside.includes(Buffer.from(secret)))).to.equal(true);
  return { found: found.length, secrets: secrets.size, bytes: outside.length };
}

import { expect } from "chai";
import { errorNameOf } from "../errors.ts";
import {
  type Authorization,
  at,
  type Fixture,
  networkHelpers,
  now,
  type Signer,
  sign,
  signingContract,
} from "../fixture.ts";
import type { Prepared, Signable, Specimen } from "./specimen.ts";

/** An attack that worked: what a test of attacks fails with. */
export class AttackLanded extends Error {}

/** One decision that may be made, and who makes it. */
export interface Scene {
  readonly f: Fixture;
  readonly specimen: Specimen;
  readonly prepared: Prepared;
  readonly signer: Signer;
  /** Who has nothing to decide. */
  readonly stranger: Signer;
}

/** Decided at `signedAt`, for an hour. */
export async function decided(
  { prepared, signer }: Scene,
  signedAt: number,
  what: Signable = prepared,
  hand: Signer = signer,
): Promise<Authorization> {
  const times = { signedAt, deadline: signedAt + 6 * 86_400 };
  const signature = await sign(hand, what.build(await signingContract(prepared.contract), times));
  return { signer: hand.address, ...times, signature };
}

/** As the relayer, or whoever alone may, carries it. */
export const carry = ({ f, prepared }: Scene, authorization: Authorization, what: Signable = prepared) =>
  what.call(prepared.caller ?? f.relayer, authorization);

/** The name of the error that refuses a call, or nothing if it is not refused. */
export async function refusalOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return errorNameOf(error) ?? (error as Error).message;
  }
}

/** A refusal that comes of the test's clock, not of the attack. */
const mistimed = /^Authorization(NotYetValid|Expired|DeadlineTooFar)$/;

/** Fails unless the call is refused, by one of these errors if any are given, and changes nothing. */
export async function isRefused(
  { prepared }: Scene,
  call: () => Promise<unknown>,
  what: string,
  errors: readonly string[] = [],
): Promise<void> {
  const before = await prepared.state();
  const refusal = await refusalOf(call());
  if (refusal === undefined) throw new AttackLanded(what);
  if (errors.length > 0) expect(errors, what).to.include(refusal);
  else expect(refusal, what).to.not.match(mistimed);
  expect(await prepared.state(), what).to.deep.equal(before);
}

/** Fails unless the call is refused, or changes and tells nothing: what an exact repeat may do. */
export async function isIdle({ prepared }: Scene, call: () => Promise<unknown>, what: string): Promise<void> {
  const before = await prepared.state();
  expect((await refusalOf(call())) ?? "", what).to.not.match(mistimed);
  const after = await prepared.state();
  if (JSON.stringify(after, bigints) !== JSON.stringify(before, bigints)) throw new AttackLanded(what);
}

/** The counter-case: the honest decision changes what it is for. */
export async function takesEffect({ prepared }: Scene, call: () => Promise<unknown>): Promise<void> {
  const before = await prepared.state();
  await call();
  expect(await prepared.state()).to.not.deep.equal(before);
}

export const bigints = (_key: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);

/** Lets time pass, with a block. */
export const passes = (seconds = 1): Promise<number> => networkHelpers.time.increase(seconds);

/** The next block's second, later than everything so far. */
export const later = async (seconds = 1): Promise<number> => at((await now()) + seconds);

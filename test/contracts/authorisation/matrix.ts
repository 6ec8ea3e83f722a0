import { contractNames } from "../errors.ts";
import { networkHelpers, now } from "../fixture.ts";
import { others, type Role, roles, type Who } from "../roles.ts";
import { type Call, outcomeOf } from "./calls.ts";
import { type Cast, cast } from "./cast.ts";
import type { Outcome } from "./powers.ts";
import { calling, type Kind, type Row, type Scene } from "./row.ts";
import { accessRows } from "./rows/access.ts";
import { consentRows } from "./rows/consents.ts";
import { patientRows } from "./rows/patients.ts";
import { providerRows } from "./rows/providers.ts";
import { recordRows } from "./rows/records.ts";
import { rootRows } from "./rows/root.ts";

/** Every way of calling every function that may change something. */
export const rows: readonly Row[] = [
  ...patientRows,
  ...providerRows,
  ...consentRows,
  ...recordRows,
  ...accessRows,
  ...rootRows,
];

export const kinds: readonly Kind[] = [...new Set(rows.flatMap((row) => row.kinds))];

export const titleOf = ({ place, verb, about }: Row): string =>
  `${contractNames[place]}.${verb}${about === undefined ? "" : `, ${about}`}`;

/** Prepares one state after the other, each from the bare cast. */
export async function stage(): Promise<(kind: Kind, state: string) => Promise<Scene>> {
  const bare: Cast = await networkHelpers.loadFixture(cast);
  let snapshot = await networkHelpers.takeSnapshot();
  return async (kind, state) => {
    await snapshot.restore();
    snapshot = await networkHelpers.takeSnapshot();
    const changes = (await kind.states[state]?.(bare)) ?? {};
    // So that everything prepared lies before the second of the calls.
    await networkHelpers.time.increase(1);
    return { ...bare, subject: bare.alice.patient, ...changes, state, now: await now() };
  };
}

/** The fourteen, and whom the row names beside them. */
export const askedFor = (row: Row): readonly Who[] => [...roles, ...others.filter((who) => row.others.includes(who))];
export const isRole = (who: Who): who is Role => (roles as readonly Who[]).includes(who);

export interface Cell {
  readonly who: Who;
  readonly expected: Outcome;
  readonly answered: Outcome;
}

/** What the contract answers each of them. Nothing is changed: every call is answered on the state as it was prepared. */
export async function cellsOf(row: Row, scene: Scene): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const who of askedFor(row)) {
    const signer = scene.people[who];
    const { call } = await row.act(scene, { who, signer });
    const answered = await outcomeOf(scene, row.place, named(row, call(calling(scene, signer))), signer.address);
    cells.push({ who, expected: row.expected(who, scene.state), answered });
  }
  return cells;
}

/** The cells in which the contract does not do as the table says. */
export const differencesOf = (cells: readonly Cell[]): readonly string[] =>
  cells
    .filter(({ expected, answered }) => answered !== expected)
    .map(({ who, expected, answered }) => `${who}: ${answered} instead of ${expected}`);

/** The call, if it is one of the row's function. */
export function named({ verb }: Row, call: Call): Call {
  if (call.name !== verb) throw new Error(`the row of ${verb} calls ${call.name}`);
  return call;
}

import { Interface } from "ethers";
import { roles as offices } from "../../../node/src/deploy/roles.ts";
import { labelMask, purposeId } from "../../../sdk/src/core/vocabulary.ts";
import { groupKey, keyIdOf } from "../access/committees.ts";
import { ethers, throughOrganisation } from "../fixture.ts";
import { record } from "../records/records.ts";
import { roles } from "../roles.ts";
import { type Answer, ask } from "./calls.ts";
import type { AbiFunction, AbiInput } from "./coverage.ts";
import { seriesOf, sessionId } from "./kinds/records.ts";
import type { Scene } from "./row.ts";

/** What every view is asked about, by what it takes: alice, dr Baker through the clinic, and what was decided about them. */
const valuesOf = (scene: Scene): Readonly<Record<string, unknown>> => ({
  PatientId: scene.subject,
  ProviderId: scene.drBaker.provider,
  "ProviderId organisation": scene.clinic.provider,
  "ProviderId grantee": scene.clinic.provider,
  AuthorId: scene.drBaker.provider,
  RecordId: record,
  SeriesId: seriesOf(scene),
  SessionId: scene.emergency ?? sessionId,
  KeyId: keyIdOf(groupKey),
  LogOwner: scene.drBaker.provider,
  Labels: labelMask(["laboratory"]),
  Purpose: purposeId("treatment"),
  Actions: 1,
  "struct Via": throughOrganisation(scene.clinic.provider),
  "struct IPatientRecovery.Proposal": [0, ethers.ZeroAddress, ethers.ZeroHash, 1, 0],
  "enum IPatientChanges.Change": 0,
  "enum IEmergencyAccess.EmergencyReason": 1,
  address: scene.people.proxy.address,
  bool: false,
  bytes: "0x12345678",
  bytes4: "0x12345678",
  bytes32: ethers.id("anything"),
  uint32: 1,
  uint40: scene.now,
  uint64: offices.registrar.id,
});

function argumentOf({ internalType, name }: AbiInput, values: Readonly<Record<string, unknown>>): unknown {
  if (internalType.endsWith("[]")) {
    const chain = internalType === "ProviderId[]" ? "ProviderId organisation" : internalType.slice(0, -2);
    return [values[chain]];
  }
  const value = values[`${internalType} ${name}`] ?? values[internalType];
  if (value === undefined) throw new Error(`no ${internalType} to ask about`);
  return value;
}

const same = (one: Answer, other: Answer): boolean => JSON.stringify(one) === JSON.stringify(other);

export interface Reading {
  /** What everybody is answered, if all are answered the same. */
  readonly answer: Answer;
  /** Who is answered otherwise than a stranger. */
  readonly otherwise: readonly string[];
  readonly asked: number;
}

/** Asks a view at `to` in everybody's name. */
export async function readAs(scene: Scene, to: string, view: AbiFunction): Promise<Reading> {
  const values = valuesOf(scene);
  const data = new Interface([{ type: "function", outputs: [], ...view }]).encodeFunctionData(
    view.name,
    view.inputs.map((input) => argumentOf(input, values)),
  );
  const answer = await ask(scene.people.stranger.address, to, data);
  const otherwise: string[] = [];
  for (const role of roles) {
    if (!same(await ask(scene.people[role].address, to, data), answer)) otherwise.push(role);
  }
  return { answer, otherwise, asked: roles.length };
}

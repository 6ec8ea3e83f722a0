import type { ContractTransactionResponse } from "ethers";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import { type EmergencyReason, emergencyReasons, reasonOf } from "../../../sdk/src/core/reasons.ts";
import type { Address } from "../../../sdk/src/core/types.ts";
import { type Label, labelMask } from "../../../sdk/src/core/vocabulary.ts";
import { type DecisionTimes, emergencyCoSignatureData } from "../../../sdk/src/typed-data/index.ts";
import {
  type Authorization,
  at,
  bySignature,
  EMERGENCY_DELAY,
  ethers,
  type Fixture,
  load,
  minute,
  now,
  type Provider,
  type Signer,
} from "../fixture.ts";

/** Gives the privilege, announced a day ahead. */
export async function qualify(f: Fixture, ...practitioners: readonly Provider[]): Promise<void> {
  const calls = practitioners.map(({ provider }) =>
    f.providers.interface.encodeFunctionData("grantEmergency", [provider]),
  );
  const manager = f.manager.connect(f.officer);
  for (const call of calls) await manager.schedule(f.providers, call, 0);
  await at((await now()) + EMERGENCY_DELAY + 1);
  await ethers.provider.send("evm_mine", []);
  for (const { provider } of practitioners) await f.providers.connect(f.officer).grantEmergency(provider);
}

/** Both doctors may break the glass. */
export async function withDoctors(): Promise<Fixture> {
  const f = await load();
  await qualify(f, f.drBaker, f.drChen);
  return f;
}

/** What is asked, and who asks and vouches: Dr Baker and Dr Chen, for an hour from this minute. */
export interface Case extends Partial<DecisionTimes> {
  readonly actor?: Provider;
  readonly colleague?: Provider;
  /** Who signs in the colleague's place. */
  readonly coSigner?: Signer;
  readonly patient?: PatientId;
  readonly labels?: readonly Label[];
  readonly reason?: EmergencyReason;
  readonly from?: number;
  readonly until?: number;
  readonly sessionKeyHash?: Address;
}

export interface Vouched {
  readonly authorization: Authorization;
  readonly request: {
    readonly patient: PatientId;
    readonly labels: bigint;
    readonly reason: number;
    readonly sessionKeyHash: Address;
    readonly from: number;
    readonly until: number;
  };
  readonly sessionId: string;
  submit(
    changes?: Partial<Vouched["request"]>,
    authorization?: Partial<Authorization>,
    sender?: Signer,
  ): Promise<ContractTransactionResponse>;
}

let keys = 0;

/** Signed by the colleague, and not yet sent by the one who asks. */
export async function vouch(f: Fixture, given: Case = {}): Promise<Vouched> {
  const { actor = f.drBaker, colleague = f.drChen, patient = f.alice.patient, ...rest } = given;
  const { labels = ["laboratory", "hiv"], reason = "life-at-risk", coSigner = colleague.key } = rest;
  const from = rest.from ?? minute(await now());
  const until = rest.until ?? from + 3_600;
  const sessionKeyHash = rest.sessionKeyHash ?? (ethers.id(`session keys ${keys++}`) as Address);
  const asked = {
    patient,
    actor: actor.provider,
    coSigner: colleague.provider,
    labels,
    reason,
    from,
    until,
    sessionKeyHash,
  };
  const times = {
    ...(rest.signedAt === undefined ? {} : { signedAt: rest.signedAt }),
    ...(rest.deadline === undefined ? {} : { deadline: rest.deadline }),
  };
  const { authorization } = await bySignature(
    coSigner,
    f.gate,
    (contract, at) => emergencyCoSignatureData(contract, { ...asked, colleague: actor.name, ...at }),
    times,
  );
  const reasonId = reasonOf(emergencyReasons, reason).id;
  const request = { patient, labels: labelMask(labels), reason: reasonId, sessionKeyHash, from, until };
  return {
    authorization,
    request,
    sessionId: await f.gate.sessionIdOf(patient, actor.provider, sessionKeyHash, until),
    submit: (changes = {}, signed = {}, sender = actor.key) =>
      f.gate.connect(sender).openEmergencySession({ ...request, ...changes }, { ...authorization, ...signed }),
  };
}

/** Opens, and gives the session's id. */
export async function breakGlass(f: Fixture, given: Case = {}): Promise<string> {
  const { submit, sessionId } = await vouch(f, given);
  await submit();
  return sessionId;
}

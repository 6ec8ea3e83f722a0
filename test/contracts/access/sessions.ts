import type { BigNumberish } from "ethers";
import { type Label, labelMask, type Purpose, purposeId } from "../../../sdk/src/core/vocabulary.ts";
import { agreementOf, decideGrant } from "../consent/decisions.ts";
import { type Agreement, directly, ethers, type Fixture, nobody, now, type Provider, type Signer } from "../fixture.ts";

export const sessionKeyHash = ethers.id("session keys");
/** `READ`, as an action. */
export const READ = 1;
/** `WRITE`, as an action. */
export const WRITE = 2;

/** What is asked of the gate, in words. */
export interface Question {
  readonly actor: Provider;
  readonly through?: Provider;
  readonly purpose: Purpose;
  readonly labels: readonly Label[];
}

/** Dr Baker asks through the clinic for alice's laboratory, for treatment. */
export const questionOf = ({ drBaker, clinic }: Fixture, changes: Partial<Question> = {}): Question => ({
  actor: drBaker,
  through: clinic,
  purpose: "treatment",
  labels: ["laboratory"],
  ...changes,
});

/** Without an organisation: for oneself. */
export const alone = ({ labels, purpose }: Question, actor: Provider): Question => ({ actor, purpose, labels });

export const viaOf = ({ through }: Question) => ({
  organisation: through?.provider ?? nobody,
  chain: [] as string[],
  bySeries: false,
});

export interface Request {
  readonly patient: string;
  readonly actor: string;
  readonly via: { readonly organisation: string; readonly chain: string[]; readonly bySeries: boolean };
  readonly purpose: BigNumberish;
  readonly labels: BigNumberish;
  readonly series: string;
  readonly sessionKeyHash: string;
  readonly expiresAt: BigNumberish;
}

/** A request of an hour. */
export async function requestOf(f: Fixture, question: Question, changes: Partial<Request> = {}): Promise<Request> {
  return {
    patient: f.alice.patient,
    actor: question.actor.provider,
    via: viaOf(question),
    purpose: purposeId(question.purpose),
    labels: labelMask(question.labels),
    series: ethers.ZeroHash,
    sessionKeyHash,
    expiresAt: (await now()) + 3_600,
    ...changes,
  };
}

/** Alice consents: to the clinic, unless changed. */
export async function consent(f: Fixture, changes: Partial<Agreement> = {}): Promise<Agreement> {
  const agreement = await agreementOf(f, changes);
  await (await decideGrant(f, directly, agreement)).submit();
  return agreement;
}

export const open = (f: Fixture, caller: Signer, request: Request) => f.gate.connect(caller).openSession(request);

/** The arguments of AccessDenied for a request. */
export const denialOf = (request: Request, actor: string, denial: bigint) => [
  request.patient,
  actor,
  denial,
  request.via.organisation,
  request.purpose,
  request.labels,
  request.series,
];

import { AbiCoder, keccak256 } from "ethers";
import type { Hex } from "../core/bytes.ts";
import { noId, type PatientId, type SeriesId } from "../core/ids.ts";
import type { Address } from "../core/types.ts";
import { type DecisionTimes, type SigningContract, type TypedData, typedData } from "./types.ts";

/** What trustees decide together, as `PatientRegistry` numbers it and as their wallets show it. */
const verbs = [
  ["freeze", "freeze this health record"],
  ["unfreeze", "end the freeze of this health record"],
  ["recover", "give this health record to a new wallet"],
  ["cancel-recovery", "stop giving it to a new wallet"],
  ["cancel-controller", "stop the change of wallet"],
  ["cancel-owner-key", "stop the change of owner key"],
  ["cancel-trustees", "stop the change of trustees"],
  ["cancel-erasure", "keep a record that was to be deleted"],
] as const;

export type TrusteeVerb = (typeof verbs)[number][0];

export const trusteeVerbs: readonly { readonly code: number; readonly verb: TrusteeVerb; readonly words: string }[] =
  /* @__PURE__ */ verbs.map(([verb, words], code) => ({ code, verb, words }));

const verbOf = (name: TrusteeVerb) => {
  const code = verbs.findIndex(([verb]) => verb === name);
  return { code, words: verbs[code]?.[1] ?? "" };
};

/** What a proposal does, with its arguments. */
export type TrusteeProposal =
  | { readonly verb: "recover"; readonly controller: Address; readonly ownerKeyHash: Hex }
  | { readonly verb: "cancel-erasure"; readonly series: SeriesId }
  | { readonly verb: Exclude<TrusteeVerb, "recover" | "cancel-erasure"> };

/** A proposal in the contract's terms: approvals of another set of trustees, or another round, count nowhere. */
export interface ProposalTerms {
  readonly verb: number;
  readonly controller: Address;
  readonly subject: Hex;
  readonly version: number;
  readonly round: number;
}

const nobody: Address = `0x${"00".repeat(20)}`;

export function proposalTerms(
  proposal: TrusteeProposal,
  { version, round }: { readonly version: number; readonly round: number },
): ProposalTerms {
  const { code } = verbOf(proposal.verb);
  const none = { verb: code, controller: nobody, subject: noId as Hex, version, round };
  if (proposal.verb === "recover") {
    return { ...none, controller: proposal.controller, subject: proposal.ownerKeyHash };
  }
  return proposal.verb === "cancel-erasure" ? { ...none, subject: proposal.series } : none;
}

/** What a proposal is called on the chain: `keccak256(abi.encode(patient, proposal))`. */
export function proposalHash(patient: PatientId, { verb, controller, subject, version, round }: ProposalTerms): Hex {
  const types = ["bytes32", "tuple(uint8,address,bytes32,uint32,uint32)"];
  const values = [patient, [verb, controller, subject, version, round]];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values)) as Hex;
}

export interface TrusteesChangeParameters extends DecisionTimes {
  readonly patient: PatientId;
  readonly trustees: readonly Address[];
  /** How many of them decide. */
  readonly threshold: number;
}

/** Signed for `PatientRegistry.announceTrustees`. */
export function trusteesChangeData(
  contract: SigningContract,
  { patient, trustees, threshold, signedAt, deadline }: TrusteesChangeParameters,
): TypedData<"TrusteesChange"> {
  return typedData("TrusteesChange", contract, {
    action: "choose who may give my record back to me",
    needed: `${threshold} of ${trustees.length}`,
    trustees,
    patient,
    signedAt,
    deadline,
  });
}

export interface TrusteeApprovalParameters extends DecisionTimes {
  readonly patient: PatientId;
  readonly proposal: ProposalTerms;
}

/** Signed by a trustee for `PatientRegistry.approve`. */
export function trusteeApprovalData(
  contract: SigningContract,
  { patient, proposal, signedAt, deadline }: TrusteeApprovalParameters,
): TypedData<"TrusteeApproval"> {
  const { verb, controller, subject, version, round } = proposal;
  const action = verbs[verb]?.[1] ?? "";
  return typedData("TrusteeApproval", contract, {
    ...{ action, controller, patient, subject, version, round },
    ...{ signedAt, deadline },
  });
}

/** Signed for `PatientRegistry.vetoRecovery`. */
export function recoveryVetoData(
  contract: SigningContract,
  { patient, signedAt, deadline }: DecisionTimes & { readonly patient: PatientId },
): TypedData<"RecoveryVeto"> {
  const action = "keep my wallet: I have not lost it";
  return typedData("RecoveryVeto", contract, { action, patient, signedAt, deadline });
}

import type { ContractTransaction } from "ethers";
import type { SignableData } from "../../chain/index.ts";
import type { Hex } from "../../core/bytes.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Address, SignedAuthorization } from "../../core/types.ts";
import {
  type AppointedKind,
  changeCancellationData,
  controllerChangeData,
  type DecisionTimes,
  deathObjectionData,
  delegateAppointmentData,
  delegateDismissalData,
  emergencyOptInData,
  emergencyOptOutData,
  everythingRevocationData,
  guardianRetentionData,
  guardianshipAcceptanceData,
  keyHeaderChangeData,
  majorityClaimData,
  ownerKeyChangeData,
  type PatientChange,
  type ProposalTerms,
  patientChanges,
  recoveryVetoData,
  type SigningContract,
  trusteeApprovalData,
  trusteesChangeData,
} from "../../typed-data/index.ts";
import type { Client } from "../client.ts";

/** What is decided about who holds a health record and who acts for it. Plain JSON; times are Unix seconds. */
export type PatientDecision =
  | { readonly kind: "revoke-all" }
  | { readonly kind: "change-controller"; readonly controller: Address }
  | { readonly kind: "rotate-owner-key"; readonly ownerKeyHash: Hex }
  | { readonly kind: "cancel-change"; readonly change: PatientChange }
  | { readonly kind: "set-key-header"; readonly headerHash: Hex; readonly version: number }
  | { readonly kind: "opt-out-of-emergency" }
  | { readonly kind: "opt-in-to-emergency" }
  | {
      readonly kind: "appoint-delegate";
      readonly delegate: Address;
      readonly as: AppointedKind;
      readonly until: number;
    }
  | { readonly kind: "dismiss-delegate"; readonly delegate: Address }
  | { readonly kind: "object-to-death" }
  | { readonly kind: "claim-at-majority"; readonly ownerKeyHash: Hex }
  | { readonly kind: "accept-guardianship"; readonly lost: Address }
  | { readonly kind: "keep-guardian"; readonly lost: Address }
  | { readonly kind: "set-trustees"; readonly trustees: readonly Address[]; readonly threshold: number }
  | { readonly kind: "approve-proposal"; readonly proposal: ProposalTerms }
  | { readonly kind: "veto-recovery" };

const restrictive: ReadonlySet<PatientDecision["kind"]> = new Set([
  "revoke-all",
  "cancel-change",
  "opt-out-of-emergency",
  "dismiss-delegate",
  "object-to-death",
  "keep-guardian",
  "veto-recovery",
]);

/** Narrows access, or keeps things as they are: may be called without times, and stops for nobody. */
export const isRestrictive = ({ kind }: PatientDecision): boolean => restrictive.has(kind);

const kinds = { proxy: 2, executor: 3 } as const;

/** What the wallet shows. @throws INPUT_INVALID_TIME */
export function dataOfDecision(
  patient: PatientId,
  decision: PatientDecision,
  contract: SigningContract,
  times: DecisionTimes,
): SignableData {
  const about = { patient, ...times };
  switch (decision.kind) {
    case "revoke-all":
      return everythingRevocationData(contract, about);
    case "change-controller":
      return controllerChangeData(contract, { ...about, controller: decision.controller });
    case "rotate-owner-key":
      return ownerKeyChangeData(contract, { ...about, ownerKeyHash: decision.ownerKeyHash });
    case "cancel-change":
      return changeCancellationData(contract, { ...about, change: decision.change });
    case "set-key-header":
      return keyHeaderChangeData(contract, { ...about, headerHash: decision.headerHash, version: decision.version });
    case "opt-out-of-emergency":
      return emergencyOptOutData(contract, about);
    case "opt-in-to-emergency":
      return emergencyOptInData(contract, about);
    case "appoint-delegate": {
      const { delegate, until } = decision;
      return delegateAppointmentData(contract, { ...about, kind: decision.as, delegate, until });
    }
    case "dismiss-delegate":
      return delegateDismissalData(contract, { ...about, delegate: decision.delegate });
    case "object-to-death":
      return deathObjectionData(contract, about);
    case "claim-at-majority":
      return majorityClaimData(contract, { ...about, ownerKeyHash: decision.ownerKeyHash });
    case "accept-guardianship":
      return guardianshipAcceptanceData(contract, { ...about, lost: decision.lost });
    case "keep-guardian":
      return guardianRetentionData(contract, { ...about, lost: decision.lost });
    case "set-trustees":
      return trusteesChangeData(contract, {
        ...about,
        trustees: decision.trustees,
        threshold: decision.threshold,
      });
    case "approve-proposal":
      return trusteeApprovalData(contract, { ...about, proposal: decision.proposal });
    case "veto-recovery":
      return recoveryVetoData(contract, about);
  }
}

/** The call that carries a decision, whoever sends it. */
export function callOfDecision(
  { contracts: { patientRegistry } }: Client,
  patient: PatientId,
  decision: PatientDecision,
  authorization: SignedAuthorization,
): Promise<ContractTransaction> {
  switch (decision.kind) {
    case "revoke-all":
      return patientRegistry.revokeAll.populateTransaction(patient, authorization);
    case "change-controller":
      return patientRegistry.announceController.populateTransaction(patient, decision.controller, authorization);
    case "rotate-owner-key":
      return patientRegistry.announceOwnerKey.populateTransaction(patient, decision.ownerKeyHash, authorization);
    case "cancel-change": {
      const change = patientChanges.indexOf(decision.change);
      return patientRegistry.cancelChange.populateTransaction(patient, change, authorization);
    }
    case "set-key-header": {
      const { headerHash, version } = decision;
      return patientRegistry.setKeyHeader.populateTransaction(patient, headerHash, version, authorization);
    }
    case "opt-out-of-emergency":
      return patientRegistry.optOutOfEmergency.populateTransaction(patient, authorization);
    case "opt-in-to-emergency":
      return patientRegistry.optInToEmergency.populateTransaction(patient, authorization);
    case "appoint-delegate": {
      const { delegate, until } = decision;
      const { appointDelegate } = patientRegistry;
      return appointDelegate.populateTransaction(patient, delegate, kinds[decision.as], until, authorization);
    }
    case "dismiss-delegate":
      return patientRegistry.dismissDelegate.populateTransaction(patient, decision.delegate, authorization);
    case "object-to-death":
      return patientRegistry.objectToDeath.populateTransaction(patient, authorization);
    case "claim-at-majority":
      return patientRegistry.claimAtMajority.populateTransaction(patient, decision.ownerKeyHash, authorization);
    case "accept-guardianship":
      return patientRegistry.replaceGuardian.populateTransaction(patient, decision.lost, authorization);
    case "keep-guardian":
      return patientRegistry.keepGuardian.populateTransaction(patient, decision.lost, authorization);
    case "set-trustees": {
      const { trustees, threshold } = decision;
      return patientRegistry.announceTrustees.populateTransaction(patient, [...trustees], threshold, authorization);
    }
    case "approve-proposal":
      return patientRegistry.approve.populateTransaction(patient, decision.proposal, authorization);
    case "veto-recovery":
      return patientRegistry.vetoRecovery.populateTransaction(patient, authorization);
  }
}

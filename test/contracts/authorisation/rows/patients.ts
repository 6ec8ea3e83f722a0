import type { PatientId } from "../../../../sdk/src/core/ids.ts";
import type { PatientRegistry } from "../../../../sdk/src/generated/types/index.ts";
import { patientRegistrationData } from "../../../../sdk/src/typed-data/index.ts";
import {
  announceController,
  announceOwnerKey,
  announceTrustees,
  appoint,
  approve,
  cancelChange,
  claimAtMajority,
  dismiss,
  keepGuardian,
  keyHash,
  minuteAfter,
  objectToDeath,
  optIn,
  optOut,
  registerMinor,
  revokeAll,
  setKeyHeader,
  setOf,
  vetoRecovery,
} from "../../identity/patients.ts";
import { YEAR } from "../cast.ts";
import {
  accepting,
  adult,
  guardianship,
  minor,
  otherGuardian,
  ownSalt,
  recovered,
  recovery,
  registration,
} from "../kinds/people.ts";
import { anyone, needs, only, type Rule } from "../powers.ts";
import { type Row, rowsOf, timesOf } from "../row.ts";

const people = [adult, minor];
const key = keyHash("of the matrix");

/** What cannot be undone waits for the end of a recovery. */
const settledOnly = { unless: { recovering: "PatientRecoveryPending" } };
const officer = (unless: Readonly<Record<string, string>> = {}): Rule =>
  only("recoveryOfficer", "AccessManagedUnauthorized", unless);
const taken = { "taken by an adult": "PatientAlreadyRegistered", "taken by a minor": "PatientAlreadyRegistered" };

/** PatientRegistry: what is decided about a patient's wallet, keys and people. */
export const patientRows: readonly Row[] = rowsOf<PatientRegistry>("patients")([
  {
    verb: "register",
    kinds: [registration],
    expected: anyone(taken),
    act: async ({ patients }, { signer }) => {
      const patient = (await patients.patientIdOf(signer.address, ownSalt)) as PatientId;
      return {
        build: (contract, times) => patientRegistrationData(contract, { patient, ownerKeyHash: key, ...times }),
        call: (registry, authorization) => registry.register(ownSalt, key, authorization),
      };
    },
  },
  {
    verb: "registerMinor",
    kinds: [registration],
    expected: anyone(taken),
    act: async ({ patients }, { signer }) => {
      const patient = (await patients.patientIdOf(signer.address, ownSalt)) as PatientId;
      const majorityAt = await minuteAfter(YEAR);
      const terms = { salt: ownSalt, ownerKeyHash: key, majorityAt, guardians: [signer], together: false };
      return registerMinor(patient, terms);
    },
  },
  {
    verb: "revokeAll",
    kinds: people,
    expected: needs("revoke"),
    act: ({ subject }) => revokeAll(subject),
  },
  {
    verb: "announceController",
    kinds: people,
    expected: needs("control", settledOnly),
    act: ({ subject, people: { newcomer } }) => announceController(subject, newcomer),
  },
  {
    verb: "announceOwnerKey",
    kinds: people,
    expected: needs("administer", settledOnly),
    act: ({ subject }) => announceOwnerKey(subject, key),
  },
  {
    verb: "announceTrustees",
    kinds: people,
    expected: needs("control", settledOnly),
    act: ({ subject, trustees }) => announceTrustees(subject, trustees, 3),
  },
  {
    verb: "appointDelegate",
    kinds: people,
    expected: needs("control", settledOnly),
    act: async ({ subject, people: { newcomer } }) => appoint(subject, newcomer, "proxy", await minuteAfter(YEAR)),
  },
  {
    verb: "dismissDelegate",
    about: "somebody who is none",
    kinds: people,
    expected: needs("keep"),
    act: ({ subject, people: { newcomer } }) => dismiss(subject, newcomer),
  },
  {
    verb: "dismissDelegate",
    about: "the proxy, who may go by themselves",
    kinds: [adult],
    expected: (who, state) => (who === "proxy" ? "allowed" : needs("keep")(who, state)),
    act: ({ subject, people: { proxy } }) => dismiss(subject, proxy),
  },
  {
    verb: "cancelChange",
    about: "of the controller",
    kinds: people,
    expected: needs("keep"),
    act: ({ subject }) => cancelChange(subject, "controller"),
  },
  {
    verb: "cancelChange",
    about: "of the trustees",
    kinds: people,
    expected: needs("keep"),
    act: ({ subject }) => cancelChange(subject, "trustees"),
  },
  {
    verb: "cancelChange",
    about: "of the owner key",
    kinds: people,
    expected: needs("protect"),
    act: ({ subject }) => cancelChange(subject, "owner-key"),
  },
  {
    verb: "setKeyHeader",
    kinds: people,
    expected: needs("administer"),
    act: ({ subject }) => setKeyHeader(subject, key, 1),
  },
  {
    verb: "optOutOfEmergency",
    kinds: people,
    expected: needs("protect"),
    act: ({ subject }) => optOut(subject),
  },
  {
    verb: "optInToEmergency",
    kinds: people,
    expected: needs("administer"),
    act: ({ subject }) => optIn(subject),
  },
  {
    verb: "objectToDeath",
    kinds: people,
    expected: needs("keep"),
    act: ({ subject }) => objectToDeath(subject),
  },
  {
    verb: "vetoRecovery",
    kinds: [recovery],
    expected: needs("keep", { unless: { none: "PatientRecoveryMissing", awaiting: "PatientRecoveryNotVetoable" } }),
    act: ({ subject }) => vetoRecovery(subject),
  },
  {
    verb: "vetoRecovery",
    kinds: [minor],
    expected: needs("keep"),
    act: ({ subject }) => vetoRecovery(subject),
  },
  {
    verb: "approve",
    kinds: people,
    // A minor has none.
    expected: (who, state) => (who === "trustee" && state in adult.states ? "allowed" : "PatientTrusteeUnknown"),
    act: async (scene) => approve(scene.subject, { verb: "freeze" }, await setOf(scene as never, scene.subject)),
  },
  {
    verb: "endorseRecovery",
    kinds: [recovery],
    others: ["recoveryOfficer"],
    expected: officer({ none: "PatientRecoveryMissing", pending: "PatientRecoveryMissing" }),
    act: ({ subject }) => ({
      call: (patients) => patients.endorseRecovery(subject, recovered.controller, recovered.ownerKeyHash),
    }),
  },
  {
    verb: "attestDeath",
    kinds: [adult],
    others: ["recoveryOfficer"],
    expected: officer(),
    act: ({ subject }) => ({ call: (patients) => patients.attestDeath(subject) }),
  },
  {
    verb: "attestMajority",
    kinds: [minor],
    others: ["recoveryOfficer"],
    expected: officer({ minor: "PatientNotOfAge", together: "PatientNotOfAge" }),
    act: ({ subject, people: { newcomer } }) => ({
      call: (patients) => patients.attestMajority(subject, newcomer.address),
    }),
  },
  {
    verb: "claimAtMajority",
    kinds: [minor],
    others: ["newcomer"],
    expected: (who, state) =>
      state === "of age" ? only("newcomer", "PatientMajorityNotAttested")(who, state) : "PatientNotOfAge",
    act: ({ subject }) => claimAtMajority(subject, key),
  },
  {
    verb: "replaceGuardian",
    about: "who acts now",
    kinds: [minor],
    others: ["recoveryOfficer"],
    expected: officer({ "of age": "PatientDelegateInvalid" }),
    act: async (scene) => {
      const { subject, people } = scene;
      const acceptance = await accepting(scene, subject, people.guardian, timesOf(scene));
      return { call: (patients) => patients.replaceGuardian(subject, people.guardian.address, acceptance) };
    },
  },
  {
    verb: "replaceGuardian",
    about: "who may be leaving already",
    kinds: [guardianship],
    others: ["recoveryOfficer"],
    // What waits, another announcement takes the place of.
    expected: officer({ left: "PatientDelegateInvalid" }),
    act: async (scene) => {
      const { subject } = scene;
      const acceptance = await accepting(scene, subject, otherGuardian, timesOf(scene));
      return { call: (patients) => patients.replaceGuardian(subject, otherGuardian.address, acceptance) };
    },
  },
  {
    verb: "keepGuardian",
    kinds: [guardianship],
    others: ["recoveryOfficer"],
    expected: needs("protect", {
      unless: { staying: "PatientGuardianChangeMissing", left: "PatientGuardianChangeMissing" },
    }),
    act: ({ subject }) => keepGuardian(subject, otherGuardian),
  },
  {
    verb: "setAuthority",
    kinds: [adult],
    others: ["manager"],
    expected: only("manager", "AccessManagedUnauthorized"),
    act: async ({ manager }) => {
      const authority = await manager.getAddress();
      return { call: (patients) => patients.setAuthority(authority) };
    },
  },
]);

import { type ArgumentType, buildModule } from "@nomicfoundation/ignition-core";
import { linkedLibraries } from "./libraries.ts";
import { adminRole, type RoleName, roles, selectorsOf } from "./roles.ts";

const roleNames = Object.keys(roles) as RoleName[];

/**
 * All contracts, wired: every restricted function belongs to one role, and every role has a holder. The deployer stays admin until `handoverModule`.
 */
export const anamnesisModule = buildModule("Anamnesis", (m) => {
  const linked = (name: keyof typeof linkedLibraries) => ({
    libraries: Object.fromEntries(linkedLibraries[name].map((library) => [library, m.library(library)])),
  });
  const lifetime = m.getParameter("authorizationLifetime");

  const accessManager = m.contract("AccessManager", [m.getParameter("deployer")]);
  const signatureValidator = m.contract("SignatureValidator");
  const patientRegistry = m.contract(
    "PatientRegistry",
    [accessManager, lifetime, m.getParameter("patientDelay"), m.getParameter("patientWindow"), signatureValidator],
    linked("PatientRegistry"),
  );
  const providerRegistry = m.contract("ProviderRegistry", [
    accessManager,
    lifetime,
    m.getParameter("keyDelay"),
    signatureValidator,
  ]);
  const consentRegistry = m.contract(
    "ConsentRegistry",
    [patientRegistry, providerRegistry, lifetime, m.getParameter("consentDuration"), signatureValidator],
    linked("ConsentRegistry"),
  );
  const recordRegistry = m.contract("RecordRegistry", [
    patientRegistry,
    providerRegistry,
    consentRegistry,
    m.getParameter("patientDelay"),
    lifetime,
    signatureValidator,
  ]);
  const accessGate = m.contract("AccessGate", [
    accessManager,
    { patients: patientRegistry, providers: providerRegistry, consents: consentRegistry, records: recordRegistry },
    {
      sessionLifetime: m.getParameter("sessionLifetime"),
      emergencyLifetime: m.getParameter("emergencyLifetime"),
      denialsPerDay: m.getParameter("denialsPerDay"),
    },
    lifetime,
    signatureValidator,
  ]);
  const stewardCommittee = m.contract("StewardCommittee", [
    accessManager,
    providerRegistry,
    m.getParameter("newKeyDelay"),
  ]);
  const logRegistry = m.contract("LogRegistry", [providerRegistry]);

  const targets = { accessGate, patientRegistry, providerRegistry, stewardCommittee };
  const manage = (id: string, verb: string, args: ArgumentType[]) =>
    m.encodeFunctionCall(accessManager, verb, args, { id });
  const wiring = roleNames.flatMap((name) => {
    const role = roles[name];
    const delay = name === "emergencyOfficer" ? m.getParameter("emergencyDelay") : 0;
    return [
      manage(`label_${name}`, "labelRole", [role.id, role.label]),
      manage(`assign_${name}`, "setTargetFunctionRole", [targets[role.contract], selectorsOf(role), role.id]),
      manage(`appoint_${name}`, "grantRole", [role.id, m.getParameter(name), delay]),
    ];
  });
  // One transaction: at no block do some offices stand and others not.
  m.call(accessManager, "multicall", [wiring], { id: "wire" });
  return {
    accessManager,
    patientRegistry,
    providerRegistry,
    consentRegistry,
    recordRegistry,
    accessGate,
    stewardCommittee,
    logRegistry,
    signatureValidator,
  };
});

/** Makes somebody else the admin; the deployer keeps no power. */
export const handoverModule = buildModule("Handover", (m) => {
  const contracts = m.useModule(anamnesisModule);
  const appointed = m.call(contracts.accessManager, "grantRole", [adminRole, m.getParameter("admin"), 0], {
    id: "appoint_admin",
    after: [anamnesisModule],
  });
  m.call(contracts.accessManager, "renounceRole", [adminRole, m.getParameter("deployer")], {
    id: "renounce_admin",
    after: [appointed],
  });
  return contracts;
});

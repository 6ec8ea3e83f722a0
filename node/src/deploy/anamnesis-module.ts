import { buildModule } from "@nomicfoundation/ignition-core";
import { adminRole, type RoleName, roles, selectorsOf } from "./roles.ts";

const roleNames = Object.keys(roles) as RoleName[];

/**
 * All contracts, wired: every restricted function belongs to one role, and every role has a holder. The deployer stays admin until `handoverModule`.
 */
export const anamnesisModule = buildModule("Anamnesis", (m) => {
  const lifetime = m.getParameter("authorizationLifetime");

  const accessManager = m.contract("AccessManager", [m.getParameter("deployer")]);
  const patientRegistry = m.contract("PatientRegistry", [lifetime]);
  const providerRegistry = m.contract("ProviderRegistry", [accessManager, lifetime]);
  const consentRegistry = m.contract("ConsentRegistry", [
    patientRegistry,
    providerRegistry,
    lifetime,
    m.getParameter("consentDuration"),
  ]);
  const recordRegistry = m.contract("RecordRegistry", [patientRegistry, providerRegistry, consentRegistry, lifetime]);
  const accessGate = m.contract("AccessGate", [
    providerRegistry,
    consentRegistry,
    m.getParameter("sessionLifetime"),
    m.getParameter("denialsPerDay"),
  ]);
  const stewardCommittee = m.contract("StewardCommittee", [
    accessManager,
    providerRegistry,
    m.getParameter("newKeyDelay"),
  ]);

  const targets = { providerRegistry, stewardCommittee };
  for (const name of roleNames) {
    const role = roles[name];
    const delay = name === "emergencyOfficer" ? m.getParameter("emergencyDelay") : 0;
    m.call(accessManager, "labelRole", [role.id, role.label], { id: `label_${name}` });
    m.call(accessManager, "setTargetFunctionRole", [targets[role.contract], selectorsOf(role), role.id], {
      id: `assign_${name}`,
    });
    m.call(accessManager, "grantRole", [role.id, m.getParameter(name), delay], { id: `appoint_${name}` });
  }
  return {
    accessManager,
    patientRegistry,
    providerRegistry,
    consentRegistry,
    recordRegistry,
    accessGate,
    stewardCommittee,
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

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Address, ContractAddresses, Deployment } from "@anamnesis/sdk";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import { systemIdOf } from "@anamnesis/sdk/internal";
import {
  type DeploymentResult,
  DeploymentResultType,
  deploy,
  type EIP1193Provider,
  type ModuleParameters,
} from "@nomicfoundation/ignition-core";
import { getAddress } from "ethers";
import { anamnesisModule, handoverModule } from "./anamnesis-module.ts";
import { artifactsBelow } from "./artifacts.ts";
import { type DeploymentParameters, defaultLimits, type Limits } from "./parameters.ts";
import { type RoleName, roles } from "./roles.ts";

/** Who holds which role; with the deployment, so that everybody can compare it with the AccessManager. */
export interface DeploymentWithRoles extends Deployment {
  readonly roles: Readonly<
    Record<RoleName | "admin", { readonly id: number; readonly holder: Address; readonly delay: number }>
  >;
}

// From the sources, Hardhat's output at the root of the checkout; from the package, the copy that was packed.
const compiled = resolve(
  fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "../../../artifacts" : "../../artifacts", import.meta.url)),
);

/**
 * Deploys and wires every contract with Hardhat Ignition, through any EIP-1193 provider whose node or wallet holds the deployer's key:
 * a Hardhat connection's `provider`, or `{ request: ({ method, params }) => rpc.send(method, params) }` of an ethers provider. Needs
 * the compiled contracts, not Hardhat itself. @throws DEPLOYMENT_FAILED
 */
export async function deployAnamnesis(
  provider: EIP1193Provider,
  parameters: DeploymentParameters,
): Promise<DeploymentWithRoles> {
  const accounts = ((await provider.request({ method: "eth_accounts" })) as string[]).map((text) => getAddress(text));
  const deployer = getAddress(parameters.deployer ?? accounts[0] ?? "") as Address;
  const limits = Object.fromEntries(
    Object.entries(defaultLimits).map(([name, value]) => [name, parameters[name as keyof Limits] ?? value]),
  ) as unknown as Limits;
  const holders = Object.fromEntries(
    ["admin", ...Object.keys(roles)].map((name) => [name, getAddress(parameters[name as RoleName] ?? deployer)]),
  ) as Record<RoleName | "admin", Address>;
  const chainId = Number(await provider.request({ method: "eth_chainId" }));
  const block = await firstBlock(provider, parameters.journal);

  const { admin, ...officers } = holders;
  const isHandedOver = admin !== deployer;
  const moduleParameters: ModuleParameters = { deployer, ...officers, ...limits };
  const result = await deploy({
    provider,
    accounts,
    defaultSender: deployer,
    artifactResolver: artifactsBelow(parameters.artifacts ?? compiled),
    ignitionModule: isHandedOver ? handoverModule : anamnesisModule,
    deploymentParameters: { Anamnesis: moduleParameters, Handover: { admin, deployer } },
    ...(parameters.journal === undefined ? {} : { deploymentDir: parameters.journal }),
    config: { blockPollingInterval: 50, requiredConfirmations: confirmations(parameters), retryInterval: 100 },
  });
  const contracts = addressesOf(result);
  return {
    version: 1,
    description: { chainId, ...parameters.network },
    contracts,
    block,
    system: systemIdOf(chainId, contracts.patientRegistry),
    ...(parameters.commit === undefined ? {} : { commit: parameters.commit }),
    arguments: argumentsOf(contracts, addressOf(result, "SignatureValidator"), deployer, limits),
    roles: {
      admin: { id: 0, holder: admin, delay: 0 },
      registrar: { id: Number(roles.registrar.id), holder: holders.registrar, delay: 0 },
      emergencyOfficer: {
        id: Number(roles.emergencyOfficer.id),
        holder: holders.emergencyOfficer,
        delay: limits.emergencyDelay,
      },
      privacyOfficer: { id: Number(roles.privacyOfficer.id), holder: holders.privacyOfficer, delay: 0 },
      recoveryOfficer: { id: Number(roles.recoveryOfficer.id), holder: holders.recoveryOfficer, delay: 0 },
      committeeAdmin: { id: Number(roles.committeeAdmin.id), holder: holders.committeeAdmin, delay: 0 },
    },
  };
}

const confirmations = ({ network: { finality } }: DeploymentParameters): number =>
  finality.kind === "depth" ? Math.max(1, finality.blocks) : 1;

/** An interrupted deployment began earlier than its last run. */
async function firstBlock(provider: EIP1193Provider, journal: string | undefined): Promise<number> {
  const next = Number(await provider.request({ method: "eth_blockNumber" })) + 1;
  if (journal === undefined) return next;
  const file = join(journal, "first-block.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as number;
  mkdirSync(journal, { recursive: true });
  writeFileSync(file, JSON.stringify(next));
  return next;
}

function addressOf(result: DeploymentResult, name: string): Address {
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) {
    throw new AnamnesisError("DEPLOYMENT_FAILED", { outcome: result.type }, { cause: result });
  }
  const contract = result.contracts[`Anamnesis#${name}`];
  if (contract === undefined) throw new AnamnesisError("DEPLOYMENT_FAILED", { contract: name });
  return getAddress(contract.address) as Address;
}

function addressesOf(result: DeploymentResult): ContractAddresses {
  return {
    accessManager: addressOf(result, "AccessManager"),
    patientRegistry: addressOf(result, "PatientRegistry"),
    providerRegistry: addressOf(result, "ProviderRegistry"),
    consentRegistry: addressOf(result, "ConsentRegistry"),
    recordRegistry: addressOf(result, "RecordRegistry"),
    accessGate: addressOf(result, "AccessGate"),
    stewardCommittee: addressOf(result, "StewardCommittee"),
    logRegistry: addressOf(result, "LogRegistry"),
  };
}

/** As the module passes them. */
function argumentsOf(contracts: ContractAddresses, validator: Address, deployer: Address, limits: Limits) {
  const { accessManager, patientRegistry, providerRegistry, consentRegistry, recordRegistry } = contracts;
  const {
    authorizationLifetime,
    consentDuration,
    patientDelay,
    patientWindow,
    keyDelay,
    sessionLifetime,
    emergencyLifetime,
    denialsPerDay,
    newKeyDelay,
  } = limits;
  return {
    accessManager: [deployer],
    patientRegistry: [accessManager, authorizationLifetime, patientDelay, patientWindow, validator],
    providerRegistry: [accessManager, authorizationLifetime, keyDelay, validator],
    consentRegistry: [patientRegistry, providerRegistry, authorizationLifetime, consentDuration, validator],
    recordRegistry: [
      patientRegistry,
      providerRegistry,
      consentRegistry,
      patientDelay,
      authorizationLifetime,
      validator,
    ],
    accessGate: [
      accessManager,
      [patientRegistry, providerRegistry, consentRegistry, recordRegistry],
      [sessionLifetime, emergencyLifetime, denialsPerDay],
      authorizationLifetime,
      validator,
    ],
    stewardCommittee: [accessManager, providerRegistry, newKeyDelay],
    logRegistry: [providerRegistry],
  };
}

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { artifacts, network } from "hardhat";
import {
  adminRole,
  type DeploymentParameters,
  type DeploymentWithRoles,
  defaultLimits,
  deployAnamnesis,
  deployedContracts,
  roles,
  writeDeployment,
} from "../../../node/src/deploy/index.ts";
import type { Address, ContractName } from "../../../sdk/src/core/types.ts";

const names: Readonly<Record<ContractName, string>> = {
  accessManager: "AccessManager",
  patientRegistry: "PatientRegistry",
  providerRegistry: "ProviderRegistry",
  consentRegistry: "ConsentRegistry",
  recordRegistry: "RecordRegistry",
  accessGate: "AccessGate",
  stewardCommittee: "StewardCommittee",
  logRegistry: "LogRegistry",
};
const description = { name: "test", nodes: [], finality: { kind: "instant" }, blockTime: 1_000 } as const;

describe("deployAnamnesis", () => {
  let connection: Awaited<ReturnType<typeof network.create>>;
  let accounts: readonly Address[];
  let journal: string;

  beforeEach(async () => {
    connection = await network.create();
    accounts = (await connection.ethers.getSigners()).map(({ address }) => address as Address);
    journal = mkdtempSync(join(tmpdir(), "anamnesis-deploy-"));
  });
  afterEach(async () => {
    await connection.close();
    rmSync(journal, { recursive: true });
  });

  const deploy = (parameters: Partial<DeploymentParameters> = {}) =>
    deployAnamnesis(connection.provider, { network: description, ...parameters });
  const contractAt = (deployment: DeploymentWithRoles, name: ContractName) =>
    connection.ethers.getContractAt(names[name], deployment.contracts[name]);

  /** Other people for every office; the deployer is account 0. */
  const officers = () => {
    const [, admin, registrar, emergencyOfficer, privacyOfficer, recoveryOfficer, committeeAdmin] = accounts as [
      ...Address[],
    ] & { readonly [place in 1 | 2 | 3 | 4 | 5 | 6]: Address };
    return { admin, registrar, emergencyOfficer, privacyOfficer, recoveryOfficer, committeeAdmin };
  };

  it("puts the compiled contracts at the addresses it tells", async () => {
    const deployment = await deploy();
    for (const [name, artifact] of Object.entries(names)) {
      const code = await connection.ethers.provider.getCode(deployment.contracts[name as ContractName]);
      const { deployedBytecode } = await artifacts.readArtifact(artifact);
      // Immutables are zero in the artifact: the length and the code around them are the same.
      expect(code.length, name).to.equal(deployedBytecode.length);
    }
    expect(deployment.block).to.equal(1);
    expect(deployment.version).to.equal(1);
    expect(deployment.description).to.deep.equal({ chainId: 31_337, ...description });
  });

  it("names the system after its chain and its first PatientRegistry", async () => {
    const { system, contracts } = await deploy();
    const { ethers } = connection;
    const hashed = ethers.solidityPackedSha256(
      ["string", "uint256", "address"],
      ["anamnesis/system/v1", 31_337, contracts.patientRegistry],
    );
    expect(system).to.equal(hashed);
  });

  it("passes every constructor argument to its place", async () => {
    const limits = {
      authorizationLifetime: 1_001,
      consentDuration: 1_002,
      sessionLifetime: 1_003,
      denialsPerDay: 1_004,
      newKeyDelay: 1_005,
      patientDelay: 1_006,
      emergencyLifetime: 1_007,
    };
    for (const [given, expected] of [
      [{}, defaultLimits],
      [limits, limits],
    ] as const) {
      const deployment = await deploy(given);
      const { contracts } = deployment;
      const views: readonly (readonly [ContractName, string, string | number])[] = [
        ["patientRegistry", "authorizationLifetime", expected.authorizationLifetime],
        ["providerRegistry", "authorizationLifetime", expected.authorizationLifetime],
        ["providerRegistry", "authority", contracts.accessManager],
        ["consentRegistry", "authorizationLifetime", expected.authorizationLifetime],
        ["consentRegistry", "maxDuration", expected.consentDuration],
        ["consentRegistry", "patientRegistry", contracts.patientRegistry],
        ["consentRegistry", "providerRegistry", contracts.providerRegistry],
        ["recordRegistry", "authorizationLifetime", expected.authorizationLifetime],
        ["recordRegistry", "patientRegistry", contracts.patientRegistry],
        ["recordRegistry", "providerRegistry", contracts.providerRegistry],
        ["recordRegistry", "consentRegistry", contracts.consentRegistry],
        ["recordRegistry", "erasureDelay", expected.patientDelay],
        ["accessGate", "providerRegistry", contracts.providerRegistry],
        ["accessGate", "consentRegistry", contracts.consentRegistry],
        ["accessGate", "sessionLifetime", expected.sessionLifetime],
        ["accessGate", "denialsPerDay", expected.denialsPerDay],
        ["accessGate", "emergencyLifetime", expected.emergencyLifetime],
        ["accessGate", "authorizationLifetime", expected.authorizationLifetime],
        ["accessGate", "patientRegistry", contracts.patientRegistry],
        ["accessGate", "authority", contracts.accessManager],
        ["stewardCommittee", "authority", contracts.accessManager],
        ["stewardCommittee", "providerRegistry", contracts.providerRegistry],
        ["stewardCommittee", "newKeyDelay", expected.newKeyDelay],
        ["logRegistry", "providerRegistry", contracts.providerRegistry],
      ];
      for (const [name, view, value] of views) {
        const contract = await contractAt(deployment, name);
        expect(await contract.getFunction(view)(), `${name}.${view}`).to.equal(value);
      }
    }
  });

  it("tells the constructor arguments that it passed", async () => {
    const deployment = await deploy();
    const { ethers } = connection;
    const creations = new Map<string, string>();
    for (let block = deployment.block; block <= (await ethers.provider.getBlockNumber()); block++) {
      for (const hash of (await ethers.provider.getBlock(block))?.transactions ?? []) {
        const receipt = await ethers.provider.getTransactionReceipt(hash);
        const transaction = await ethers.provider.getTransaction(hash);
        if (receipt?.contractAddress) creations.set(receipt.contractAddress, transaction?.data ?? "");
      }
    }
    for (const [name, artifact] of Object.entries(names)) {
      const { abi, bytecode, linkReferences } = await artifacts.readArtifact(artifact);
      const told = deployment.arguments?.[name] ?? [];
      const encoded = new ethers.Interface(abi as never[]).encodeDeploy(told as unknown[]);
      const created = creations.get(deployment.contracts[name as ContractName]) ?? "";
      // A library's address stands where the artifact has a placeholder of the same length.
      let linked = bytecode;
      for (const { start, length } of Object.values(linkReferences).flatMap((file) => Object.values(file).flat())) {
        const [from, to] = [2 + 2 * start, 2 + 2 * (start + length)];
        linked = linked.slice(0, from) + created.slice(from, to) + linked.slice(to);
      }
      expect(created, name).to.equal(linked + encoded.slice(2));
    }
    expect(creations.size).to.equal(deployedContracts.length);
  });

  it("gives every office to its holder, the emergency officer's with a day's delay", async () => {
    const holders = officers();
    const deployment = await deploy(holders);
    const manager = await contractAt(deployment, "accessManager");
    const expected = [
      [adminRole, holders.admin, 0],
      [roles.registrar.id, holders.registrar, 0],
      [roles.emergencyOfficer.id, holders.emergencyOfficer, 86_400],
      [roles.privacyOfficer.id, holders.privacyOfficer, 0],
      [roles.recoveryOfficer.id, holders.recoveryOfficer, 0],
      [roles.committeeAdmin.id, holders.committeeAdmin, 0],
    ] as const;
    for (const [role, holder, delay] of expected) {
      for (const account of accounts) {
        const [isMember, executionDelay] = await manager.getFunction("hasRole")(role, account);
        expect(isMember, `${role} of ${account}`).to.equal(account === holder);
        if (isMember) expect(executionDelay).to.equal(delay);
      }
    }
    expect(Object.values(deployment.roles).map(({ id, holder, delay }) => [BigInt(id), holder, delay])).to.deep.equal(
      expected,
    );
  });

  it("leaves a deployer who hands over without any power", async () => {
    const deployment = await deploy(officers());
    const manager = await contractAt(deployment, "accessManager");
    const [deployer] = accounts as [Address];
    for (const role of [adminRole, ...Object.values(roles).map(({ id }) => id)]) {
      expect((await manager.getFunction("hasRole")(role, deployer))[0], `role ${role}`).to.equal(false);
    }
    const { ethers } = connection;
    const granted = await manager.queryFilter(manager.filters["RoleGranted"]!());
    const revoked = await manager.queryFilter(manager.filters["RoleRevoked"]!());
    expect(granted).to.have.length(7);
    expect(revoked).to.have.length(1);
    expect(ethers.getAddress(deployer)).to.equal(deployer);
  });

  it("leaves a deployer who names nobody with every office", async () => {
    const deployment = await deploy();
    const manager = await contractAt(deployment, "accessManager");
    const [deployer] = accounts as [Address];
    for (const role of [adminRole, ...Object.values(roles).map(({ id }) => id)]) {
      expect((await manager.getFunction("hasRole")(role, deployer))[0], `role ${role}`).to.equal(true);
    }
  });

  it("gives every restricted function to one role, and every other function to nobody", async () => {
    const deployment = await deploy(officers());
    const manager = await contractAt(deployment, "accessManager");
    const all = Object.values(roles);
    let restricted = 0;
    for (const name of ["accessGate", "patientRegistry", "providerRegistry", "stewardCommittee"] as const) {
      const contract = await contractAt(deployment, name);
      const functions = contract.interface.fragments.filter((fragment) => fragment.type === "function");
      for (const fragment of functions) {
        const signature = fragment.format("sighash");
        const { selector } = contract.interface.getFunction(signature)!;
        const owner = all.find(
          (role) => role.contract === name && (role.functions as readonly string[]).includes(signature),
        );
        const role = await manager.getFunction("getTargetFunctionRole")(deployment.contracts[name], selector);
        expect(role, signature).to.equal(owner?.id ?? adminRole);
        if (owner !== undefined) restricted += 1;
      }
    }
    expect(restricted).to.equal(all.reduce((sum, role) => sum + role.functions.length, 0));
    expect(restricted).to.equal(15);
  });

  it("lets only the officer do the office's work, the emergency officer's a day after announcing it", async () => {
    const holders = officers();
    const deployment = await deploy(holders);
    const manager = await contractAt(deployment, "accessManager");
    const can = (account: Address, name: ContractName, signature: string) =>
      manager.getFunction("canCall")(account, deployment.contracts[name], connection.ethers.id(signature).slice(0, 10));
    for (const [office, role] of Object.entries(roles)) {
      for (const signature of role.functions) {
        for (const account of accounts.slice(0, 8)) {
          const [isImmediate, delay] = await can(account, role.contract, signature);
          const isHolder = account === holders[office as keyof typeof roles];
          expect(isImmediate, `${account} ${signature}`).to.equal(isHolder && office !== "emergencyOfficer");
          expect(delay, signature).to.equal(isHolder && office === "emergencyOfficer" ? 86_400n : 0n);
        }
      }
    }
  });

  it("goes on where an interrupted deployment stopped", async () => {
    let receipts = 0;
    const failing = {
      request: async (call: { method: string; params?: unknown }) => {
        if (call.method === "eth_getTransactionReceipt" && ++receipts > 4) throw new Error("the node went away");
        return connection.provider.request(call as never);
      },
    };
    const folder = join(journal, "journal");
    const parameters = { network: description, journal: folder };
    let failure: unknown;
    await deployAnamnesis(failing, parameters).catch((cause: unknown) => {
      failure = cause;
    });
    expect(failure).to.be.instanceOf(Error);
    const before = await connection.ethers.provider.getBlockNumber();
    expect(before).to.be.above(0);
    const deployment = await deployAnamnesis(connection.provider, parameters);
    expect(deployment.block).to.equal(1);
    const manager = await contractAt(deployment, "accessManager");
    expect((await manager.getFunction("hasRole")(roles.registrar.id, accounts[0]))[0]).to.equal(true);
    // And once more: everything stands, nothing is sent.
    const total = await connection.ethers.provider.getBlockNumber();
    expect(await deployAnamnesis(connection.provider, parameters)).to.deep.equal(deployment);
    expect(await connection.ethers.provider.getBlockNumber()).to.equal(total);
  });

  it("writes one file a network, whole", async () => {
    const deployment = await deploy({ commit: "0123456" });
    const path = writeDeployment(journal, deployment);
    expect(path).to.equal(join(journal, "test.json"));
    expect(JSON.parse(readFileSync(path, "utf8"))).to.deep.equal(JSON.parse(JSON.stringify(deployment)));
    expect(readdirSync(journal)).to.deep.equal(["test.json"]);
  });
});

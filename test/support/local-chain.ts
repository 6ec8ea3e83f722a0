import type { Address, Deployment } from "@anamnesis/sdk";
import { HDNodeWallet, Mnemonic } from "ethers";
import { deployAnamnesis } from "../../node/src/deploy/deploy.ts";
import { startEvm } from "../../node/src/local-network/evm.ts";

/** A real EVM behind real HTTP with our contracts on it, and wallets that can pay. */
export interface LocalChain {
  readonly url: string;
  readonly deployment: Deployment;
  readonly registrar: HDNodeWallet;
  readonly emergencyOfficer: HDNodeWallet;
  readonly recoveryOfficer: HDNodeWallet;
  /** A funded wallet that no test has had before. */
  newWallet(): HDNodeWallet;
  rpc(method: string, params?: readonly unknown[]): Promise<unknown>;
  /** Moves the chain's clock on, so that a test need not wait for the world's. */
  passTime(seconds: number): Promise<void>;
}

export const testChainId = 31_337;
/** Seconds an emergency privilege is announced ahead here. */
export const testEmergencyDelay = 3;
/** Seconds from an announcement about a record until it takes effect here, and that a freeze lasts. */
export const testPatientDelay = 60;
export const testPatientWindow = 240;

const phrase = "test test test test test test test test test test test junk";
const walletCount = 240;

/** Plain JSON-RPC, for what is not asked through the SDK. */
function rpcAt(url: string): LocalChain["rpc"] {
  return async (method, params = []) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const { result, error } = (await response.json()) as {
      result?: unknown;
      error?: { code: number; message: string };
    };
    if (error) throw Object.assign(new Error(error.message), { code: error.code });
    return result;
  };
}

let shared: Promise<LocalChain & { stop(): Promise<void> }> | undefined;

async function start(): Promise<LocalChain & { stop(): Promise<void> }> {
  const branch = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(phrase), "m/44'/60'/0'/0");
  const wallets = Array.from({ length: walletCount }, (_, index) => branch.deriveChild(index));
  const evm = await startEvm({
    chainId: testChainId,
    accounts: wallets.map(({ privateKey }) => privateKey),
    blockInterval: { auto: true, milliseconds: 1_000 },
    port: 0,
  });
  const [deployer, registrar, emergencyOfficer, recoveryOfficer] = wallets as [
    HDNodeWallet,
    HDNodeWallet,
    HDNodeWallet,
    HDNodeWallet,
  ];
  const rpc = rpcAt(evm.url);
  const holder = ({ address }: HDNodeWallet) => address as Address;
  const deployment = await deployAnamnesis(
    { request: ({ method, params }) => rpc(method, (params ?? []) as readonly unknown[]) },
    {
      deployer: holder(deployer),
      registrar: holder(registrar),
      emergencyOfficer: holder(emergencyOfficer),
      recoveryOfficer: holder(recoveryOfficer),
      committeeAdmin: holder(registrar),
      emergencyDelay: testEmergencyDelay,
      patientDelay: testPatientDelay,
      patientWindow: testPatientWindow,
      keyDelay: testPatientDelay,
      network: { name: "test", nodes: [evm.url], finality: { kind: "instant" }, blockTime: 1_000, embedded: true },
    },
  );
  let next = 4;
  return {
    url: evm.url,
    deployment,
    registrar,
    emergencyOfficer,
    recoveryOfficer,
    newWallet: () => {
      const wallet = wallets[next++];
      if (!wallet) throw new Error(`More than ${walletCount - 4} wallets asked for: raise walletCount.`);
      return wallet;
    },
    rpc,
    passTime: async (seconds) => {
      await rpc("evm_increaseTime", [seconds]);
      await rpc("evm_mine");
    },
    stop: () => evm.stop(),
  };
}

/** One chain for all test files of a run; it ends with the run. */
export function localChain(): Promise<LocalChain> {
  shared ??= start();
  return shared;
}

after(async () => {
  await (await shared?.catch(() => undefined))?.stop();
});

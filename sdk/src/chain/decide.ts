import type { AbortOptions } from "../core/abort.ts";
import type { Hex } from "../core/bytes.ts";
import type { ContractName, SignedAuthorization } from "../core/types.ts";
import type { DecisionTimes, SigningContract } from "../typed-data/index.ts";
import { type ChainClient, requireSigner } from "./chain-client.ts";
import { head, headReaching } from "./head.ts";
import type { SignableData } from "./signer-kinds.ts";

/** Seconds a direct call may wait in a node's queue. */
const directValidity = 3_600;

/** Seconds a signed decision may travel; contracts take seven days at most. */
export const defaultValidity = 86_400;

export interface DecisionOptions extends AbortOptions {
  /** The decision must not be dated before this second: a permissive one passes its register's `asOf + 1`. */
  readonly notBefore?: number | undefined;
  /** Seconds until it may no longer be submitted. */
  readonly validFor?: number | undefined;
}

/**
 * When a decision made now counts as signed: the chain's newest second, never the device's clock, and never before what
 * was decided already. Waits for the next block where that second lies ahead.
 *
 * @throws CHAIN_HEAD_BEHIND, CHAIN_NODES_DISAGREE, CHAIN_UNREACHABLE
 */
export async function decisionTimes(client: ChainClient, options: DecisionOptions = {}): Promise<DecisionTimes> {
  const { notBefore = 0, validFor = defaultValidity, signal } = options;
  const newest = await head(client, { signal });
  const signedAt = Math.max(newest.time, notBefore);
  if (signedAt > newest.time) await headReaching(client, signedAt, { signal });
  return { signedAt, deadline: signedAt + validFor };
}

/** A decision made by calling, dated now. */
export async function decideDirectly(client: ChainClient, options: DecisionOptions = {}): Promise<SignedAuthorization> {
  const { address } = requireSigner(client);
  const times = await decisionTimes(client, { validFor: directValidity, ...options });
  return { signer: address, ...times, signature: "0x" };
}

/** A restrictive decision made by calling: the chain dates it, so it needs no head and cannot come too late. */
export function restrictDirectly(client: ChainClient): SignedAuthorization {
  return { signer: requireSigner(client).address, signedAt: 0, deadline: 0, signature: "0x" };
}

export interface SigningOptions extends DecisionOptions {
  /** Times agreed on before: guardians who decide together sign the same ones. */
  readonly times?: DecisionTimes | undefined;
}

/** A decision that anybody may submit: `build` gives what the wallet shows for the times decided here. */
export async function decideBySignature(
  client: ChainClient,
  contract: ContractName,
  build: (contract: SigningContract, times: DecisionTimes) => SignableData,
  { times: agreed, ...options }: SigningOptions = {},
): Promise<SignedAuthorization> {
  const signer = requireSigner(client);
  const times = agreed ?? (await decisionTimes(client, options));
  const signature: Hex = await signer.signTypedData(build(signingContract(client, contract), times));
  return { signer: signer.address, ...times, signature };
}

export function signingContract({ deployment }: ChainClient, contract: ContractName): SigningContract {
  return { chainId: deployment.description.chainId, contract: deployment.contracts[contract] };
}

import { type ChainClient, type ChainParameters, createChainClient } from "../chain/index.ts";
import type { Keyring } from "../crypto/index.ts";
import type { EnvelopeStore } from "../envelope/index.ts";
import { AnamnesisError, type ErrorCode } from "../errors/index.ts";
import type { Outbox } from "../stewards/outbox.ts";
import type { StewardTransport } from "../stewards/transport.ts";
import type { ContentStore } from "../storage/content-store.ts";
import { lazyTransport } from "./stewards/lazy-transport.ts";

/** What a client can do besides asking the chain; verbs that need one of these say so when it is missing. */
export interface Capabilities {
  /** Where encrypted bodies lie. */
  readonly storage?: ContentStore | undefined;
  /** The way to the committee; where the deployment names one, HTTP to the endpoints it publishes by default. */
  readonly stewards?: StewardTransport | undefined;
  /** The patient's root, opened. */
  readonly keyring?: Keyring | undefined;
  /** This device's replica of envelopes. */
  readonly envelopes?: EnvelopeStore | undefined;
  /** Takes many records for good and anchors them together: `@anamnesis/node` has one. */
  readonly outbox?: Outbox | undefined;
}

/** What a program keeps with its other secrets. */
export interface LocalKey {
  /** 32 bytes that seal what the envelope store holds of unfinished uploads; where there is a keyring, it does. */
  readonly localKey?: Uint8Array | undefined;
}

export interface ClientParameters extends ChainParameters, Capabilities, LocalKey {
  /** Unix seconds that questions to stewards are dated with; the device's clock by default. Decisions are dated by the chain. */
  readonly now?: (() => number) | undefined;
}

/** What every verb takes first: plain data and capabilities, no behaviour of its own. */
export interface Client extends ChainClient, Capabilities, LocalKey {
  readonly now?: (() => number) | undefined;
}

/**
 * Connects to a network, once: checks its chain id on every node and that every contract is there.
 *
 * @throws CLIENT_DEPLOYMENT_INVALID, CLIENT_PROVIDER_MISSING, CLIENT_SIGNER_UNKNOWN, CHAIN_UNREACHABLE,
 * CHAIN_WRONG_NETWORK, CHAIN_CONTRACT_MISSING, and what a wallet refuses when asked for its account
 */
export async function createClient(parameters: ClientParameters): Promise<Client> {
  const { storage, keyring, envelopes, outbox, localKey, now, deployment } = parameters;
  const stewards = parameters.stewards ?? (deployment.committeeKey && lazyTransport());
  const chain = await createChainClient(parameters);
  return { ...chain, storage, stewards, keyring, envelopes, outbox, localKey, now };
}

const missing = {
  storage: "CLIENT_STORAGE_MISSING",
  stewards: "CLIENT_STEWARDS_MISSING",
  keyring: "CLIENT_KEYRING_MISSING",
  envelopes: "CLIENT_ENVELOPES_MISSING",
  outbox: "CLIENT_OUTBOX_MISSING",
} as const satisfies Record<keyof Capabilities, ErrorCode>;

/** A capability a verb cannot do without. @throws CLIENT_STORAGE_MISSING and its like */
export function requireCapability<Name extends keyof Capabilities>(
  capabilities: Capabilities,
  name: Name,
): NonNullable<Capabilities[Name]> {
  const capability = capabilities[name];
  if (!capability) throw new AnamnesisError(missing[name]);
  return capability;
}

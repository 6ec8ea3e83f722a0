import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Deployment, ProviderId } from "@anamnesis/sdk";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import { z } from "zod";
import { type Environment, logLevels, readConfiguration } from "../service/index.ts";
import { defaultLimits } from "../steward/index.ts";

const PREFIX = "ANAMNESIS_STEWARD_";

const address = z.strictObject({
  host: z.string().min(1).default("127.0.0.1"),
  port: z.int().min(0).max(65_535),
});
const positive = z.int().min(1);
const node = z.url({ protocol: /^https?$/ });

const schema = z.strictObject({
  /** Where patients, providers and other stewards ask; this machine alone by default. */
  listen: address,
  /** Where operators ask for health and metrics; beside the rest by default. */
  admin: address.optional(),
  /** The steward's database and key file. */
  folder: z.string().min(1),
  /** `postgres://…`, of a database that is this steward's alone; a SQLite file in the folder by default. */
  database: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** A file with the passphrase that opens the steward's secrets; beside them a key file by default. */
  passphraseFile: z.string().min(1).optional(),
  /** The network's deployment file. */
  deployment: z.string().min(1),
  /** What the steward takes part in ceremonies with. */
  ceremony: z
    .strictObject({
      /** The ProviderId of its institution. */
      provider: z.string().regex(/^0x[0-9a-f]{64}$/),
      /** Files with private keys of the provider's accounts: they vouch for plans and sign what is published. */
      accountFiles: z.array(z.string().min(1)).min(1),
    })
    .optional(),
  /** One or two chain nodes; with two, both must agree. The deployment's own by default. */
  nodes: z.array(node).min(1).max(2).optional(),
  /** Origins of pages that browsers may let ask; `*` for all. */
  origins: z.array(z.string().min(1)).default([]),
  logLevel: z.enum(logLevels).default("info"),
  /** PEM files: a certificate, its key, and the authority that other stewards' certificates come from. */
  tls: z
    .strictObject({ certificate: z.string().min(1), key: z.string().min(1), authority: z.string().min(1) })
    .optional(),
  /** Seconds between two rounds of erasing what is due and of asking other stewards for what is missing. */
  upkeep: positive.default(30),
  /** Anchors the steward's receipts: a file with the private key of one of its provider's accounts, and how often, in seconds. */
  log: z.strictObject({ account: z.string().min(1), every: positive.default(60) }).optional(),
  /** Watches logs, nodes and registers beside: seconds between two rounds, and the name in its cosignatures. */
  witness: z
    .strictObject({
      every: positive.default(60),
      name: z
        .string()
        .regex(/^[^\s+]{1,64}$/)
        .default("steward"),
    })
    .optional(),
  limits: z
    .strictObject({
      /** Requests answered at once. */
      inFlight: positive.default(256),
      connections: positive.default(1_024),
      /** Milliseconds that requests may still take once the service is asked to stop. */
      stopWithin: positive.default(10_000),
      /** Seconds that the chain's head may be old; a block's time and two seconds by default (PROTOCOL §6). */
      headAge: positive.optional(),
      /** Milliseconds that a write waits where somebody else locks the database: shorter than a receipt may take. */
      lockWithin: positive.max(defaultLimits.receiptWithin - 1).default(500),
      requestsPerMinute: positive.default(1_200),
      recordsPerMinute: positive.default(12_000),
      ownerKeysPerMinute: positive.default(600),
    })
    .prefault({}),
});

/** What a configuration file may say; all but `listen`, `folder` and `deployment` has a default. */
export type StewardServiceFile = z.input<typeof schema>;

type Output = z.output<typeof schema>;

export interface StewardServiceConfiguration extends Omit<Output, "deployment" | "nodes" | "limits" | "ceremony"> {
  readonly limits: Output["limits"] & { readonly headAge: number };
  readonly deployment: Deployment;
  readonly nodes: readonly string[];
  readonly ceremony?: { readonly provider: ProviderId; readonly accountFiles: readonly string[] } | undefined;
}

const isLoopback = (host: string): boolean => host === "localhost" || host === "::1" || /^127\./.test(host);

function deploymentOf(path: string): Deployment {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Deployment;
  } catch (cause) {
    const details = { key: "deployment", expected: "a readable deployment file" };
    throw new AnamnesisError("SERVICE_CONFIGURATION_INVALID", details, { cause });
  }
}

/**
 * Reads a steward's configuration: a JSON file, and over it variables such as `ANAMNESIS_STEWARD_LISTEN_PORT`. Paths are
 * taken from the file's folder.
 * @throws SERVICE_CONFIGURATION_INVALID naming the key, never its value
 */
export function readStewardConfiguration(file: string, environment: Environment = {}): StewardServiceConfiguration {
  const read = readConfiguration(schema, { file, environment, prefix: PREFIX });
  const beside = (path: string): string => resolve(dirname(file), path);
  if (!isLoopback(read.listen.host) && read.admin === undefined) {
    // Counts tell a stranger who works when.
    const details = { key: "admin", expected: "an address of its own where the service listens beyond this machine" };
    throw new AnamnesisError("SERVICE_CONFIGURATION_INVALID", details);
  }
  const deployment = deploymentOf(beside(read.deployment));
  const { tls, log } = read;
  return {
    ...read,
    folder: beside(read.folder),
    passphraseFile: read.passphraseFile && beside(read.passphraseFile),
    ceremony: read.ceremony && {
      provider: read.ceremony.provider as ProviderId,
      accountFiles: read.ceremony.accountFiles.map(beside),
    },
    deployment,
    log: log && { ...log, account: beside(log.account) },
    limits: { ...read.limits, headAge: read.limits.headAge ?? Math.ceil(deployment.description.blockTime / 1_000) + 2 },
    nodes: read.nodes ?? deployment.description.nodes.slice(0, 2),
    tls: tls && { certificate: beside(tls.certificate), key: beside(tls.key), authority: beside(tls.authority) },
  };
}

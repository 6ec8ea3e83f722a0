import { toVia, type ViaLike } from "../../chain/index.ts";
import { type AbortOptions, throwIfAborted } from "../../core/abort.ts";
import { concat } from "../../core/bytes.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Label, Purpose } from "../../core/vocabulary.ts";
import {
  type DraftParameters,
  draftRecord,
  encryptContent,
  type SealedRecord,
  type SealParameters,
  sealEnvelope,
} from "../../envelope/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { type FhirBundle, parseBundle, type SkippedEntry } from "../../fhir/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { type Author, authorOf } from "./author-of.ts";
import { type LabelSet, labelSetsOf } from "./label-sets.ts";
import { requireWrite, type WritePath } from "./require-write.ts";
import { publishSealed, sealingFor, type WrittenRecord } from "./write-record.ts";

export interface AddBundleParameters extends AbortOptions {
  readonly patient: PatientId;
  /** A FHIR R4 bundle of any type, as text or object: an encounter's, or a whole history. */
  readonly bundle: string | FhirBundle;
  /** Labels in addition to those found, on every record. */
  readonly labels?: readonly Label[] | undefined;
  /** Under which consent a provider writes; treatment unless said otherwise. */
  readonly purpose?: Purpose | undefined;
  readonly via?: ViaLike | undefined;
}

/** One record of a bundle. */
export interface BundleRecord extends WrittenRecord {
  /** How many of the bundle's resources it holds. */
  readonly resources: number;
}

export interface AddBundleResult {
  /** One for each combination of labels; all lie in one body. */
  readonly records: readonly BundleRecord[];
  /** Address of that body. */
  readonly cid: string;
  /** Entries that are no record of a patient, and why. */
  readonly skipped: readonly SkippedEntry[];
}

interface SealedSet {
  readonly set: LabelSet;
  readonly sealed: SealedRecord;
}

/** Encrypts each set under a key of its own, one behind the other in one body, and seals an envelope for each. */
async function sealSets(
  client: Client,
  sets: readonly LabelSet[],
  sealing: Omit<DraftParameters, "amends"> & Omit<SealParameters, "labels" | "meta">,
  { signal }: AbortOptions,
): Promise<readonly SealedSet[]> {
  const encrypted = [];
  let offset = 0;
  for (const set of sets) {
    throwIfAborted(signal);
    const draft = draftRecord(sealing);
    const { body, ...stored } = await encryptContent(draft, set.content);
    encrypted.push({ set, draft, body, stored, offset });
    offset += body.length;
  }
  const { cid } = await requireCapability(client, "storage").put(concat(...encrypted.map(({ body }) => body)), {
    signal,
  });
  return Promise.all(
    encrypted.map(async ({ set, draft, body, stored, offset }) => {
      const place = { cid, offset, length: body.length };
      const { labels, meta } = set;
      return { set, sealed: await sealEnvelope(draft, { ...stored, body: place }, { ...sealing, labels, meta }) };
    }),
  );
}

async function publishSets(
  client: Client,
  author: Author,
  sets: readonly SealedSet[],
  path: WritePath,
  options: AbortOptions,
): Promise<readonly BundleRecord[]> {
  const outcomes = await Promise.allSettled(
    sets.map(async ({ set, sealed }) => ({
      ...(await publishSealed(client, author, sealed, path, options)),
      resources: set.resources,
    })),
  );
  const written = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const failed = outcomes.flatMap((outcome, i) =>
    outcome.status === "rejected"
      ? [{ recordId: sets[i]?.sealed.recordId as string, error: outcome.reason as unknown }]
      : [],
  );
  const [first] = failed;
  if (first === undefined) return written;
  if (written.length === 0) throw first.error;
  throw new AnamnesisError(
    "RECORD_BUNDLE_INCOMPLETE",
    { written: written.map(({ recordId }) => recordId), missing: failed.map(({ recordId }) => recordId) },
    { cause: first.error },
  );
}

/**
 * Adds what a FHIR bundle holds of a patient as few records as access allows: one body in the storage, and in it one encrypted stream and one record for
 * each combination of labels, so that a reader with laboratory gets the laboratory part and no more. All must be permitted, or none is written. The
 * body stays while one of its records lives.
 * @throws RECORD_BUNDLE_INCOMPLETE { written, missing } where some are on record and others not yet: `records.publish` finishes those, from the copies of
 * a client that keeps envelopes; RECORD_EMPTY where the bundle has no record; FHIR_NOT_A_BUNDLE …; and as `records.add`
 */
export async function addBundle(client: Client, parameters: AddBundleParameters): Promise<AddBundleResult> {
  const { patient, bundle, labels, purpose = "treatment", signal } = parameters;
  requireCapability(client, "storage");
  const parsed = parseBundle(bundle);
  const sets = labelSetsOf(parsed, labels);
  if (sets.length === 0) throw new AnamnesisError("RECORD_EMPTY");
  const path = { patient, purpose, via: toVia(parameters.via) };
  const author = await authorOf(client, patient, { signal });
  for (const set of sets) await requireWrite(client, author, { ...path, labels: set.labels }, { signal });

  const sealing = await sealingFor(client, author, path, { signal });
  const sealed = await sealSets(client, sets, sealing, { signal });
  for (const each of sealed) await client.envelopes?.put(each.sealed.envelope, { signal });
  const records = await publishSets(client, author, sealed, path, { signal });
  return { records, cid: (records[0] as BundleRecord).cid, skipped: parsed.skipped };
}

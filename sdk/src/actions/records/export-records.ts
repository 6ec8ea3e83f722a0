import { head } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { concat, fromUtf8, utf8 } from "../../core/bytes.ts";
import { type PatientId, patientId, type RecordId } from "../../core/ids.ts";
import { type TarEntry, writeTar } from "../../core/tar.ts";
import { type FhirResource, parseBundle, parseResource } from "../../fhir/index.ts";
import type { Client } from "../client.ts";
import { type ExportLock, sealAge } from "./age-file.ts";
import { BUNDLE, contentName, type ExportedRecord, type ExportManifest, MANIFEST, proofName } from "./export-format.ts";
import { type ListedOwnRecord, listRecords } from "./list-records.ts";
import { requireAnchored } from "./opened-record.ts";
import { type OwnRecord, ownRecord } from "./read-record.ts";
import { FHIR_JSON } from "./record-content.ts";
import { makeProof } from "./record-proof.ts";
import { streamRecord } from "./stream-record.ts";

export interface ExportRecordsParameters extends ExportLock, AbortOptions {
  readonly patient: PatientId;
  /** Records left out, such as one whose content the storage has lost. */
  readonly except?: readonly RecordId[] | undefined;
  /** Told after each record how many of how many are in the file. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

interface Exportable {
  readonly own: OwnRecord;
  readonly listed: ListedOwnRecord;
  readonly exported: ExportedRecord;
}

async function describe(
  client: Client,
  own: OwnRecord,
  listed: ListedOwnRecord,
  options: AbortOptions,
): Promise<ExportedRecord> {
  const { envelope, restHash } = own.identified;
  const { mediaType, fhirType, title, time, length, nonce } = own.meta;
  const { description, contracts } = client.deployment;
  const { logPlace } = await requireAnchored(client, listed.recordId, envelope.publicPart, options);
  const place = { chainId: description.chainId, ...contracts, logPlace };
  const { recordId, series, version, author, labels, restrictions, createdAt, retracted, disputed, remarks } = listed;
  return {
    ...{ recordId, series, version, prev: listed.prev ?? null, author, labels, restrictions, createdAt },
    ...{ mediaType, fhirType, title, time, length, retracted, disputed, remarks },
    proof: makeProof(place, envelope.publicPart, restHash, nonce),
  };
}

/** What can be opened here, what is amended before what amends it. */
async function gather(client: Client, { patient, except = [], signal }: ExportRecordsParameters) {
  const found: Exportable[] = [];
  const left: { recordId: RecordId; reason: string }[] = [];
  for await (const listed of listRecords(client, { patient, signal })) {
    const { recordId, problem } = listed;
    if (problem || except.includes(recordId)) {
      left.push({ recordId, reason: problem?.shortMessage ?? "It was left out by whoever exported." });
      continue;
    }
    const own = await ownRecord(client, recordId, { signal });
    found.push({ own, listed, exported: await describe(client, own, listed, { signal }) });
  }
  found.sort((one, other) => one.exported.version - other.exported.version);
  return { found, left };
}

async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function entryOf(name: string, value: object): TarEntry {
  const bytes = utf8(`${JSON.stringify(value, undefined, 2)}\n`);
  return { name, length: bytes.length, content: bytesOf(bytes) };
}

/** The versions that stand, as one FHIR collection; what is no FHIR resource is referred to by its place in the export. */
function addTo(
  resources: { fullUrl?: string | undefined; resource: object }[],
  { exported, listed }: Exportable,
  content: Uint8Array,
): void {
  if (listed.state === "superseded" || listed.state === "retracted") return;
  const { recordId, mediaType, title, time, length } = exported;
  if (mediaType !== FHIR_JSON) {
    const date = time === null ? {} : { date: new Date(time * 1_000).toISOString() };
    const attachment = { contentType: mediaType, url: contentName(recordId), size: length, title };
    const resource = { resourceType: "DocumentReference", status: "current", ...date, content: [{ attachment }] };
    resources.push({ resource });
    return;
  }
  const resource: FhirResource = parseResource(fromUtf8(content));
  if (resource.resourceType !== "Bundle") {
    resources.push({ resource });
    return;
  }
  const { records, addressOf } = parseBundle(resource);
  for (const each of records) resources.push({ fullUrl: addressOf(each), resource: each });
}

/**
 * Everything that is the patient's, in one file that needs no Anamnesis to be opened: an age file (`age -d`) of a tar archive with the manifest, every
 * record's content as it was sealed, its proof, and all as one FHIR bundle. Written while it is read: neither file nor record is held whole.
 * @throws CRYPTO_PASSPHRASE_TOO_SHORT, INPUT_MALFORMED, CLIENT_KEYRING_MISSING, CLIENT_ENVELOPES_MISSING, CLIENT_STORAGE_MISSING, CHAIN_UNREACHABLE; while
 * it is read RECORD_ALTERED, RECORD_BODY_UNAVAILABLE naming a record: pass it in `except` to have the others
 */
export async function exportRecords(
  client: Client,
  parameters: ExportRecordsParameters,
): Promise<ReadableStream<Uint8Array>> {
  const { signal, onProgress } = parameters;
  const patient = patientId(parameters.patient);
  const { found, left } = await gather(client, { ...parameters, patient });
  const { time } = await head(client, { signal });
  const { description, contracts, system } = client.deployment;
  const { name, chainId } = description;
  const manifest: ExportManifest = {
    format: "anamnesis-export/v1",
    exportedAt: time,
    network: { name, chainId, recordRegistry: contracts.recordRegistry, system },
    ...{ patient, records: found.map(({ exported }) => exported), left },
  };

  async function* entries(): AsyncGenerator<TarEntry, void, undefined> {
    yield entryOf(MANIFEST, manifest);
    const resources: { resource: object }[] = [];
    for (const [index, each] of found.entries()) {
      const { own, exported } = each;
      const { content, length } = await streamRecord(client, own.identified, own.dek, { signal });
      const kept: Uint8Array[] = [];
      async function* watched(): AsyncGenerator<Uint8Array, void, undefined> {
        for await (const piece of content) {
          if (exported.mediaType === FHIR_JSON) kept.push(piece);
          yield piece;
        }
      }
      yield { name: contentName(exported.recordId), length, content: watched() };
      yield entryOf(proofName(exported.recordId), exported.proof);
      addTo(resources, each, concat(...kept));
      onProgress?.(index + 1, found.length);
    }
    yield entryOf(BUNDLE, { resourceType: "Bundle", type: "collection", entry: resources });
  }
  return sealAge(writeTar(entries(), time), parameters);
}

import { restrictDirectly, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId, RecordId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { authorOf } from "./author-of.ts";

/**
 * Marks a record of the client's own author as entered in error. It stays readable, with the mark beside it.
 * @throws RECORD_AUTHOR_UNKNOWN, CHAIN_REVERTED
 */
export async function retractRecord(
  client: Client,
  { recordId, patient, signal }: { readonly recordId: RecordId; readonly patient: PatientId } & AbortOptions,
): Promise<Transacted> {
  const { author } = await authorOf(client, patient, { signal });
  const { recordRegistry } = client.contracts;
  const call = await recordRegistry.retract.populateTransaction(recordId, author, restrictDirectly(client));
  return { transaction: (await sendTransaction(client, call, { signal })).transaction };
}

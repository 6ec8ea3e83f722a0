import type { ContractTransaction } from "ethers";
import { head, readContract, requireSigner, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Address, Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";

/** Done, or announced: an office with a waiting time acts in two steps, and the same verb called again does the second. */
export type OfficeResult =
  | ({ readonly state: "done" } & Transacted)
  | ({
      readonly state: "announced";
      /** Unix seconds from which on the verb can be called again. */
      readonly effectiveFrom: number;
    } & Partial<Transacted>);

/**
 * Acts by the signer's office in AccessManager: at once, or, where the office has a waiting time, by announcing first and
 * acting when the time has passed. Without the office the contract refuses. @throws CHAIN_REVERTED …
 */
export async function actAsOfficer(
  client: Client,
  call: ContractTransaction,
  { signal }: AbortOptions = {},
): Promise<OfficeResult> {
  const { address } = requireSigner(client);
  const { accessManager } = client.contracts;
  const target = call.to as Address;
  const { data } = call;
  const may = await readContract(client, () => accessManager.canCall(address, target, data.slice(0, 10)), { signal });
  const [isImmediate, delay] = may;
  if (isImmediate || delay === 0n) {
    const { transaction } = await sendTransaction(client, call, { signal });
    return { state: "done", transaction };
  }
  const ready = await readContract(
    client,
    async () => Number(await accessManager.getSchedule(await accessManager.hashOperation(address, target, data))),
    { signal },
  );
  if (ready === 0) {
    const announcement = await accessManager.schedule.populateTransaction(target, data, 0);
    const { transaction } = await sendTransaction(client, announcement, { signal });
    const operation = async () => accessManager.getSchedule(await accessManager.hashOperation(address, target, data));
    const effectiveFrom = Number(await readContract(client, operation, { signal }));
    return { state: "announced", effectiveFrom, transaction };
  }
  if ((await head(client, { signal })).time < ready) return { state: "announced", effectiveFrom: ready };
  const execution = await accessManager.execute.populateTransaction(target, data);
  const { transaction } = await sendTransaction(client, execution, { signal });
  return { state: "done", transaction };
}

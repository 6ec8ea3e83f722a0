import { createClient, type Deployment } from "@anamnesis/sdk";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import { stewardsOf } from "@anamnesis/sdk/internal";
import { createChainReader, createChainWriter, httpJsonRpc } from "../steward/index.ts";
import { type OpenOutbox, type OutboxParameters, openOutbox } from "./open-outbox.ts";

export interface NetworkOutboxParameters
  extends Pick<OutboxParameters, "path" | "authors" | "limits" | "clock" | "onFault"> {
  readonly deployment: Deployment;
}

/**
 * An outbox on a network as its deployment describes it: read from all nodes, sent to the first, envelopes handed to its committee.
 * @throws CLIENT_PROVIDER_MISSING for a deployment without nodes, CHAIN_*, STEWARD_STORE_FAILED, STEWARD_STORE_TOO_NEW
 */
export async function openNetworkOutbox({ deployment, ...rest }: NetworkOutboxParameters): Promise<OpenOutbox> {
  const { description, contracts, block: fromBlock } = deployment;
  const { nodes, finality, chainId } = description;
  const [first] = nodes;
  if (first === undefined) throw new AnamnesisError("CLIENT_PROVIDER_MISSING");
  const asking = await createClient({ deployment });
  return openOutbox({
    ...rest,
    nodes: nodes.map((url, i) => {
      return createChainReader({ name: `node ${i + 1}`, rpc: httpJsonRpc(url), contracts, finality, fromBlock });
    }),
    writer: createChainWriter(httpJsonRpc(first)),
    chainId,
    logRegistry: contracts.logRegistry,
    stewards: () => stewardsOf(asking),
  });
}

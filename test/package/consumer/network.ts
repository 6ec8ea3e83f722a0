/** How a program outside the network's own process reaches it: plain HTTP, as a page does. */
import type { Deployment, ProviderId } from "@anamnesis/sdk";
import { memoryStore } from "@anamnesis/sdk/storage/memory";
import { JsonRpcProvider, Wallet } from "ethers";

/** Who takes part; told by the server that stands before the network. */
export interface Cast {
  readonly deployment: Deployment;
  /** Private keys of funded accounts that nothing else is known of. */
  readonly patients: readonly string[];
  /** The doctor's private key; the clinic is the organisation they belong to. */
  readonly doctor: string;
  readonly clinic: ProviderId;
}

async function answerOf(response: Response): Promise<Response> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  return response;
}

/** Everything the example needs, from the server at `origin`. */
export async function reachNetwork(origin: string) {
  const { deployment, patients, doctor, clinic } = (await (
    await answerOf(await fetch(`${origin}/cast`))
  ).json()) as Cast;
  const node = new JsonRpcProvider(`${origin}/rpc`, deployment.description.chainId, { staticNetwork: true });
  return {
    network: { deployment, storage: memoryStore() },
    patients: patients.map((key) => new Wallet(key, node)),
    doctor: new Wallet(doctor, node),
    clinic,
    close: () => node.destroy(),
  };
}

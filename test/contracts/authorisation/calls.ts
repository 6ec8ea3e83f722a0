import type { BaseContract } from "ethers";
import { contractNames, errors } from "../errors.ts";
import { denials, ethers, networkHelpers } from "../fixture.ts";
import type { Authorization } from "../ways.ts";
import type { Cast } from "./cast.ts";
import { allowed, type Outcome } from "./powers.ts";

export type Place = keyof typeof contractNames;
export const places = Object.keys(contractNames) as Place[];

/** A call, written down and not made. */
export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Writes down the call that `call` would make of a contract. */
export const written =
  <C>(call: (contract: C, authorization: Authorization) => unknown) =>
  (authorization: Authorization): Call => {
    const pen = new Proxy(
      {},
      {
        get:
          (_, name: string) =>
          (...args: readonly unknown[]) => ({ name, args }),
      },
    );
    return call(pen as C, authorization) as Call;
  };

const denialNames = Object.entries(denials);
const denialOf = (number: bigint): string => denialNames.find(([, value]) => value === number)?.[0] ?? `${number}`;

/** The error's name, and behind it the reason, if the error carries one. */
function refusalOf(data: string): Outcome {
  const error = data === "0x" ? null : errors.parseError(data);
  if (error === null) return data === "0x" ? "no reason" : `unknown ${data.slice(0, 10)}`;
  const place = error.fragment.inputs.findIndex(({ name }) => name === "denial");
  return place < 0 ? error.name : `${error.name}: ${denialOf(error.args[place] as bigint)}`;
}

/** What the chain answers, as it stands, without a block. */
export type Answer = { readonly returned: string } | { readonly reverted: string };

export async function ask(from: string, to: string, data: string): Promise<Answer> {
  try {
    return { returned: (await ethers.provider.send("eth_call", [{ from, to, data }, "latest"])) as string };
  } catch (error) {
    const { data: reverted } = error as { readonly data?: unknown };
    if (typeof reverted !== "string") throw error;
    return { reverted };
  }
}

/** A session that is refused is logged, not reverted: the reason stands in the event, so the call is made, and undone. */
async function loggedDenial({ gate }: Cast, from: string, data: string): Promise<Outcome> {
  const snapshot = await networkHelpers.takeSnapshot();
  await ethers.provider.send("hardhat_impersonateAccount", [from]);
  await networkHelpers.setBalance(from, ethers.parseEther("1"));
  const hash = await ethers.provider.send("eth_sendTransaction", [{ from, to: await gate.getAddress(), data }]);
  const receipt = await ethers.provider.getTransactionReceipt(hash);
  await ethers.provider.send("hardhat_stopImpersonatingAccount", [from]);
  const event = gate.interface.parseLog(receipt?.logs[0] as never);
  await snapshot.restore();
  return `${event?.name}: ${denialOf(event?.args["denial"] as bigint)}`;
}

/** What comes of a call: `allowed`, or the error's name. */
export async function outcomeOf(cast: Cast, place: Place, { name, args }: Call, from: string): Promise<Outcome> {
  const contract: BaseContract = cast[place];
  const data = contract.interface.encodeFunctionData(name, args);
  const answer = await ask(from, await contract.getAddress(), data);
  if ("reverted" in answer) return refusalOf(answer.reverted);
  const outputs = contract.interface.getFunction(name)?.outputs ?? [];
  const [value] = contract.interface.decodeFunctionResult(name, answer.returned);
  if (outputs[0]?.type === "bool" && value === false) return "false";
  if (place === "gate" && value === ethers.ZeroHash) return loggedDenial(cast, from, data);
  return allowed;
}

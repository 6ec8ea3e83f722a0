import { AnamnesisError } from "@anamnesis/sdk/errors";
import {
  type Committee,
  committeePublicationData,
  type Hex,
  type SigningContract,
  type TypedDataSigner,
} from "@anamnesis/sdk/internal";
import { verifyTypedData } from "ethers";
import { type CeremonyPlan, planHashOf } from "./plan.ts";

/** What an account is asked to sign, as wallets take it. */
export interface AccountStatement {
  readonly domain: {
    readonly name: string;
    readonly version: string;
    readonly chainId: number;
    readonly verifyingContract: string;
  };
  readonly types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>;
  readonly message: Readonly<Record<string, unknown>>;
}

const actions = {
  found: "take part in making a committee key with the members of this plan",
  reshare: "take part in handing the committee key to the members of this plan",
} as const;

/** A member's word, by its account, that the keys beside its name are its own and that it takes part. */
export function ceremonyVoucherData(plan: CeremonyPlan): AccountStatement {
  return {
    domain: { name: "Anamnesis", version: "1", chainId: plan.chainId, verifyingContract: plan.contract },
    types: {
      CeremonyVoucher: [
        { name: "action", type: "string" },
        { name: "plan", type: "bytes32" },
      ],
    },
    message: { action: actions[plan.kind], plan: planHashOf(plan) },
  };
}

export function publicationData(contract: SigningContract, committee: Committee): AccountStatement {
  const members = committee.members.map(({ account, ...member }) => ({ ...member, account }));
  return committeePublicationData(contract, { ...committee, members });
}

const mutable = ({ types }: AccountStatement) =>
  Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, [...fields]]));

/** Signs with whichever of the accounts has this address. @throws CEREMONY_PLAN_INVALID where none has. */
export async function signAs(
  accounts: readonly TypedDataSigner[],
  address: Hex,
  statement: AccountStatement,
): Promise<Hex> {
  for (const account of accounts) {
    if ((await account.getAddress()).toLowerCase() !== address.toLowerCase()) continue;
    return (await account.signTypedData(statement.domain, mutable(statement), { ...statement.message })) as Hex;
  }
  throw new AnamnesisError("CEREMONY_PLAN_INVALID", { account: address, reason: "this steward has no such account" });
}

/** Whether this account signed it. Malformed signatures are false. */
export function isSignedAs(address: Hex, statement: AccountStatement, signature: Hex): boolean {
  try {
    const { domain, message } = statement;
    return (
      verifyTypedData(domain, mutable(statement), { ...message }, signature).toLowerCase() === address.toLowerCase()
    );
  } catch {
    return false;
  }
}

import {
  type Client,
  type ClientWithActions,
  createClient,
  type PatientId,
  type ProviderId,
  type ProviderKind,
  type SignerLike,
  withActions,
} from "@anamnesis/sdk";
import type { LocalChain } from "./local-chain.ts";

/** Somebody with a wallet, a client and an id. */
export interface Actor<Id> {
  readonly id: Id;
  readonly name: string;
  readonly client: Client;
  readonly actions: ClientWithActions;
}

export async function actionsFor(chain: LocalChain, signer: SignerLike): Promise<ClientWithActions> {
  return withActions(await createClient({ deployment: chain.deployment, signer }));
}

let named = 0;
const letters = "abcdefghjkmnopqrstuvwxyz";

/** Distinct names that do not look alike. */
function freshName(prefix: string): string {
  named++;
  const suffix = [...String(named)].map((digit) => letters[Number(digit) * 2]).join("");
  return `${prefix} ${suffix}`;
}

/** Admitted by the registrar, with its own key's signature. */
export async function admitted(
  chain: LocalChain,
  kind: ProviderKind,
  prefix: string,
  { author = false }: { readonly author?: boolean } = {},
): Promise<Actor<ProviderId>> {
  const name = freshName(prefix);
  const actions = await actionsFor(chain, chain.newWallet());
  const registrar = await actionsFor(chain, chain.registrar);
  const licence = kind === "practitioner" ? (`0x${String(named).padStart(64, "f")}` as const) : undefined;
  const admission = await actions.identity.signProviderAdmission({ name, kind, licence });
  const { provider } = await registrar.identity.admitProvider({ admission });
  if (author) await registrar.identity.grantAuthorship({ provider });
  return { id: provider, name, client: actions.client, actions };
}

export const someOwnerKeyHash = `0x${"ab".repeat(32)}` as const;

export async function registeredPatient(
  chain: LocalChain,
  signer: SignerLike = chain.newWallet(),
): Promise<Actor<PatientId>> {
  const actions = await actionsFor(chain, signer);
  const { patient } = await actions.identity.registerPatient({ ownerKeyHash: someOwnerKeyHash });
  return { id: patient, name: "alice", client: actions.client, actions };
}

/** The practitioner becomes an active affiliate of the organisation. */
export async function affiliate(organisation: Actor<ProviderId>, practitioner: Actor<ProviderId>): Promise<void> {
  const pair = { organisation: organisation.id, practitioner: practitioner.id };
  await organisation.actions.identity.proposeAffiliation(pair);
  await practitioner.actions.identity.acceptAffiliation(pair);
}

/** A whole minute, so many days from the chain's time. */
export function inDays(chainTime: number, days: number): number {
  return Math.floor((chainTime + days * 86_400) / 60) * 60;
}

import { decideDirectly, requireSigner, restrictDirectly, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { type ConsentDecision, callOf, isRestrictive } from "./consent-decision.ts";
import { firstSecondOf } from "./consent-register.ts";

/** Decides by calling: the client's signer is who decides, and pays. */
export async function decideConsent(
  client: Client,
  decided: ConsentDecision,
  { signal }: AbortOptions = {},
): Promise<Transacted> {
  requireSigner(client);
  const authorization = isRestrictive(decided)
    ? restrictDirectly(client)
    : await decideDirectly(client, { notBefore: await firstSecondOf(client, decided, { signal }), signal });
  const call = await callOf(client.contracts, decided, authorization);
  const { transaction } = await sendTransaction(client, call, { signal });
  return { transaction };
}

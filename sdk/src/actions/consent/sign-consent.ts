import { decideBySignature, readContract, requireSigner } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, type ProviderId, patientId, providerId, seriesId } from "../../core/ids.ts";
import type { Address, ContractAddresses, SignedAuthorization } from "../../core/types.ts";
import { purposeId } from "../../core/vocabulary.ts";
import type { DecisionTimes } from "../../typed-data/index.ts";
import type { Client } from "../client.ts";
import { requireNameOf } from "../identity/require-name-of.ts";
import {
  type ConsentDecision,
  contractOf,
  dataOf,
  namedIn,
  type RevocationTerms,
  type ShareLink,
} from "./consent-decision.ts";
import { firstSecondOf } from "./consent-register.ts";
import { type ConsentParameters, settleTerms } from "./consent-terms.ts";
import { type ManyGrantsItem, settleGrants } from "./grant-many.ts";
import type { GrantRecordParameters } from "./grant-record.ts";
import type { RevokeConsentParameters } from "./revoke-consent.ts";
import { settleRevocations } from "./revoke-many.ts";
import type { RevokeRecordParameters } from "./revoke-record.ts";
import { type ShareConsentParameters, settleLink, settleShare } from "./share-consent.ts";

interface SignOptions extends AbortOptions {
  /** Seconds until it may no longer be submitted; a day by default, seven days at most. */
  readonly validFor?: number | undefined;
  /** The contract wallet that decides, where the client's signer signs as its owner; the signer itself by default. */
  readonly account?: Address | undefined;
  /** Times agreed on before: guardians who decide together sign the same ones. */
  readonly times?: DecisionTimes | undefined;
}

interface Recipient {
  /** The name the grantee is registered under, exactly: the wallet shows it, and the contract checks it. */
  readonly recipient: string;
}

interface Named {
  /** The name the provider is registered under, exactly. */
  readonly name: string;
}

export type SignConsentParameters = SignOptions &
  (
    | ({ readonly decision: "grant" | "request" } & ConsentParameters & Recipient)
    | ({ readonly decision: "grant-record" } & GrantRecordParameters & Recipient)
    | { readonly decision: "grant-many"; readonly grants: readonly (ManyGrantsItem & Recipient)[] }
    | ({ readonly decision: "revoke" } & RevokeConsentParameters & Recipient)
    | ({ readonly decision: "revoke-record" } & RevokeRecordParameters & Recipient)
    | {
        readonly decision: "revoke-many";
        readonly patient: PatientId;
        readonly revocations: readonly (RevocationTerms & Recipient)[];
      }
    | { readonly decision: "revoke-all"; readonly patient: PatientId }
    | ({
        readonly decision: "exclude" | "readmit";
        readonly patient: PatientId;
        readonly provider: ProviderId;
      } & Named)
    | ({
        readonly decision: "mute" | "unmute";
        readonly patient: PatientId;
        readonly provider: ProviderId;
      } & Named)
    | { readonly decision: "mute" | "unmute"; readonly patient: PatientId; readonly provider?: undefined }
    | ({ readonly decision: "share" } & ShareConsentParameters & Recipient)
    | ({ readonly decision: "unshare" } & ShareLink & Recipient)
    | ({
        readonly decision: "cut" | "uncut";
        /** The name the last of `chain` is registered under, exactly. */
        readonly sharer: string;
      } & ShareLink &
        Recipient)
  );

/** Where a signature counts, and nowhere else. */
interface SignedFor {
  readonly chainId: number;
  readonly contract: ContractAddresses["consentRegistry"];
}

/** A decision that anybody may submit, once; plain JSON. */
export type SignedConsent = ConsentDecision & {
  readonly signedFor: SignedFor;
  readonly authorization: SignedAuthorization;
};

/**
 * Signs a decision about permissions without sending anything: a patient needs no funds. What the wallet shows is what the
 * contract enforces. @throws INPUT_…, PROVIDER_NAME_DIFFERS, SIGNATURE_REFUSED, CHAIN_UNREACHABLE …
 */
export async function signConsent(client: Client, parameters: SignConsentParameters): Promise<SignedConsent> {
  requireSigner(client);
  const { signal, validFor, account, times } = parameters;
  const decided = await settle(client, parameters, { signal });
  const names = namesIn(decided, parameters);
  await Promise.all([...names].map(([provider, name]) => requireNameOf(client, { provider, name, signal })));
  const contract = contractOf(decided);
  const authorization = await decideBySignature(
    client,
    contract,
    (where, at) => dataOf(where, decided, (provider) => names.get(provider) ?? "", at),
    { notBefore: await firstSecond(client, decided, { signal }), validFor, times, signal },
  );
  return {
    ...decided,
    signedFor: { chainId: client.deployment.description.chainId, contract: client.deployment.contracts[contract] },
    authorization: account === undefined ? authorization : { ...authorization, signer: account },
  };
}

/** A signed end of everything must be newer than the one before, although it narrows access. */
async function firstSecond(client: Client, decided: ConsentDecision, options: AbortOptions): Promise<number> {
  if (decided.decision !== "revoke-all") return firstSecondOf(client, decided, options);
  const { patientRegistry } = client.contracts;
  const { signedFloor } = await readContract(client, () => patientRegistry.headOf(decided.patient), options);
  return Number(signedFloor) + 1;
}

async function settle(
  client: Client,
  parameters: SignConsentParameters,
  options: AbortOptions,
): Promise<ConsentDecision> {
  switch (parameters.decision) {
    case "grant":
    case "request":
      return { decision: parameters.decision, terms: await settleTerms(client, parameters, options) };
    case "grant-record": {
      const terms = await settleTerms(client, { ...parameters, actions: ["read"] }, options);
      return { decision: "grant-record", terms, series: seriesId(parameters.series) };
    }
    case "grant-many": {
      const grants = parameters.grants.map(({ recipient: _, ...item }) => item);
      return { decision: "grant-many", grants: await settleGrants(client, grants, options) };
    }
    case "revoke":
      return { decision: "revoke", ...targetOf(parameters) };
    case "revoke-record":
      return { decision: "revoke-record", ...targetOf(parameters), series: seriesId(parameters.series) };
    case "revoke-many": {
      const revocations = settleRevocations(parameters.revocations);
      return { decision: "revoke-many", patient: patientId(parameters.patient), revocations };
    }
    case "revoke-all":
      return { decision: "revoke-all", patient: patientId(parameters.patient) };
    case "exclude":
    case "readmit": {
      const provider = providerId(parameters.provider);
      return { decision: parameters.decision, patient: patientId(parameters.patient), provider };
    }
    case "mute":
    case "unmute": {
      const provider = parameters.provider === undefined ? {} : { provider: providerId(parameters.provider) };
      return { decision: parameters.decision, patient: patientId(parameters.patient), ...provider };
    }
    case "share":
      return { decision: "share", ...(await settleShare(client, parameters, options)) };
    case "unshare":
    case "cut":
    case "uncut":
      return { decision: parameters.decision, ...settleLink(parameters) };
  }
}

function targetOf({ patient, grantee, purpose }: RevokeConsentParameters) {
  purposeId(purpose);
  return { patient: patientId(patient), grantee: providerId(grantee), purpose };
}

/** The names given, by provider. */
function namesIn(decided: ConsentDecision, parameters: SignConsentParameters): ReadonlyMap<ProviderId, string> {
  const providers = namedIn(decided);
  const given = (): readonly string[] => {
    if ("grants" in parameters) return parameters.grants.map(({ recipient }) => recipient);
    if ("revocations" in parameters) return parameters.revocations.map(({ recipient }) => recipient);
    if ("sharer" in parameters) return [parameters.recipient, parameters.sharer];
    if ("recipient" in parameters) return [parameters.recipient];
    return "name" in parameters ? [parameters.name] : [];
  };
  const names = given();
  return new Map(providers.map((provider, index) => [provider, names[index] ?? ""]));
}

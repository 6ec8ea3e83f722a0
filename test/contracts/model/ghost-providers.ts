import {
  type Affiliation,
  type Decision,
  type Ghost,
  keeps,
  permissiveTime,
  refuse,
  requireNotOlder,
  requireSignature,
  restrictiveTime,
} from "./ghost.ts";

const pairOf = (organisation: string, practitioner: string): string => `${organisation}/${practitioner}`;
const superseded = "AffiliationSuperseded";

/** A registrar suspends, or ends a suspension. */
export function move(ghost: Ghost, name: string, isActive: boolean): void {
  const provider = ghost.providers.get(name) ?? refuse("ProviderNotRegistered");
  if (provider.isActive === isActive) refuse("ProviderStatusUnchanged");
  provider.isActive = isActive;
}

/** Providers hold one key each, which bears their name. */
function requireKey(provider: string, { signer }: Decision): void {
  if (provider !== signer) refuse("ProviderKeyUnknown");
}

function requireActive(ghost: Ghost, name: string): void {
  if (ghost.providers.get(name)?.isActive !== true) refuse("ProviderNotActive");
}

const affiliationOf = (ghost: Ghost, pair: string): Affiliation =>
  ghost.affiliations.get(pair) ?? { status: "ended", asOf: 0 };

export function propose(ghost: Ghost, organisation: string, practitioner: string, decision: Decision): void {
  const signedAt = permissiveTime(ghost, decision);
  requireActive(ghost, organisation);
  requireKey(organisation, decision);
  const pair = pairOf(organisation, practitioner);
  const { status, asOf } = affiliationOf(ghost, pair);
  if (signedAt <= asOf) refuse(superseded);
  if (status !== "ended") refuse("AffiliationStateInvalid");
  ghost.affiliations.set(pair, { status: "proposed", asOf: signedAt });
  requireSignature(ghost, decision);
}

export function accept(ghost: Ghost, organisation: string, practitioner: string, decision: Decision): void {
  const signedAt = permissiveTime(ghost, decision);
  requireActive(ghost, practitioner);
  requireKey(practitioner, decision);
  const pair = pairOf(organisation, practitioner);
  const { status, asOf } = affiliationOf(ghost, pair);
  if (signedAt < asOf) refuse(superseded);
  if (status !== "proposed") refuse("AffiliationStateInvalid");
  ghost.affiliations.set(pair, { status: "active", asOf: signedAt });
  requireSignature(ghost, decision);
}

/** By either side. */
export function end(ghost: Ghost, organisation: string, practitioner: string, decision: Decision): void {
  const signedAt = restrictiveTime(ghost, decision);
  if (decision.signer !== practitioner) requireKey(organisation, decision);
  const pair = pairOf(organisation, practitioner);
  requireNotOlder(ghost, signedAt, affiliationOf(ghost, pair).asOf, superseded);
  ghost.affiliations.set(pair, { status: "ended", asOf: signedAt });
  requireSignature(ghost, decision);
}

export const isActive = (ghost: Ghost, name: string): boolean => ghost.providers.get(name)?.isActive === true;

/** Whether the practitioner acts for the organisation. */
export function isAffiliate(ghost: Ghost, organisation: string, practitioner: string): boolean {
  const status = ghost.affiliations.get(pairOf(organisation, practitioner))?.status;
  if (status === "ended" && !keeps(ghost, "an ended affiliation lets nobody in")) return true;
  if (status === "proposed" && !keeps(ghost, "an affiliate was proposed and accepted")) return true;
  return status === "active";
}

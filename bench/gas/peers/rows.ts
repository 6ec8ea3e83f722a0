import { isMet, type Row } from "../../report/row.ts";
import type { Scenario } from "../scenario.ts";
import { measureEas } from "./eas.ts";
import { measureNaive } from "./naive.ts";
import { measureRoles } from "./roles.ts";

interface Comparison {
  /** Of the verb that stands beside the peer's. */
  readonly verb: string;
  readonly peer: string;
  readonly reference: string;
  readonly referenceValue: number;
  readonly target?: number;
  readonly note: string;
}

const GRANT_OR_ANCHOR = 0.35;
const REVOKE = 0.45;
const MANY = 100;

/** Runs `measure` on the same chain and leaves that as it was. */
async function apart<Gas>(scenario: Scenario, measure: () => Promise<Gas>): Promise<Gas> {
  const { clock } = scenario;
  const before = await scenario.request("evm_snapshot");
  const gas = await measure();
  await scenario.request("evm_revert", before);
  scenario.clock = clock;
  return gas;
}

async function easComparisons(scenario: Scenario): Promise<readonly Comparison[]> {
  const gas = await apart(scenario, () => measureEas(scenario));
  const wide = "EAS keeps the statement, of any form, and enforces none of it; ours is enforced, one slot and an event";
  const packed = "EAS with the consent packed into 15 bytes by hand, which none of its tools reads";
  const nonce = "not the signer's first: EAS counts a nonce, ours is a watermark in the same slot and shows words";
  const flag = "EAS writes a time in its own storage; ours asks who controls the patient, in another contract";
  return [
    ["grant", "eas", "EAS attest", gas.attest, GRANT_OR_ANCHOR, wide],
    ["grant", "eas-packed", "EAS attest, packed", gas.attestPacked, GRANT_OR_ANCHOR, packed],
    ["grant-signed", "eas", "EAS attestByDelegation", gas.attestSigned, GRANT_OR_ANCHOR, nonce],
    ["grant-signed", "eas-packed", "EAS attestByDelegation, packed", gas.attestPackedSigned, GRANT_OR_ANCHOR, packed],
    ["revoke", "eas", "EAS revoke", gas.revoke, REVOKE, flag],
    ["revoke-signed", "eas", "EAS revokeByDelegation", gas.revokeSigned, REVOKE, `${flag}, and shows words`],
    [
      "anchor-own",
      "eas",
      "EAS attest",
      gas.attestRecord,
      GRANT_OR_ANCHOR,
      "the patient's own: nobody's consent is asked",
    ],
    [
      "anchor",
      "eas",
      "EAS attest",
      gas.attestRecord,
      GRANT_OR_ANCHOR,
      "ours asks for the patient's consent; EAS asks nobody",
    ],
  ].map(([verb, peer, reference, referenceValue, target, note]) => ({
    ...({ verb, peer, reference, referenceValue, target, note } as Required<Comparison>),
  }));
}

async function rolesComparisons(scenario: Scenario): Promise<readonly Comparison[]> {
  const gas = await apart(scenario, () => measureRoles(scenario));
  const note =
    "one flag for ever, given by an administrator: no patient, purpose, labels, period, signature or end of everything";
  const reference = "OpenZeppelin AccessControl";
  return [
    { verb: "grant", peer: "roles", reference, referenceValue: gas.grant, note },
    {
      verb: "revoke",
      peer: "roles",
      reference,
      referenceValue: gas.revoke,
      note: `${note}; its slot is cleared and refunded`,
    },
  ];
}

async function naiveComparisons(scenario: Scenario, others: number): Promise<readonly Comparison[]> {
  const gas = await apart(scenario, () => measureNaive(scenario, others));
  const reference = `naive EHR, ${others} other grants`;
  const peer = `naive-${others}`;
  const note = "accounts instead of providers, words and CIDs as strings, arrays searched by loops; no signatures";
  return [
    { verb: "grant", peer, reference, referenceValue: gas.grant, target: 1, note },
    { verb: "revoke", peer, reference, referenceValue: gas.revoke, note },
    { verb: "anchor", peer, reference, referenceValue: gas.add, target: 1, note },
  ];
}

function rowOf({ verb, peer, note, ...compared }: Comparison, ours: readonly Row[]): Row {
  const own = ours.find(({ id }) => id === verb);
  if (own === undefined) throw new Error(`${verb} was not measured.`);
  const { what, value, unit } = own;
  const row = { id: `${verb}-beside-${peer}`, what, value, unit, ratio: value / compared.referenceValue, ...compared };
  return { ...row, ...(row.target === undefined ? {} : { met: isMet(row) }), note };
}

/** Our verbs, as measured in the same run, beside what others do for the same purpose. */
export async function peerRows(scenario: Scenario, ours: readonly Row[]): Promise<readonly Row[]> {
  const comparisons = [
    ...(await easComparisons(scenario)),
    ...(await rolesComparisons(scenario)),
    ...(await naiveComparisons(scenario, 1)),
    ...(await naiveComparisons(scenario, MANY)),
  ];
  return comparisons.map((comparison) => rowOf(comparison, ours));
}

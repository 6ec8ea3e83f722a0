import { accessGateAbi } from "@anamnesis/sdk/abi";
import { type Hex, noId, type PatientId, type ProviderId, type SessionId } from "@anamnesis/sdk/internal";
import { Interface, type Result } from "ethers";
import type { SessionOpened } from "./chain.ts";

const gate = new Interface(accessGateAbi);
const lower = (value: string): Hex => value.toLowerCase() as Hex;

const EMERGENCY = 2;
const FAMILY = 9;
/** `DelegateKind.Guardian`. */
const GUARDIAN = 1;

/** Topic 0 of every event that opens a session. */
export const openingTopics = ["SessionOpened", "DelegateSessionOpened", "EmergencyOpened"].map(
  (name) => gate.getEvent(name)?.topicHash as Hex,
);

/** The opening that a log of the gate tells of; undefined for any other log. */
export function sessionOfLog(log: { readonly topics: readonly Hex[]; readonly data: Hex }): SessionOpened | undefined {
  if (!openingTopics.includes(log.topics[0] as Hex)) return undefined;
  const parsed = gate.parseLog({ topics: [...log.topics], data: log.data }) as { name: string; args: Result };
  const { args } = parsed;
  const common = {
    sessionId: lower(args.getValue("sessionId")) as SessionId,
    patient: lower(args.getValue("patient")) as PatientId,
    labels: args.getValue("labels") as bigint,
    sessionKeyHash: lower(args.getValue("sessionKeyHash")),
  };
  switch (parsed.name) {
    case "DelegateSessionOpened":
      return {
        kind: "delegate",
        ...common,
        delegate: lower(args.getValue("delegate")),
        // An address in 32 bytes is the id of no provider: those are hashes.
        actor: `0x${lower(args.getValue("delegate")).slice(2).padStart(64, "0")}` as ProviderId,
        isGuardian: Number(args.getValue("kind")) === GUARDIAN,
        purpose: FAMILY,
        series: lower(args.getValue("series")),
        expiresAt: Number(args.getValue("expiresAt")),
        grantTag: lower(args.getValue("appointmentTag")),
      };
    case "EmergencyOpened":
      return {
        kind: "emergency",
        ...common,
        actor: lower(args.getValue("actor")) as ProviderId,
        purpose: EMERGENCY,
        series: noId,
        from: Number(args.getValue("from")),
        expiresAt: Number(args.getValue("until")),
        grantTag: common.sessionId,
      };
    default: {
      const via = args.getValue("via") as Result;
      return {
        kind: "consent",
        ...common,
        actor: lower(args.getValue("actor")) as ProviderId,
        via: {
          organisation: lower(via.getValue("organisation")) as ProviderId,
          chain: [...(via.getValue("chain") as Result)].map((id) => lower(id) as ProviderId),
          bySeries: via.getValue("bySeries"),
        },
        purpose: Number(args.getValue("purpose")),
        series: lower(args.getValue("series")),
        expiresAt: Number(args.getValue("expiresAt")),
        grantTag: lower(args.getValue("grantTag")),
      };
    }
  }
}

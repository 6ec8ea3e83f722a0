import type { Hex } from "../../core/bytes.ts";
import { noId, patientId, providerId, seriesId, sessionId } from "../../core/ids.ts";
import { emergencyReasons, reasonOf } from "../../core/reasons.ts";
import type { Address, DelegateKind, DelegateSession, EmergencySession } from "../../core/types.ts";
import { labelsOfMask } from "../../core/vocabulary.ts";
import { AnamnesisError } from "../../errors/index.ts";

type Args = Readonly<Record<string, unknown>>;

/** In the order of the contract's `DelegateKind`; 0 is none. */
const delegateKinds = ["guardian", "proxy", "executor"] as const satisfies readonly DelegateKind[];

function delegateKindOf(kind: unknown): DelegateKind {
  const found = delegateKinds[Number(kind) - 1];
  if (!found) throw new AnamnesisError("CHAIN_ANSWER_INVALID", { delegateKind: Number(kind) });
  return found;
}

/** The arguments of a `DelegateSessionOpened` event. */
export function delegateSessionOfEvent(args: Args): DelegateSession {
  const series = String(args["series"]);
  return {
    sessionId: sessionId(String(args["sessionId"])),
    patient: patientId(String(args["patient"])),
    delegate: String(args["delegate"]).toLowerCase() as Address,
    delegateKind: delegateKindOf(args["kind"]),
    labels: labelsOfMask(args["labels"] as bigint),
    series: series === noId ? undefined : seriesId(series),
    sessionKeyHash: String(args["sessionKeyHash"]) as Hex,
    expiresAt: Number(args["expiresAt"]),
    appointmentTag: String(args["appointmentTag"]) as Hex,
  };
}

/** The arguments of an `EmergencyOpened` event. */
export function emergencySessionOfEvent(args: Args): EmergencySession {
  return {
    sessionId: sessionId(String(args["sessionId"])),
    patient: patientId(String(args["patient"])),
    actor: providerId(String(args["actor"])),
    colleague: providerId(String(args["colleague"])),
    labels: labelsOfMask(args["labels"] as bigint),
    series: undefined,
    reason: reasonOf(emergencyReasons, args["reason"] as bigint).name,
    sessionKeyHash: String(args["sessionKeyHash"]) as Hex,
    from: Number(args["from"]),
    expiresAt: Number(args["until"]),
  };
}

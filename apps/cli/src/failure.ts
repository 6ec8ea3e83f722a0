import { isAnamnesisError } from "@anamnesis/sdk";
import colours from "picocolors";

/** Something outside the network that stands in a command's way, such as a file that is not there. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}

/** For people, on standard error. */
export function failureText(error: unknown): string {
  const mark = colours.red("✗");
  if (isAnamnesisError(error)) {
    const { shortMessage, remedy, code, details } = error;
    const listed = Object.entries(details).flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`]));
    const place = [...listed, code].join(", ");
    return `${mark} ${shortMessage} ${remedy}\n  ${colours.dim(place)}`;
  }
  if (error instanceof CommandFailure) return `${mark} ${error.message}`;
  return `${mark} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

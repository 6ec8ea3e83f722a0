import { makeCertificates, type Subject } from "@anamnesis/node/steward";
import { InvalidArgumentError } from "commander";

/** `NAME=HOST,HOST`, repeated. */
export function subjectArgument(text: string, before: readonly Subject[] = []): readonly Subject[] {
  const [, name, hosts] = /^([a-z0-9][a-z0-9-]{0,62})=([^,=\s]+(?:,[^,=\s]+)*)$/.exec(text) ?? [];
  if (name === undefined || hosts === undefined) {
    throw new InvalidArgumentError("a name and its hosts, such as steward-1=127.0.0.1,localhost");
  }
  return [...before, { name, hosts: hosts.split(",") }];
}

/** Makes a private authority and a certificate for each steward. @throws SERVICE_CERTIFICATE_INVALID */
export async function certificates(options: {
  readonly directory: string;
  readonly steward: readonly Subject[];
}): Promise<void> {
  for (const files of await makeCertificates(options.directory, options.steward)) {
    process.stdout.write(`${JSON.stringify({ tls: files }, undefined, 2)}\n`);
  }
}

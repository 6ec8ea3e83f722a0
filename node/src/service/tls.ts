import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { AnamnesisError } from "@anamnesis/sdk/errors";

/** PEM files: a certificate with its key, and the private authority that others' certificates must come from. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
}

/**
 * What a TLS server or client takes. A client's certificate is asked for and looked at, but not demanded of everybody:
 * patients and providers have none. Routes between stewards refuse whoever showed none of the authority's.
 * @throws SERVICE_CERTIFICATE_INVALID naming the file
 */
export function tlsOptions(files: TlsFiles) {
  const read = (path: string): Buffer => {
    try {
      return readFileSync(path);
    } catch (cause) {
      throw new AnamnesisError("SERVICE_CERTIFICATE_INVALID", { file: path }, { cause });
    }
  };
  const pair = { cert: read(files.certificate), key: read(files.key), ca: read(files.authority) };
  try {
    createSecureContext(pair);
  } catch {
    // What OpenSSL says of a key is for nobody's log.
    throw new AnamnesisError("SERVICE_CERTIFICATE_INVALID", { file: files.certificate });
  }
  return { ...pair, minVersion: "TLSv1.3" as const, requestCert: true, rejectUnauthorized: false };
}

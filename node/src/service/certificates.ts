import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
// The X.509 library finds its parts through decorators, which need this first.
import "reflect-metadata";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import { randomBytes } from "@anamnesis/sdk/internal";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { TlsFiles } from "./tls.ts";

/** A service that gets a certificate: its name, and the hosts it is reached at. */
export interface Subject {
  readonly name: string;
  readonly hosts: readonly string[];
}

interface Authority {
  readonly certificate: X509Certificate;
  readonly key: CryptoKey;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const YEAR = 365 * 86_400_000;

/** Named each time: libraries of others set the X.509 library's own. */
const { crypto } = globalThis;

const newKeys = (): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;

/** 16 random bytes, positive as the standard wants. */
const serialNumber = (): string => Buffer.from(randomBytes(16)).toString("hex").replace(/^./, "1");

/** From an hour ago, for clocks that are behind. */
const validity = (years: number) => ({
  notBefore: new Date(Date.now() - 3_600_000),
  notAfter: new Date(Date.now() + years * YEAR),
});

async function pemOfKey(key: CryptoKey): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

function write(path: string, text: string, mode: number): void {
  writeFileSync(path, `${text}\n`, { mode, flag: "wx" });
}

async function makeAuthority(name: string): Promise<Authority & { readonly pem: string }> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: [{ CN: [name] }],
      ...validity(10),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        // It signs services, and no other authority.
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  return { certificate, key: keys.privateKey, pem: await pemOfKey(keys.privateKey) };
}

async function loadAuthority(folder: string): Promise<Authority> {
  const [certificatePath, keyPath] = authorityFiles(folder);
  try {
    const encoded = PemConverter.decodeFirst(readFileSync(keyPath, "utf8"));
    const key = await crypto.subtle.importKey("pkcs8", encoded, algorithm, false, ["sign"]);
    return { certificate: new X509Certificate(readFileSync(certificatePath, "utf8")), key };
  } catch {
    throw new AnamnesisError("SERVICE_CERTIFICATE_INVALID", { file: keyPath });
  }
}

const authorityFiles = (folder: string) => [join(folder, "authority.pem"), join(folder, "authority.key.pem")] as const;

async function issue(
  authority: Authority,
  { name, hosts }: Subject,
): Promise<readonly [certificate: string, key: string]> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: serialNumber(),
      subject: [{ CN: [name] }],
      issuer: authority.certificate.subject,
      ...validity(2),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: authority.key,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        // Stewards ask each other: each is a client too.
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
        new SubjectAlternativeNameExtension(
          hosts.map((value) => ({ type: isIP(value) === 0 ? ("dns" as const) : ("ip" as const), value })),
        ),
      ],
    },
    crypto,
  );
  return [certificate.toString("pem"), await pemOfKey(keys.privateKey)];
}

/**
 * Makes a private authority in a folder, unless one is there already, and a certificate with its key for each subject. Nothing
 * that exists is written over. The authority's key belongs to nobody's server: keep it apart, and off line.
 * @throws SERVICE_CERTIFICATE_INVALID for an authority that cannot be read, or a subject that has a certificate
 */
export async function makeCertificates(folder: string, subjects: readonly Subject[]): Promise<readonly TlsFiles[]> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const filesOf = ({ name }: Subject): TlsFiles => ({
    certificate: join(folder, `${name}.pem`),
    key: join(folder, `${name}.key.pem`),
    authority: authorityFiles(folder)[0],
  });
  for (const { certificate } of subjects.map(filesOf)) {
    if (existsSync(certificate)) throw new AnamnesisError("SERVICE_CERTIFICATE_INVALID", { exists: certificate });
  }
  if (!existsSync(authorityFiles(folder)[0])) {
    const { certificate, pem } = await makeAuthority("Anamnesis private authority");
    write(authorityFiles(folder)[1], pem, 0o600);
    write(authorityFiles(folder)[0], certificate.toString("pem"), 0o644);
  }
  const authority = await loadAuthority(folder);
  const made: TlsFiles[] = [];
  for (const subject of subjects) {
    const files = filesOf(subject);
    const [certificate, key] = await issue(authority, subject);
    write(files.key, key, 0o600);
    write(files.certificate, certificate, 0o644);
    made.push(files);
  }
  return made;
}

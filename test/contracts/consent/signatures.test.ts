import { expect } from "chai";
import { Signature } from "ethers";
import { consentGrantData, consentRevocationData } from "../../../sdk/src/typed-data/index.ts";
import {
  bySignature,
  DAY,
  ethers,
  LIFETIME,
  load,
  nextSecond,
  now,
  refuses,
  sign,
  signingContract,
  termsOf,
} from "../fixture.ts";
import { agreementOf, decideGrant, decideRevoke, slotOf } from "./decisions.ts";

const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The other signature of the same message by the same key. */
function malleated(signature: string): string {
  const { r, s, v } = Signature.from(signature);
  return ethers.concat([r, ethers.toBeHex(curveOrder - BigInt(s), 32), v === 27 ? "0x1c" : "0x1b"]);
}

describe("Signatures of ConsentRegistry", () => {
  it("bind every argument: whatever a relayer changes is refused", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    const { authorization } = await decideGrant(f, bySignature, agreement, { deadline: (await now()) + DAY });
    const terms = termsOf(agreement);
    const changes = [
      { grantee: f.hospital.provider },
      { purpose: 5 },
      { labels: terms.labels | (1n << 51n) },
      { labels: 1n << 9n },
      { actions: 1 },
      { actions: 7 },
      { notBefore: terms.notBefore - 60 },
      { notAfter: terms.notAfter + 60 },
      { document: ethers.id("another text") },
    ];
    const grant = (termChanges: object, authorizationChanges: object) =>
      f.consents.connect(f.relayer).grant({ ...terms, ...termChanges }, { ...authorization, ...authorizationChanges });
    const refused = ["AuthorizationSignatureInvalid", f.alice.wallet.address] as const;
    for (const change of changes) await refuses(grant(change, {}), f.consents, ...refused);
    for (const change of [{ signedAt: authorization.signedAt - 1 }, { deadline: authorization.deadline - 1 }]) {
      await refuses(grant({}, change), f.consents, ...refused);
    }
    await refuses(
      grant({ patient: f.bob.patient }, {}),
      f.consents,
      "PatientSignerNotController",
      f.bob.patient,
      f.alice.wallet.address,
    );
    await refuses(
      grant({ patient: f.bob.patient }, { signer: f.bob.wallet.address }),
      f.consents,
      "AuthorizationSignatureInvalid",
      f.bob.wallet.address,
    );
    expect((await slotOf(f, agreement)).serial).to.equal(0n);
    await grant({}, {});
    expect((await slotOf(f, agreement)).serial).to.equal(1n);
  });

  it("bind the arguments of a revocation", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    const times = { deadline: (await now()) + DAY };
    const { authorization, submit } = await decideRevoke(f, bySignature, agreement, times);
    const refused = ["AuthorizationSignatureInvalid", f.alice.wallet.address] as const;
    const revoke = (grantee: string, purpose: number, changes: object = {}) =>
      f.consents.connect(f.relayer).revoke(f.alice.patient, grantee, purpose, { ...authorization, ...changes });
    await refuses(revoke(f.hospital.provider, 1), f.consents, ...refused);
    await refuses(revoke(f.clinic.provider, 5), f.consents, ...refused);
    await refuses(revoke(f.clinic.provider, 1, { signedAt: authorization.signedAt - 1 }), f.consents, ...refused);
    await submit();
  });

  it("count for one verb only", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    const grant = await decideGrant(f, bySignature, agreement);
    const { submit, authorization } = await decideRevoke(f, bySignature, agreement);
    const revoke = f.consents
      .connect(f.relayer)
      .revoke(f.alice.patient, f.clinic.provider, 1, { ...authorization, signature: grant.authorization.signature });
    await refuses(revoke, f.consents, "AuthorizationSignatureInvalid", f.alice.wallet.address);
    await submit();
  });

  it("must be 65 bytes of the signer, with v 27 or 28 and s in the lower half", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    const { authorization } = await decideGrant(f, bySignature, agreement);
    const { signature } = authorization;
    const other = await sign(
      f.mallory,
      consentGrantData(await signingContract(f.consents), { ...agreement, ...authorization }),
    );
    const unusable = {
      malleated: malleated(signature),
      compact: Signature.from(signature).compactSerialized,
      "one byte short": signature.slice(0, -2),
      "one byte long": `${signature}00`,
      "one byte": "0x00",
      "v of 0": `${signature.slice(0, -2)}00`,
      "v of 29": `${signature.slice(0, -2)}1d`,
      zeros: `0x${"00".repeat(65)}`,
      "somebody else's": other,
    };
    for (const wrong of Object.values(unusable)) {
      const call = f.consents.connect(f.relayer).grant(termsOf(agreement), { ...authorization, signature: wrong });
      await refuses(call, f.consents, "AuthorizationSignatureInvalid", f.alice.wallet.address);
    }
    await f.consents.connect(f.relayer).grant(termsOf(agreement), authorization);
  });

  it("count on one chain and for one contract only", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    const here = await signingContract(f.consents);
    const signedAt = await nextSecond();
    const times = { signedAt, deadline: signedAt + LIFETIME };
    const elsewhere = [
      { ...here, chainId: here.chainId + 1 },
      await signingContract(f.patients),
      { ...here, contract: f.mallory.address as `0x${string}` },
    ];
    const grant = async (domain: typeof here, changes: object = {}) => {
      const data = consentGrantData(domain, { ...agreement, ...times });
      const signature = await sign(f.alice.wallet, { ...data, domain: { ...data.domain, ...changes } });
      const authorization = { signer: f.alice.wallet.address, ...times, signature };
      return f.consents.connect(f.relayer).grant(termsOf(agreement), authorization);
    };
    for (const domain of elsewhere) {
      await refuses(grant(domain), f.consents, "AuthorizationSignatureInvalid", f.alice.wallet.address);
    }
    for (const changes of [{ name: "Anamnesia" }, { version: "2" }]) {
      await refuses(grant(here, changes), f.consents, "AuthorizationSignatureInvalid", f.alice.wallet.address);
    }
    await grant(here);
  });

  it("bind the recipient's registered name", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    const renamed = { ...agreement, recipient: "Riverside  Clinic" };
    const grant = await decideGrant(f, bySignature, renamed);
    await refuses(grant.submit(), f.consents, "AuthorizationSignatureInvalid", f.alice.wallet.address);
    const revocation = await decideRevoke(f, bySignature, renamed);
    await refuses(revocation.submit(), f.consents, "AuthorizationSignatureInvalid", f.alice.wallet.address);
    await (await decideGrant(f, bySignature, agreement)).submit();
  });

  it("may be empty only for the signer's own call", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    const { authorization } = await decideGrant(f, bySignature, agreement);
    const values = [f.alice.wallet.address, f.mallory.address];
    const grant = f.consents.connect(f.mallory).grant(termsOf(agreement), { ...authorization, signature: "0x" });
    await refuses(grant, f.consents, "AuthorizationSignerNotCaller", ...values);
    const revoke = f.consents.connect(f.mallory).revoke(f.alice.patient, f.clinic.provider, 1, {
      signer: f.alice.wallet,
      signedAt: 0,
      deadline: 0,
      signature: "0x",
    });
    await refuses(revoke, f.consents, "AuthorizationSignerNotCaller", ...values);
  });

  it("are of nobody when the signer is the zero address", async () => {
    const f = await load();
    const agreement = await agreementOf(f, { patient: ethers.ZeroHash as never });
    const { authorization } = await decideGrant(f, bySignature, agreement);
    const call = f.consents.connect(f.relayer).grant(termsOf(agreement), {
      ...authorization,
      signer: ethers.ZeroAddress,
      signature: `0x${"00".repeat(65)}`,
    });
    await refuses(call, f.consents, "PatientNotRegistered", ethers.ZeroHash);
  });

  it("show the recipient and every term in words before any hex", async () => {
    const f = await load();
    const agreement = await agreementOf(f, { from: 1_700_000_040, until: 1_795_132_800 });
    const times = { signedAt: 1, deadline: 2 };
    const { message } = consentGrantData(await signingContract(f.consents), { ...agreement, ...times });
    expect(Object.entries(message).slice(0, 6)).to.deep.equal([
      ["recipient", "Riverside Clinic"],
      ["purpose", "treatment"],
      ["records", ["prescriptions and medicines", "lab results"]],
      ["actions", ["read", "add"]],
      ["from", "2023-11-14 22:14 UTC"],
      ["until", "2026-11-20 00:00 UTC"],
    ]);
    const revocation = consentRevocationData(await signingContract(f.consents), { ...agreement, ...times });
    expect(Object.keys(revocation.message).slice(0, 2)).to.deep.equal(["recipient", "purpose"]);
  });
});

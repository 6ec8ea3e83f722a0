import { expect } from "chai";
import { verifyTypedData, Wallet } from "ethers";
import { chainSigner } from "../../../sdk/src/chain/signer.ts";
import {
  envelopeSyncPermission,
  keyRecoveryPermission,
  permissionMessage,
  recordResealPermission,
} from "../../../sdk/src/stewards/index.ts";
import {
  consentGrantData,
  consentGrantsData,
  consentRequestData,
  consentShareData,
  encodedTypes,
  providerExclusionData,
  recordConsentGrantData,
  requestMuteData,
  shareCutData,
  type TypedData,
  type TypedDataName,
} from "../../../sdk/src/typed-data/index.ts";
import { typedData } from "../../../sdk/src/typed-data/types.ts";

interface Field {
  readonly name: string;
  readonly type: string;
}
interface Payload {
  readonly types: Readonly<Record<string, readonly Field[]>>;
  readonly primaryType: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/**
 * What MetaMask shows of a message: one line for each value, under its field's name, in the order of the message; what the types do not know
 * is left out, items of arrays are numbered, and values stand as they are.
 */
function displayed({ types, primaryType, message }: Payload): { label: string; value: string }[] {
  const known = types[primaryType] ?? [];
  return Object.entries(message).flatMap(([label, value]) => {
    const field = known.find(({ name }) => name === label);
    if (!field) return [];
    if (!field.type.endsWith("[]")) return [{ label, value: String(value) }];
    const inner = field.type.slice(0, -2);
    return (value as unknown[]).flatMap((item, index) =>
      inner in types
        ? displayed({ types, primaryType: inner, message: item as Payload["message"] })
        : [{ label: `${label} ${index}`, value: String(item) }],
    );
  });
}

const key = new Wallet(`0x${"42".repeat(32)}`);

/** A wallet in a browser: it shows what it is asked to sign, and signs it. */
function wallet() {
  const shown: Payload[] = [];
  return {
    shown,
    request: async ({ method, params = [] }: { method: string; params?: readonly unknown[] }): Promise<unknown> => {
      if (method === "eth_requestAccounts") return [key.address];
      if (method === "eth_chainId") return "0x7a69";
      if (method !== "eth_signTypedData_v4") throw new Error(method);
      const payload = JSON.parse(String(params[1])) as Payload & { domain: object };
      shown.push(payload);
      const { EIP712Domain: _, ...types } = payload.types as Record<string, Field[]>;
      return key.signTypedData(payload.domain, types, payload.message);
    },
  };
}

/** Signs through the SDK and a browser wallet; returns the lines that were on the screen. */
async function show(data: TypedData): Promise<{ label: string; value: string }[]> {
  const browser = wallet();
  const signer = await chainSigner(browser, 31_337);
  const signature = await signer.signTypedData(data);
  const types = data.types as Record<string, Field[]>;
  expect(verifyTypedData(data.domain, types, data.message, signature)).to.equal(key.address);
  expect(browser.shown).to.have.length(1);
  return displayed(browser.shown[0] as Payload);
}

const contract = { chainId: 31_337, contract: `0x${"12".repeat(20)}` } as const;
const id = (byte: string) => `0x${byte.repeat(32)}` as never;
const times = { signedAt: 1_795_132_800, deadline: 1_795_219_200 };
const isTechnical = (value: string): boolean =>
  /0x[0-9a-f]{8,}/i.test(value) || (/^\d+$/.test(value) && Number(value) > 1e6);

/** A message of any type, out of what its members may hold. */
function sample(name: TypedDataName): TypedData {
  const { types } = typedData(name, contract, {});
  const sampleOf = (type: string): unknown => {
    if (type.endsWith("[]")) return [sampleOf(type.slice(0, -2)), sampleOf(type.slice(0, -2))];
    if (types[type]) return messageOf(type);
    if (type === "string") return "some words";
    if (type === "address") return `0x${"34".repeat(20)}`;
    if (type.startsWith("bytes")) return id("56");
    return type === "uint40" ? times.signedAt : 3;
  };
  const messageOf = (struct: string): Record<string, unknown> =>
    Object.fromEntries((types[struct] ?? []).map((field) => [field.name, sampleOf(field.type)]));
  return typedData(name, contract, messageOf(name) as never);
}

describe("What a wallet displays", () => {
  const names = (Object.keys(encodedTypes) as TypedDataName[]).filter((name) => name !== "CommitteePublication");

  it("has no number above a million and no hex in the first six lines, or before all words are told", async () => {
    let full = 0;
    for (const name of names) {
      const lines = await show(sample(name));
      const members = [...encodedTypes[name].matchAll(/string(\[\])? /g)].length;
      const firstTechnical = lines.findIndex(({ value }) => isTechnical(value));
      const words = lines.filter(({ value }) => value === "some words");
      expect(words, name).to.have.length.of.at.least(Math.min(members, 1));
      // The first struct of a batch is told as a single one is.
      const told = lines.slice(0, firstTechnical).every(({ value }) => value === "some words");
      expect(told, name).to.equal(true);
      const ofOne = name.endsWith("s") ? lines.slice(0, firstTechnical).length : words.length;
      expect(firstTechnical, name).to.be.at.least(Math.min(6, ofOne));
      if (firstTechnical >= 6) full++;
    }
    expect(full).to.be.greaterThan(5);
    expect(names.length).to.be.greaterThan(40);
  });

  it("says first what a device may do for its patient, each permission in words of its own", async () => {
    const permissions = [envelopeSyncPermission, keyRecoveryPermission, recordResealPermission];
    const first = [];
    for (const permission of permissions) {
      const types = permission.types as Record<string, Field[]>;
      const authorization = { patient: id("aa"), signer: id("bb"), ...times };
      const message = permissionMessage(permission, authorization, id("cc")) as never;
      const domain = {
        name: "Anamnesis",
        version: "1",
        chainId: 31_337,
        verifyingContract: contract.contract,
      } as const;
      const lines = await show({ domain, types, primaryType: Object.keys(types)[0], message } as unknown as TypedData);
      expect(lines.findIndex(({ value }) => isTechnical(value))).to.equal(1);
      first.push(lines[0]?.value);
    }
    expect(first).to.deep.equal([
      "copy my records to this device",
      "open my old records after a recovery",
      "seal my records to my new key",
    ]);
  });

  it("would be caught with an id in front", async () => {
    const bad = sample("CommitteePublication");
    const lines = await show(bad);
    expect(lines.findIndex(({ value }) => isTechnical(value))).to.equal(0);
  });

  const terms = {
    patient: id("aa"),
    grantee: id("bb"),
    recipient: "Riverside Clinic",
    purpose: "treatment" as const,
    labels: ["laboratory", "medications"] as const,
    actions: ["read", "write"] as const,
    from: 1_795_132_800,
    until: 1_797_724_800,
    ...times,
  };
  const grantLines = [
    { label: "recipient", value: "Riverside Clinic" },
    { label: "purpose", value: "treatment" },
    { label: "records 0", value: "prescriptions and medicines" },
    { label: "records 1", value: "lab results" },
    { label: "actions 0", value: "read" },
    { label: "actions 1", value: "add" },
    { label: "from", value: "2026-11-20 00:00 UTC" },
    { label: "until", value: "2026-12-20 00:00 UTC" },
  ];

  it("is a permission's every term", async () => {
    expect((await show(consentGrantData(contract, terms))).slice(0, 8)).to.deep.equal(grantLines);
    expect((await show(consentRequestData(contract, terms))).slice(0, 8)).to.deep.equal(grantLines);
    const share = consentShareData(contract, { ...terms, chain: [id("cc")], parentSerial: 1 });
    expect((await show(share)).slice(0, 8)).to.deep.equal(grantLines);
  });

  it("says of a permission for one record that it is no more", async () => {
    const lines = await show(recordConsentGrantData(contract, { ...terms, series: id("dd") }));
    expect(lines.slice(0, 3)).to.deep.equal([...grantLines.slice(0, 2), { label: "scope", value: "one record only" }]);
    expect(lines.slice(3, 9)).to.deep.equal(grantLines.slice(2));
  });

  it("tells of a batch each item whole, one after the other", async () => {
    const other = { ...terms, recipient: "General Hospital", series: id("dd") };
    const lines = await show(consentGrantsData(contract, { grants: [other, terms], ...times }));
    expect(lines.slice(0, 8)).to.deep.equal(grantLines);
    const second = lines.findIndex(({ value }) => value === "General Hospital");
    expect(lines[second + 2]).to.deep.equal({ label: "scope", value: "one record only" });
  });

  it("names who is shut out, and what is cut, in a sentence's order", async () => {
    const about = { patient: id("aa"), provider: id("bb"), name: "Dr Ann Baker", ...times };
    expect((await show(providerExclusionData(contract, about))).slice(0, 2)).to.deep.equal([
      { label: "action", value: "shut out, in emergencies too" },
      { label: "provider", value: "Dr Ann Baker" },
    ]);
    const everybody = { patient: id("aa"), provider: undefined, name: undefined, ...times };
    expect((await show(requestMuteData(contract, everybody))).slice(0, 2)).to.deep.equal([
      { label: "action", value: "refuse requests of" },
      { label: "provider", value: "everybody" },
    ]);
    const link = { patient: id("aa"), chain: [id("cc")], grantee: id("bb"), recipient: "Harbour Laboratory" };
    const cut = { ...link, sharer: "Riverside Clinic", purpose: "treatment" as const, ...times };
    expect((await show(shareCutData(contract, cut))).slice(0, 3).map(({ value }) => value)).to.deep.equal([
      "Harbour Laboratory",
      "treatment",
      "Riverside Clinic",
    ]);
  });
});

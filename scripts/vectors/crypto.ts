import { readFileSync, writeFileSync } from "node:fs";
import { toHex, utf8 } from "../../sdk/src/core/bytes.ts";
import {
  type Capsule,
  commitmentOf,
  type FloeParameters,
  floeEncrypt,
  hpkeSeal,
  openCapsule,
  ownerKeyHash,
  ownerKeyPair,
  padmeLength,
  partialDecryptBatch,
  sealCapsule,
  sessionKeyHash,
  signBytes,
  signingKeyPair,
  verifyPartialBatch,
  xwingKeyPair,
} from "../../sdk/src/crypto/index.ts";
import { seededRandom } from "../../test/sdk/crypto/seeded-random.ts";
import { ceremony } from "../../test/sdk/crypto/threshold/ceremony.ts";
import { dealingOf, resharing } from "../../test/sdk/crypto/threshold/resharing.ts";

// Writes the known answers of our own formats: `node --conditions=anamnesis-source scripts/vectors/crypto.ts`, with
// `--check` compares instead. They are frozen: a change here is a change of format and needs a new version name.

const hexCapsule = (capsule: Capsule) => ({
  U: toHex(capsule.U),
  Ubar: toHex(capsule.Ubar),
  challenge: toHex(capsule.challenge),
  response: toHex(capsule.response),
  sealed: toHex(capsule.sealed),
});

async function floeVectors() {
  const tiny: FloeParameters = { encryptedSegmentLength: 64, rotationMask: 20 };
  const rotating: FloeParameters = { encryptedSegmentLength: 40, rotationMask: 2 };
  const lengths = [0, 1, 31, 32, 33, 64, 65].map((length) => ({ length, parameters: tiny }));
  const cases = [...lengths, { length: 83, parameters: rotating }];
  return Promise.all(
    cases.map(async ({ length, parameters }) => {
      const name = `${length} bytes, segments of ${parameters.encryptedSegmentLength}, mask ${parameters.rotationMask}`;
      const random = seededRandom(`floe/${name}`);
      const key = random(32);
      const plaintext = random(length);
      const aad = utf8("anamnesis/body/v1");
      const { header, body } = await floeEncrypt({ key, aad, plaintext, parameters, random });
      const hex = { key: toHex(key), aad: toHex(aad), plaintext: toHex(plaintext) };
      return { name, parameters, ...hex, header: toHex(header), body: toHex(body) };
    }),
  );
}

async function thresholdVectors() {
  const threshold = 3;
  const members = ceremony({ threshold, size: 5, seed: "vectors" });
  const { groupKey, keyId, verifyingShares, transcriptHash } = members[0] as (typeof members)[0];
  const labels = ["first label", "second label"].map(utf8);
  const secrets = labels.map((_, i) => seededRandom(`secret/${i}`)(32));
  const capsules = await Promise.all(
    labels.map((label, i) =>
      sealCapsule({ groupKey, label, secret: secrets[i] as Uint8Array, random: seededRandom(`capsule/${i}`) }),
    ),
  );
  const U = capsules.map((capsule) => capsule.U);
  const partials = members.map(({ member, share }) => {
    const verifyingShare = verifyingShares[member - 1] as Uint8Array;
    const partial = partialDecryptBatch({ share, verifyingShare, U, random: seededRandom(`partial/${member}`) });
    const points = verifyPartialBatch({ verifyingShare, U, partial }) || [];
    return { member, partial, points };
  });
  for (const [i, capsule] of capsules.entries()) {
    const verified = partials.map(({ member, points }) => ({ member, point: points[i] as Uint8Array }));
    await openCapsule({ capsule, label: labels[i] as Uint8Array, partials: verified, threshold });
  }
  return {
    threshold,
    size: members.length,
    groupKey: toHex(groupKey),
    keyId,
    transcriptHash: toHex(transcriptHash),
    shares: members.map(({ share }) => toHex(share)),
    verifyingShares: verifyingShares.map(toHex),
    capsules: capsules.map((capsule, i) => ({
      label: toHex(labels[i] as Uint8Array),
      secret: toHex(secrets[i] as Uint8Array),
      capsule: hexCapsule(capsule),
    })),
    partials: partials.map(({ member, partial, points }) => ({
      member,
      R: toHex(partial.R),
      E1: partial.E1.map(toHex),
      proof1: toHex(partial.proof1),
      E2: partial.E2.map(toHex),
      proof2: toHex(partial.proof2),
      points: points.map(toHex),
    })),
  };
}

/** Three of five become four of six, dealt by members 1, 3 and 4; a capsule of the first epoch opens in the second. */
async function reshareVectors() {
  const old = ceremony({ threshold: 3, size: 5, seed: "vectors" });
  const options = { old, dealers: [1, 3, 4], threshold: 4, size: 6, seed: "reshare" };
  const { dealers, threshold, size } = options;
  const dealt = dealers.map((member) => dealingOf(old, member, options));
  const results = resharing(options);
  const { groupKey, keyId, verifyingShares, transcriptHash } = results[0] as (typeof results)[0];
  const label = utf8("first label");
  const capsule = await sealCapsule({
    groupKey,
    label,
    secret: seededRandom("secret/0")(32),
    random: seededRandom("capsule/0"),
  });
  const partials = results.slice(0, threshold).map(({ member, share }) => {
    const verifyingShare = verifyingShares[member - 1] as Uint8Array;
    const partial = partialDecryptBatch({ share, verifyingShare, U: [capsule.U] });
    const [point] = verifyPartialBatch({ verifyingShare, U: [capsule.U], partial }) || [];
    return { member, point: point as Uint8Array };
  });
  await openCapsule({ capsule, label, partials, threshold });
  return {
    previous: { threshold: 3, shares: old.map(({ share }) => toHex(share)) },
    dealers,
    threshold,
    size,
    groupKey: toHex(groupKey),
    keyId,
    dealt: dealt.map(({ broadcast, shares }) => ({
      member: broadcast.member,
      commitment: broadcast.commitment.map(toHex),
      shares: shares.map(({ share }) => toHex(share)),
    })),
    transcriptHash: toHex(transcriptHash),
    shares: results.map(({ share }) => toHex(share)),
    verifyingShares: verifyingShares.map(toHex),
  };
}

async function keyVectors() {
  const root = seededRandom("root")(32);
  const owner = await Promise.all(
    [1, 2, 256].map(async (version) => {
      const { publicKey, privateKey } = await ownerKeyPair(root, version);
      return { version, privateKey: toHex(privateKey), ownerKeyHash: ownerKeyHash(publicKey) };
    }),
  );
  const receive = await xwingKeyPair(seededRandom("receive")(32));
  const ask = signingKeyPair(seededRandom("ask")(32));
  const [info, aad, plaintext] = ["anamnesis/own/v1", "aad", "sealed to the owner"].map(utf8) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const encapsulationSeed = seededRandom("encapsulation")(64);
  const sealed = await hpkeSeal({ publicKey: receive.publicKey, info, aad, plaintext, encapsulationSeed });
  const message = utf8("a request");
  const nonce = seededRandom("nonce")(32);
  return {
    root: toHex(root),
    owner,
    session: {
      receiveSeed: toHex(receive.privateKey),
      askSeed: toHex(ask.secretKey),
      sessionKeyHash: sessionKeyHash({ receive: receive.publicKey, ask: ask.publicKey }),
      message: toHex(message),
      signature: toHex(signBytes(ask.secretKey, message)),
    },
    hpke: {
      privateKey: toHex(receive.privateKey),
      encapsulationSeed: toHex(encapsulationSeed),
      info: toHex(info),
      aad: toHex(aad),
      plaintext: toHex(plaintext),
      enc: toHex(sealed.enc),
      ciphertext: toHex(sealed.ciphertext),
    },
    commitment: { nonce: toHex(nonce), plaintext: toHex(message), commitment: toHex(commitmentOf(nonce, message)) },
    padme: [0, 1, 9, 100, 1_000, 123_456, 262_113, 2 ** 33 + 1].map((length) => [length, padmeLength(length)]),
  };
}

/** Every generated file by its path under test/vectors. */
export async function cryptoVectors(): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, unknown>([
    ["floe/floe.json", await floeVectors()],
    ["threshold/threshold.json", await thresholdVectors()],
    ["threshold/reshare.json", await reshareVectors()],
    ["keyring/keys.json", await keyVectors()],
  ]);
  return new Map([...made].map(([path, value]) => [path, `${JSON.stringify(value, null, 2)}\n`]));
}

if (import.meta.main) {
  const folder = new URL("../../test/vectors/", import.meta.url);
  for (const [path, text] of await cryptoVectors()) {
    if (!process.argv.includes("--check")) writeFileSync(new URL(path, folder), text);
    else if (readFileSync(new URL(path, folder), "utf8") !== text) {
      console.error(`test/vectors/${path} differs from what the code gives`);
      process.exitCode = 1;
    }
  }
}

import { Signature } from "ethers";
import type { TypedData, TypedDataMessage } from "../../../sdk/src/typed-data/index.ts";
import { type Authorization, ethers, type Signer, sign, signingContract } from "../fixture.ts";
import { carry, decided, isIdle, isRefused, type Scene } from "./attack.ts";
import type { Specimen } from "./specimen.ts";

/** A class of attacks with something that nobody signed, on a decision that is good otherwise. */
export interface Forgery {
  readonly name: string;
  /** Why it cannot be tried on some. */
  readonly cannot?: (specimen: Specimen) => string | undefined;
  /** Tries each, and says how many. `honest` was decided for the next block. */
  readonly play: (scene: Scene, honest: Authorization) => Promise<number>;
}

const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The other signature of the same message by the same key. */
function malleated(signature: string): string {
  const { r, s, v } = Signature.from(signature);
  return ethers.concat([r, ethers.toBeHex(curveOrder - BigInt(s), 32), v === 27 ? "0x1c" : "0x1b"]);
}

const dataOf = async ({ prepared }: Scene, { signedAt, deadline }: Authorization): Promise<TypedData> =>
  prepared.build(await signingContract(prepared.contract), { signedAt, deadline });

const invalid = ({ specimen }: Scene): readonly string[] => [specimen.invalid ?? "AuthorizationSignatureInvalid"];

/** Signed by the right hand, over something else. */
async function overOther(scene: Scene, honest: Authorization, data: TypedData, what: string): Promise<void> {
  const signature = await sign(scene.signer, data);
  await isRefused(scene, () => carry(scene, { ...honest, signature }), what, invalid(scene));
}

const withSignatures =
  (signaturesOf: (signature: string) => readonly string[]): Forgery["play"] =>
  async (scene, honest) => {
    const signatures = signaturesOf(honest.signature);
    for (const signature of signatures) {
      await isRefused(scene, () => carry(scene, { ...honest, signature }), signature, invalid(scene));
    }
    return signatures.length;
  };

const withDomain =
  (changes: (scene: Scene, data: TypedData) => readonly Partial<TypedData["domain"]>[]): Forgery["play"] =>
  async (scene, honest) => {
    const data = await dataOf(scene, honest);
    const domains = changes(scene, data);
    for (const change of domains) {
      const domain = { ...data.domain, ...change };
      await overOther(scene, honest, { ...data, domain }, JSON.stringify(change));
    }
    return domains.length;
  };

type Member = string | number | readonly string[] | readonly TypedDataMessage[];

/** Something else of the same type. */
function other(type: string, value: Member): Member {
  if (Array.isArray(value)) return value.length > 1 ? value.slice(1) : type === "address[]" ? [ethers.ZeroAddress] : [];
  if (type === "string") return `${value} `;
  if (type.startsWith("uint")) return Number(value) + 1;
  // Lower case has no checksum to break.
  const last = (value as string).at(-1) === "0" ? "1" : "0";
  return (value as string).toLowerCase().slice(0, -1) + last;
}

const times = ["signedAt", "deadline"];

type Message = TypedData["message"];
type Chosen = (type: string, name: string) => boolean;

/** The message with one member changed, for each that is chosen, within the first struct of a list too. */
function changesOf(
  { types }: TypedData,
  struct: string,
  message: Message,
  chosen: Chosen,
): { name: string; message: Message }[] {
  return (types[struct] ?? []).flatMap(({ name, type }) => {
    const value = message[name] as Member;
    const within = type.slice(0, -2);
    const own = chosen(type, name) ? [{ name, message: { ...message, [name]: other(type, value) } }] : [];
    if (types[within] === undefined) return own;
    const [first, ...rest] = value as readonly Message[];
    const inner = first === undefined ? [] : changesOf({ types } as TypedData, within, first, chosen);
    return [
      ...own,
      ...inner.map((change) => ({
        name: `${name}[0].${change.name}`,
        message: { ...message, [name]: [change.message, ...rest] },
      })),
    ];
  });
}

/** Each member that `chosen` says, one at a time. */
const withMembers =
  (chosen: Chosen): Forgery["play"] =>
  async (scene, honest) => {
    const data = await dataOf(scene, honest);
    const changes = changesOf(data, data.primaryType, data.message, chosen);
    for (const { name, message } of changes) await overOther(scene, honest, { ...data, message }, name);
    return changes.length;
  };

const timesOnly = ({ type }: Specimen): string | undefined =>
  type === "CommitteePublication" ? "bears no times: an epoch is published once" : undefined;
const withoutWords = ({ type }: Specimen): string | undefined =>
  type === "CommitteePublication" ? "is signed by programs, which read no words" : undefined;
const isWorded = (type: string): boolean => type === "string" || type === "string[]";

const atOtherTimes =
  (
    error: string,
    shift: (honest: Authorization) => { readonly signedAt: number; readonly deadline: number },
  ): Forgery["play"] =>
  async (scene, honest) => {
    const given = shift(honest);
    const data = await dataOf(scene, { ...honest, ...given });
    const signature = await sign(scene.signer, data);
    await isRefused(scene, () => carry(scene, { ...honest, ...given, signature }), error, [error]);
    return 1;
  };

/** Runs out of gas with whatever is sent through it. */
const starved = (sender: Signer, gasLimit: bigint): Signer =>
  ({
    provider: sender.provider,
    address: sender.address,
    getAddress: () => sender.getAddress(),
    resolveName: (name: string) => sender.resolveName(name),
    sendTransaction: (transaction: object) => sender.sendTransaction({ ...transaction, gasLimit }),
  }) as unknown as Signer;

const WEEK = 7 * 86_400;

export const forgeries: readonly Forgery[] = [
  {
    name: "signed for another chain",
    play: withDomain((_, { domain }) => [{ chainId: domain.chainId + 1 }, { chainId: 1 }]),
  },
  {
    name: "signed for another contract",
    play: withDomain(({ f, stranger }) => [
      { verifyingContract: stranger.address as `0x${string}` },
      { verifyingContract: f.validator.target as `0x${string}` },
    ]),
  },
  {
    name: "signed for another application or version",
    play: withDomain(() => [{ name: "Anamnesia" as "Anamnesis" }, { version: "2" as "1" }]),
  },
  {
    name: "signed as another verb of the same members",
    play: async (scene, honest) => {
      const data = await dataOf(scene, honest);
      const { [data.primaryType]: fields = [], ...rest } = data.types;
      await overOther(scene, honest, { ...data, types: { ...rest, Another: fields } } as TypedData, "Another");
      return 1;
    },
  },
  { name: "signed over other words", cannot: withoutWords, play: withMembers((type) => isWorded(type)) },
  {
    name: "signed over another patient, subject or list",
    play: withMembers((type, name) => !isWorded(type) && !times.includes(name)),
  },
  { name: "signed at other times", cannot: timesOnly, play: withMembers((_, name) => times.includes(name)) },
  { name: "the upper half of the curve", play: withSignatures((signature) => [malleated(signature)]) },
  {
    name: "cut short",
    play: withSignatures((signature) => [signature.slice(0, -2), ethers.dataSlice(signature, 0, 32), "0x00"]),
  },
  { name: "too long", play: withSignatures((signature) => [`${signature}00`, ethers.concat([signature, signature])]) },
  { name: "compact", play: withSignatures((signature) => [Signature.from(signature).compactSerialized]) },
  {
    name: "of no key at all",
    play: withSignatures((signature) => [
      `0x${"00".repeat(65)}`,
      `${signature.slice(0, -2)}00`,
      `${signature.slice(0, -2)}1d`,
    ]),
  },
  {
    name: "wrapped for a wallet that no factory makes",
    play: withSignatures((signature) => [
      `0x${"6492".repeat(16)}`,
      ethers.concat([signature, `0x${"6492".repeat(16)}`]),
    ]),
  },
  {
    name: "by somebody else's hand, in the signer's name",
    play: async (scene, honest) => {
      const hands = [scene.stranger, scene.f.relayer, scene.f.bob.wallet];
      const data = await dataOf(scene, honest);
      for (const hand of hands) {
        const signature = await sign(hand, data);
        await isRefused(scene, () => carry(scene, { ...honest, signature }), hand.address, invalid(scene));
      }
      return hands.length;
    },
  },
  {
    name: "by a stranger, in the stranger's own name",
    cannot: ({ verb, type }) => {
      if (verb === "PatientRegistry.register") return "a newcomer's id holds the signer: a stranger gets another id";
      if (verb === "ProviderRegistry.register")
        return "the key is admitted that signs: a stranger's is another provider";
      if (verb === "ProviderRegistry.announceKeyReplacement") return "the registrar takes the key that signs";
      if (verb === "PatientRegistry.replaceGuardian") return "the recovery officer takes the guardian who signs";
      if (verb === "ProviderRegistry.addKey") return undefined;
      return type === "CommitteePublication" ? "each signature belongs to a member, by place" : undefined;
    },
    play: async (scene, honest) => {
      const theirs = await decided(scene, honest.signedAt, scene.prepared, scene.stranger);
      await isRefused(scene, () => carry(scene, theirs), "a stranger");
      return 1;
    },
  },
  {
    name: "without a signature, carried by a relayer",
    play: async (scene, honest) => {
      const errors = [...invalid(scene), "AuthorizationSignerNotCaller"];
      await isRefused(scene, () => carry(scene, { ...honest, signature: "0x" }), "no signature", errors);
      return 1;
    },
  },
  {
    name: "in the name of nobody",
    cannot: ({ type }) => (type === "CommitteePublication" ? "names its signers in what is signed" : undefined),
    play: async (scene, honest) => {
      const nobody = { ...honest, signer: ethers.ZeroAddress };
      for (const signature of [honest.signature, `0x${"00".repeat(65)}`, "0x"]) {
        await isRefused(scene, () => carry(scene, { ...nobody, signature }), "nobody");
      }
      return 3;
    },
  },
  {
    name: "after its deadline",
    cannot: timesOnly,
    play: atOtherTimes("AuthorizationExpired", ({ signedAt }) => ({
      signedAt: signedAt - 100,
      deadline: signedAt - 1,
    })),
  },
  {
    name: "by a clock that is ahead",
    cannot: timesOnly,
    play: atOtherTimes("AuthorizationNotYetValid", ({ signedAt }) => ({
      signedAt: signedAt + 60,
      deadline: signedAt + 90,
    })),
  },
  {
    name: "for longer than seven days",
    cannot: timesOnly,
    play: atOtherTimes("AuthorizationDeadlineTooFar", ({ signedAt }) => ({ signedAt, deadline: signedAt + WEEK + 1 })),
  },
  {
    name: "starved of gas half way",
    play: async (scene, honest) => {
      const { prepared, f } = scene;
      const snapshot = await ethers.provider.send("evm_snapshot", []);
      const receipt = await (await carry(scene, honest)).wait();
      await ethers.provider.send("evm_revert", [snapshot]);
      const used = receipt?.gasUsed ?? 0n;
      const shares = [40n, 60n, 80n, 90n, 97n];
      for (const share of shares) {
        const sender = starved(prepared.caller ?? f.relayer, (used * share) / 100n);
        const send = async () => (await prepared.call(sender, honest)).wait();
        await isRefused(scene, send, `${share} % of its gas`);
      }
      return shares.length;
    },
  },
];

/** Played once the honest decision has landed. */
export const replay: Forgery = {
  name: "a second time",
  play: async (scene, honest) => {
    await isIdle(scene, () => carry(scene, honest), "a replay");
    return 1;
  },
};

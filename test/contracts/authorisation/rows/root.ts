import { roles as offices } from "../../../../node/src/deploy/roles.ts";
import { everythingRevocationData } from "../../../../sdk/src/typed-data/index.ts";
import { ethers, signingContract } from "../../fixture.ts";
import { wrap } from "../../undeployed.ts";
import type { Call } from "../calls.ts";
import { privilegeCall, root } from "../kinds/providers.ts";
import { wallet } from "../kinds/records.ts";
import { allowed, anyone, only, type Rule } from "../powers.ts";
import type { Row, Scene } from "../row.ts";

const byAdmin = only("admin", "AccessManagerUnauthorizedAccount");
const target = ({ providers }: Scene): Promise<string> => providers.getAddress();
const suspension = ({ providers, clinic }: Scene): string =>
  providers.interface.encodeFunctionData("suspend", [clinic.provider]);
const { id: registrar } = offices.registrar;

type Given = Pick<Row, "verb"> &
  Partial<Row> & { readonly args: (scene: Scene, caller: string) => Promise<Call["args"]> };
const rows = (place: "manager" | "validator", given: readonly Given[]): readonly Row[] =>
  given.map(({ args, ...row }) => ({
    place,
    kinds: [root],
    expected: byAdmin,
    others: [],
    ...row,
    act: async (scene, { signer }) => {
      const values = await args(scene, signer.address);
      return { call: () => ({ name: row.verb, args: values }) };
    },
  }));

/** Whoever was to act: who announced it may call it off, and the admin. */
const cancels: Rule = (who, state) => {
  if (state !== "scheduled") return "AccessManagerNotScheduled";
  return only(["emergencyOfficer", "admin"], "AccessManagerUnauthorizedCancel")(who, state);
};

/** AccessManager, as it is configured: the admin alone changes it, and who holds no office can do nothing by way of it. */
const managerRows = rows("manager", [
  { verb: "labelRole", args: async () => [registrar, "REGISTRARS"] },
  { verb: "grantRole", args: async (_scene, caller) => [registrar, caller, 0] },
  { verb: "revokeRole", args: async (scene) => [registrar, scene.registrar.address] },
  { verb: "setRoleAdmin", args: async () => [registrar, registrar] },
  { verb: "setRoleGuardian", args: async () => [registrar, offices.privacyOfficer.id] },
  { verb: "setGrantDelay", args: async () => [registrar, 60] },
  { verb: "setTargetFunctionRole", args: async (scene) => [await target(scene), ["0x12345678"], registrar] },
  { verb: "setTargetAdminDelay", args: async (scene) => [await target(scene), 60] },
  { verb: "setTargetClosed", args: async (scene) => [await target(scene), false] },
  { verb: "updateAuthority", args: async (scene) => [await target(scene), await scene.manager.getAddress()] },
  {
    verb: "multicall",
    args: async ({ manager }) => [[manager.interface.encodeFunctionData("labelRole", [registrar, "REGISTRARS"])]],
  },
  {
    verb: "renounceRole",
    about: "one's own",
    expected: anyone(),
    args: async (_scene, caller) => [registrar, caller],
  },
  {
    verb: "renounceRole",
    about: "the registrar's",
    expected: only("registrar", "AccessManagerBadConfirmation"),
    args: async (scene) => [registrar, scene.registrar.address],
  },
  {
    verb: "schedule",
    others: ["emergencyOfficer"],
    expected: only("emergencyOfficer", "AccessManagerUnauthorizedCall", {
      scheduled: "AccessManagerAlreadyScheduled",
      closed: "AccessManagerUnauthorizedCall",
    }),
    args: async (scene) => [await target(scene), privilegeCall(scene), 0],
  },
  {
    verb: "execute",
    expected: only("registrar", "AccessManagerUnauthorizedCall", { closed: "AccessManagerUnauthorizedCall" }),
    args: async (scene) => [await target(scene), suspension(scene)],
  },
  {
    verb: "cancel",
    others: ["emergencyOfficer"],
    expected: cancels,
    args: async (scene) => [scene.officer.address, await target(scene), privilegeCall(scene)],
  },
  {
    verb: "consumeScheduledOp",
    // Answers the target of a scheduled call alone, while that runs: to people there is nothing to say.
    expected: anyone({ configured: "no reason", scheduled: "no reason", closed: "no reason" }),
    insideOnly: true,
    args: async (scene, caller) => [caller, privilegeCall(scene)],
  },
]);

/** SignatureValidator: holds nothing, and so answers everybody. */
const validatorRows = rows("validator", [
  {
    verb: "isValidSignature",
    kinds: [wallet],
    expected: (_who, state) => (state === "lends its code" ? "false" : allowed),
    args: async ({ wallet: found, patients, subject: patient, now: signedAt }) => {
      if (found === undefined) throw new Error("no wallet");
      const words = everythingRevocationData(await signingContract(patients), {
        patient,
        signedAt,
        deadline: signedAt,
      });
      const hash = ethers.TypedDataEncoder.hash(words.domain, words.types as never, words.message);
      const signature = wrap(await found.factory.getAddress(), found.creation, await found.signPlainly(words));
      return [found.address, hash, signature];
    },
  },
]);

export const rootRows: readonly Row[] = [...managerRows, ...validatorRows];

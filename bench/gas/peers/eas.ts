import { AbiCoder, concat, keccak256, Signature, solidityPacked, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import { actionMask, labelMask, purposeId } from "../../../sdk/src/core/vocabulary.ts";
import type { Account, Receipt, Scenario } from "../scenario.ts";
import { easArtifact } from "./eas-package.ts";
import { deployPeer, gasOf, type Peer, sendToPeer } from "./peer.ts";

/** Gas of what EAS does where we grant, revoke and anchor. */
export interface EasGas {
  readonly attest: number;
  readonly attestPacked: number;
  readonly attestSigned: number;
  readonly attestPackedSigned: number;
  readonly revoke: number;
  readonly revokeSigned: number;
  readonly attestRecord: number;
}

interface Statement {
  readonly schema: string;
  readonly data: string;
}

const DAY = 86_400;
const consentSchema = "uint8 purpose,uint64 labels,uint8 actions,uint40 notBefore,bytes32 document";
const packedSchema = "bytes consent";
const recordSchema = "bytes32 record,bytes32 patient,uint64 labels";

const attestTypes = {
  Attest: [
    ["address", "attester"],
    ["bytes32", "schema"],
    ["address", "recipient"],
    ["uint64", "expirationTime"],
    ["bool", "revocable"],
    ["bytes32", "refUID"],
    ["bytes", "data"],
    ["uint256", "value"],
    ["uint256", "nonce"],
    ["uint64", "deadline"],
  ].map(([type = "", name = ""]) => ({ name, type })),
};
const revokeTypes = {
  Revoke: [
    ["address", "revoker"],
    ["bytes32", "schema"],
    ["bytes32", "uid"],
    ["uint256", "value"],
    ["uint256", "nonce"],
    ["uint64", "deadline"],
  ].map(([type = "", name = ""]) => ({ name, type })),
};

/** EAS with its registry, deployed from its own bytecode, and the one who uses it. */
class Eas {
  readonly scenario: Scenario;
  readonly eas: Peer;
  readonly registry: Peer;

  private constructor(scenario: Scenario, eas: Peer, registry: Peer) {
    this.scenario = scenario;
    this.eas = eas;
    this.registry = registry;
  }

  static async deploy(scenario: Scenario): Promise<Eas> {
    const [easCode, registryCode] = [easArtifact("EAS"), easArtifact("SchemaRegistry")];
    const registry = await deployPeer(scenario, registryCode.contract, registryCode.bytecode);
    const address = AbiCoder.defaultAbiCoder().encode(["address"], [registry.address]);
    const eas = await deployPeer(scenario, easCode.contract, concat([easCode.bytecode, address]));
    return new Eas(scenario, eas, registry);
  }

  async register(schema: string): Promise<string> {
    const { alice } = this.scenario.people;
    await sendToPeer(this.scenario, this.registry, alice, "register", [schema, ZeroAddress, true]);
    return keccak256(solidityPacked(["string", "address", "bool"], [schema, ZeroAddress, true]));
  }

  /** The consent of the measured grant: whom and until when in EAS's own fields, the rest as data. */
  private attestation({ data }: Statement): readonly unknown[] {
    const { clock, people } = this.scenario;
    const until = clock - (clock % DAY) + 30 * DAY;
    return [people.clinic.address, until, true, ZeroHash, data, 0];
  }

  attest(statement: Statement, from: Account = this.scenario.people.alice): Promise<Receipt> {
    const request = [statement.schema, this.attestation(statement)];
    return sendToPeer(this.scenario, this.eas, from, "attest", [request]);
  }

  async attestSigned(statement: Statement): Promise<Receipt> {
    const { alice, relayer } = this.scenario.people;
    const fields = this.attestation(statement);
    const [recipient, expirationTime, revocable, refUID, data, value] = fields;
    const { schema } = statement;
    const rest = { recipient, expirationTime, revocable, refUID, data, value };
    const signed = await this.sign(attestTypes, { attester: alice.address, schema, ...rest });
    const request = [schema, fields, signed.signature, alice.address, signed.deadline];
    return sendToPeer(this.scenario, this.eas, relayer, "attestByDelegation", [request]);
  }

  revoke(schema: string, uid: string): Promise<Receipt> {
    return sendToPeer(this.scenario, this.eas, this.scenario.people.alice, "revoke", [[schema, [uid, 0]]]);
  }

  async revokeSigned(schema: string, uid: string): Promise<Receipt> {
    const { alice, relayer } = this.scenario.people;
    const signed = await this.sign(revokeTypes, { revoker: alice.address, schema, uid, value: 0 });
    const request = [schema, [uid, 0], signed.signature, alice.address, signed.deadline];
    return sendToPeer(this.scenario, this.eas, relayer, "revokeByDelegation", [request]);
  }

  private async sign(types: Record<string, { name: string; type: string }[]>, message: object) {
    const { alice } = this.scenario.people;
    const [, name, version] = await this.read("eip712Domain");
    const [nonce] = await this.read("getNonce", alice.address);
    const deadline = this.scenario.clock + DAY;
    const domain = { name, version, chainId: this.scenario.chainId, verifyingContract: this.eas.address };
    const text = await alice.signer.signTypedData(domain as object, types, { ...message, nonce, deadline });
    const { v, r, s } = Signature.from(text);
    return { signature: [v, r, s], deadline };
  }

  private async read(verb: string, ...args: readonly unknown[]): Promise<readonly unknown[]> {
    const { address, contract } = this.eas;
    const call = { to: address, data: contract.encodeFunctionData(verb, args) };
    return contract.decodeFunctionResult(verb, (await this.scenario.request("eth_call", call, "latest")) as string);
  }
}

/** `Attested` carries nothing but the id. */
const idIn = ({ logs }: Receipt): string => logs[0]?.data ?? ZeroHash;

/** Leaves the chain changed: the caller reverts it. */
export async function measureEas(scenario: Scenario): Promise<EasGas> {
  const eas = await Eas.deploy(scenario);
  const { clock, people } = scenario;
  const from = clock - (clock % DAY);
  const [purpose, labels] = [purposeId("treatment"), labelMask(["medications", "laboratory"])];
  const actions = actionMask(["read"]);
  const coder = AbiCoder.defaultAbiCoder();
  const consent = {
    schema: await eas.register(consentSchema),
    data: coder.encode(["uint8", "uint64", "uint8", "uint40", "bytes32"], [purpose, labels, actions, from, ZeroHash]),
  };
  const packed = {
    schema: await eas.register(packedSchema),
    data: concat([toBeHex(purpose, 1), toBeHex(labels, 8), toBeHex(actions, 1), toBeHex(from, 5)]),
  };
  const record = {
    schema: await eas.register(recordSchema),
    data: coder.encode(
      ["bytes32", "bytes32", "uint64"],
      [keccak256("0x01"), people.alice.patient, labelMask(["laboratory"])],
    ),
  };
  // A signer's first signature also fills the slot of the nonce, once in a life.
  await eas.attestSigned(consent);
  const attested = await eas.attest(consent);
  const attestedSigned = await eas.attestSigned(consent);
  return {
    attest: gasOf(attested),
    attestPacked: gasOf(await eas.attest(packed)),
    attestSigned: gasOf(attestedSigned),
    attestPackedSigned: gasOf(await eas.attestSigned(packed)),
    revoke: gasOf(await eas.revoke(consent.schema, idIn(attested))),
    revokeSigned: gasOf(await eas.revokeSigned(consent.schema, idIn(attestedSigned))),
    attestRecord: gasOf(await eas.attest(record, people.laboratory)),
  };
}

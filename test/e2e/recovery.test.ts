import { type LocalNetwork, type LocalProvider, startLocalNetwork } from "@anamnesis/node";
import {
  type ClientWithActions,
  createKeyring,
  type Hex,
  type Keyring,
  memoryEnvelopeStore,
  type PatientId,
  type RecordId,
  readTrusteeShare,
  sealKeyringInSlots,
  type TrusteeShare,
  trusteeShareText,
  withActions,
} from "@anamnesis/sdk";
import { expect } from "chai";
import type { Wallet } from "ethers";
import { rejection } from "../support/rejection.ts";

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const addressOf = ({ address }: Wallet) => address.toLowerCase() as Hex;

import { decisionTimes } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import {
  authorizeDevice,
  createDeviceKeys,
  type DeviceParameters,
  type DevicePermission,
  type StewardsClient,
} from "../../stewards/index.ts";
import type { Client } from "../client.ts";
import { typedDataSigner } from "./typed-data-signer.ts";

/** Fresh keys for this device, and the wallet's word for them: one signature for all stewards, good for ten minutes; to copy by default. */
export async function authorizedDevice(
  client: Client,
  stewards: StewardsClient,
  patient: PatientId,
  { permission, ...options }: AbortOptions & { readonly permission?: DevicePermission } = {},
): Promise<Pick<DeviceParameters, "keys" | "authorization">> {
  const keys = await createDeviceKeys();
  const { signedAt } = await decisionTimes(client, options);
  const authorization = await authorizeDevice({
    reference: stewards,
    patient,
    keys,
    signer: typedDataSigner(client),
    signedAt,
    ...(permission && { permission }),
  });
  return { keys, authorization };
}

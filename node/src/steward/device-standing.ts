import { type DeviceAuthorization, type DevicePermission, type Hex, permissionMessage } from "@anamnesis/sdk/internal";
import type { ChainMoment } from "./chain-moment.ts";
import type { StewardContext } from "./context.ts";
import { isTypedSignatureOf } from "./typed-signature.ts";

/** Whether the wallet that signed this permission for a device controls the patient's record now, by every node. */
export async function isOfController(
  context: StewardContext,
  moment: ChainMoment,
  permission: DevicePermission,
  asked: { readonly authorization: DeviceAuthorization; readonly deviceKeyHash: Hex },
): Promise<boolean> {
  const { authorization, deviceKeyHash } = asked;
  const message = permissionMessage(permission, authorization, deviceKeyHash);
  if (!isTypedSignatureOf(context.reference, permission.types, message, authorization)) return false;
  const controllers = await moment.atHead((node, block) => node.controllerOf(authorization.patient, block));
  return controllers.every((controller) => controller === authorization.signer);
}

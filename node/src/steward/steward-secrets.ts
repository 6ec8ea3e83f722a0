import type { StewardStore } from "../stores/steward-store.ts";
import type { SecretSealer } from "./secret-sealer.ts";

/** A steward's own secrets in its database, sealed. A promise that resolves says that the change is on disk. */
export interface StewardSecrets {
  put(name: string, plaintext: Uint8Array): Promise<void>;
  /** @throws STEWARD_SHARE_UNREADABLE */
  get(name: string): Promise<Uint8Array | undefined>;
  /** Afterwards no file of the database holds it, sealed or not. */
  delete(name: string): Promise<void>;
  names(prefix: string): Promise<readonly string[]>;
}

type SecretRows = Pick<StewardStore, "putSecret" | "secretOf" | "deleteSecret" | "secretNames">;

export function stewardSecrets(store: SecretRows, sealer: SecretSealer): StewardSecrets {
  return {
    put: async (name, plaintext) => store.putSecret(name, await sealer.seal(name, plaintext)),
    async get(name) {
      const sealed = await store.secretOf(name);
      return sealed && sealer.open(name, sealed);
    },
    delete: (name) => store.deleteSecret(name),
    names: (prefix) => store.secretNames(prefix),
  };
}

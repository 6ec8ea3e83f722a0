import { httpTransport, type StewardTransport } from "@anamnesis/sdk";

/** HTTP to the stewards, some of them reached by another way than the chain says: through a proxy, or somebody in their place. */
export interface Roads extends StewardTransport {
  /** Sends what is for this steward to another URL. */
  divert(steward: number, url: string): void;
  /** Sends it where the chain says again. */
  restore(steward: number): void;
  /** How often this steward was asked. */
  asked(steward: number): number;
}

export function roads(): Roads {
  const http = httpTransport();
  const diverted = new Map<number, string>();
  const counts = new Map<number, number>();
  return {
    request(address, verb, body, options) {
      counts.set(address.index, (counts.get(address.index) ?? 0) + 1);
      const endpoint = diverted.get(address.index) ?? address.endpoint;
      return http.request({ ...address, endpoint }, verb, body, options);
    },
    divert: (steward, url) => void diverted.set(steward, url),
    restore: (steward) => void diverted.delete(steward),
    asked: (steward) => counts.get(steward) ?? 0,
  };
}

import type { ErrorDescriptor } from "../descriptor.ts";

/** What keeps a service from starting or from stopping in order. */
export const serviceErrors = {
  SERVICE_CONFIGURATION_INVALID: {
    message: "The service's configuration cannot be used.",
    remedy: "Correct the key that the details name; its value is never repeated here.",
  },
  SERVICE_LISTEN_FAILED: {
    message: "The service cannot listen on this address.",
    remedy: "Choose another host or port, or end what holds this one.",
  },
  SERVICE_CERTIFICATE_INVALID: {
    message: "A certificate or its key cannot be used.",
    remedy: "Make certificates anew, or point the configuration at files that belong together.",
  },
} as const satisfies Record<string, ErrorDescriptor>;

/**
 * WebCrypto's types ask for bytes in an ArrayBuffer; ours may stand in any buffer-like. Shared memory is copied, for
 * WebCrypto refuses it, and another thread could change it between check and use.
 */
export function bufferSource(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : Uint8Array.from(bytes);
}

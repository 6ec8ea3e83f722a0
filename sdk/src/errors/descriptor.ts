/** How one error code reads: what happened, and what to do, in plain words. */
export interface ErrorDescriptor {
  readonly message: string;
  readonly remedy: string;
}

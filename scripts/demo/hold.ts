/** A step of the story that did not come out as told. */
export class StoryBroken extends Error {
  override readonly name = "StoryBroken";
}

/** The story goes on only while everything it claims is true. */
export function hold(condition: unknown, claim: string): asserts condition {
  if (!condition) throw new StoryBroken(`This should hold and does not: ${claim}`);
}

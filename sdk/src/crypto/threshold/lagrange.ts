import { scalars } from "./group.ts";

/** λ of each member at 0: Π j / (j − i) over the others. All of it is public. */
export function lagrangeAtZero(members: readonly number[]): bigint[] {
  return members.map((own) => {
    let numerator = scalars.ONE;
    let denominator = scalars.ONE;
    for (const other of members) {
      if (other === own) continue;
      numerator = scalars.mul(numerator, BigInt(other));
      denominator = scalars.mul(denominator, scalars.create(BigInt(other - own)));
    }
    return scalars.div(numerator, denominator);
  });
}

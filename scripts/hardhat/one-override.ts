import type { HardhatPlugin } from "hardhat/types/plugins";

/**
 * Hardhat compiles sources together whose settings are one object, and makes an object of its own for each override: a dozen runs of the
 * compiler over nearly the same sources. This gives all overrides the first one's, since ours are equal.
 */
export const oneOverride: HardhatPlugin = {
  id: "anamnesis-one-override",
  hookHandlers: {
    config: () =>
      Promise.resolve({
        default: () =>
          Promise.resolve({
            resolveUserConfig: async (userConfig, resolveVariable, next) => {
              const config = await next(userConfig, resolveVariable);
              for (const profile of Object.values(config.solidity.profiles)) {
                const [first] = Object.values(profile.overrides);
                if (first === undefined) continue;
                for (const path of Object.keys(profile.overrides)) profile.overrides[path] = first;
              }
              return config;
            },
          }),
      }),
  },
};

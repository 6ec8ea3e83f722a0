import type { HardhatPlugin } from "hardhat/types/plugins";

/**
 * Hardhat compiles sources together whose settings are one object, and makes an object of its own for each override: a dozen runs of the
 * compiler over nearly the same sources. This gives equal overrides one object, and so one run. Runs go two at a time: Hardhat leaves one
 * core free, which of two cores is half.
 */
export const twoCompilers: HardhatPlugin = {
  id: "anamnesis-two-compilers",
  hookHandlers: {
    config: () =>
      Promise.resolve({
        default: () =>
          Promise.resolve({
            resolveUserConfig: async (userConfig, resolveVariable, next) => {
              const config = await next(userConfig, resolveVariable);
              for (const { overrides } of Object.values(config.solidity.profiles)) {
                const equals = new Map(Object.values(overrides).map((each) => [JSON.stringify(each), each]));
                for (const [path, each] of Object.entries(overrides))
                  overrides[path] = equals.get(JSON.stringify(each)) ?? each;
              }
              return config;
            },
          }),
      }),
    solidity: () =>
      Promise.resolve({
        default: () =>
          Promise.resolve({
            build: (context, paths, options, next) =>
              next(context, paths, { ...options, concurrency: Math.max(2, options?.concurrency ?? 0) }),
          }),
      }),
  },
};

const isInherited = (name: string): boolean =>
  name !== "NODE_OPTIONS" && !/^npm_(?!config_(registry|userconfig|cache|cafile|(https_)?proxy|noproxy)$)/i.test(name);

/**
 * The environment of somebody who has nothing to do with this repository: without our export condition, under which Node
 * would load TypeScript from inside `node_modules`, and without what a running npm tells its children about itself.
 */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => isInherited(name)));
}

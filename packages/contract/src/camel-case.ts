/** `timeout-seconds` as a type becomes `timeoutSeconds`. */
export type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** The name that code uses for an input or output: `timeout-seconds` becomes `timeoutSeconds`. */
export function camelCase(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

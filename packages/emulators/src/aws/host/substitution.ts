/** The value of a document parameter: text or a list of texts. */
export type ParameterValue = string | readonly string[];
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

function text(value: ParameterValue): string {
  // The agent turns a doubled dollar into one inside a longer string, for the sake of documents that worked around an
  // old bug of its own (parameters.go, ReplaceParameter).
  return (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('$$', () => '$');
}

/**
 * Puts document parameters into an input of a step as the agent does: as raw text, without any quoting, all at once. A
 * string that is nothing but one parameter becomes that parameter's value, unchanged and list or not.
 */
export function substitute(input: string, parameters: ParameterValues): ParameterValue {
  const whole = /^\{\{\s*([a-zA-Z0-9]+)\s*\}\}$/u.exec(input)?.[1];
  const value = whole === undefined ? undefined : parameters[whole];
  if (value !== undefined) return value;
  return input.replaceAll(/\{\{\s*([a-zA-Z0-9]+)\s*\}\}/gu, (found, name: string) => {
    const known = parameters[name];
    return known === undefined ? found : text(known);
  });
}

/** As `substitute`, for an input that must be text. */
export function substituteText(input: string, parameters: ParameterValues): string {
  const value = substitute(input, parameters);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** As `substitute`, for the lines of a script: a parameter that is a list becomes its lines. */
export function substituteLines(
  input: ParameterValue,
  parameters: ParameterValues,
): readonly string[] {
  const lines = typeof input === 'string' ? [input] : input;
  return lines.flatMap((line) => substitute(line, parameters));
}

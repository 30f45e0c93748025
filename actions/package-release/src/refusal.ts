import { ConfigurationError } from '@gatewright/verdict';

/** Why a path cannot be packed. */
export interface Refusal {
  readonly path: string;
  readonly why: string;
}

/** One error for everything that cannot be packed. */
export function refusalError(refusals: readonly Refusal[]): ConfigurationError {
  const shown = refusals.slice(0, 20).map(({ path, why }) => `${path}: ${why}`);
  const hidden = refusals.length - shown.length;
  const lines = [...shown, ...(hidden > 0 ? [`and ${hidden} more`] : [])];
  return new ConfigurationError(
    'package-refused',
    `The release cannot be packed: ${lines.join('; ')}.`,
    {
      checked: lines,
      remedy: 'Correct package.include of gatewright.yml, or the files that it names.',
    },
  );
}

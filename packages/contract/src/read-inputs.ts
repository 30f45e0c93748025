import { ConfigurationError } from '@gatewright/verdict';
import type { ActionContract, InputsOf } from './action-contract.ts';
import { camelCase } from './camel-case.ts';
import type { Decoded, InputCodec } from './codecs.ts';

const shownCharacters = 100;

/** JSON-encoded, so that a line break or a control character is visible, and cut. */
function shown(text: string): string {
  const encoded = JSON.stringify(text);
  if (encoded.length <= shownCharacters) return encoded;
  return `${encoded.slice(0, shownCharacters).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Reads one input. Empty text means unset: the default counts, then `undefined` for an optional input. */
export function decodeInput<T>(
  codec: InputCodec<T>,
  raw: string,
): Decoded<T | undefined> & { readonly given: string } {
  const given = raw.trim() === '' ? (codec.default ?? '').trim() : raw.trim();
  if (given !== '') return { ...codec.decode(given), given };
  return codec.optional ? { ok: true, value: undefined, given } : { ok: false, given };
}

function complaint(
  name: string,
  codec: InputCodec<unknown>,
  refused: { readonly given: string; readonly problem?: string },
): string {
  const value = codec.secret ? 'a value that is not shown' : shown(refused.given);
  const got = refused.given === '' ? 'not given' : `got ${value}`;
  const why = refused.problem === undefined || codec.secret ? '' : ` (${refused.problem})`;
  return `${name}: ${got}${why}; accepted: ${codec.accepted}`;
}

/**
 * Reads and checks every declared input.
 *
 * @param raw - gives the raw text of an input, empty when it is unset
 * @throws {@link ConfigurationError} `input-invalid`, one error for every input that does not parse, with its
 *   value (never that of a secret) and what is accepted; `checked` has a line for each
 */
export function readInputs<C extends ActionContract>(
  contract: C,
  raw: (name: string) => string,
): InputsOf<C>;
export function readInputs(
  contract: ActionContract,
  raw: (name: string) => string,
): Record<string, unknown> {
  const inputs: Record<string, unknown> = {};
  const complaints: string[] = [];
  for (const [name, codec] of Object.entries(contract.inputs)) {
    const decoded = decodeInput(codec, raw(name));
    if (decoded.ok) inputs[camelCase(name)] = decoded.value;
    else complaints.push(complaint(name, codec, decoded));
  }
  if (complaints.length > 0) throw inputError(contract.name, complaints);
  return inputs;
}

function inputError(action: string, complaints: readonly string[]): ConfigurationError {
  const what = complaints.length === 1 ? 'An input is' : `${complaints.length} inputs are`;
  return new ConfigurationError('input-invalid', `${what} not valid: ${complaints.join('; ')}.`, {
    checked: complaints,
    remedy: `Correct the "with:" of the step that uses ${action}.`,
  });
}

import { afterEach, describe, expect, it } from '@jest/globals';
import type { Annotation } from '@gatewright/contract';
import fc from 'fast-check';
import { annotationCharacters, createAnnotations } from './annotations.ts';
import { createLogger, untrustedBytes } from './logger.ts';
import { createMasks, maskedForms } from './masks.ts';
import { recordingRunner } from './recording-runner.ts';
import { cutMiddle, plainText } from './safe-text.ts';

let runner = recordingRunner({});
afterEach(() => {
  runner = recordingRunner({});
});

function logger() {
  const masks = createMasks((form) => runner.mask(form));
  const annotations = createAnnotations(
    ({ level, message }) => runner.annotate(level, message, {}),
    () => undefined,
  );
  return { masks, annotations, log: createLogger({ runner, masks, annotations }) };
}

/** How the runner finds commands in a line (actions/runner, ActionCommand.cs). */
const isCommand = (line: string): boolean =>
  line.trimStart().startsWith('::') || line.includes('##[');

const hostile = fc
  .array(
    fc.constantFrom(
      '::',
      ':',
      '##[',
      '#',
      '[',
      ' ',
      '\t',
      '\n',
      '\r',
      '\u001b[0m',
      '\u200b',
      '\u0000',
      'set-output',
      'é',
      '😀',
      '\u2028',
      '\u009b',
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('the log', () => {
  it('makes no command of any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        runner = recordingRunner({});
        logger().log.info(text);
        expect(runner.lines.filter(isCommand)).toEqual([]);
        expect(runner.lines.filter((line) => /\p{Cc}/u.test(line.replaceAll('\t', '')))).toEqual(
          [],
        );
      }),
    );
  });

  it('sets off the later lines of a message, so that a value forges none', () => {
    logger().log.info('host said: ok\nVerdict: pass');
    expect(runner.lines).toEqual(['host said: ok', '  Verdict: pass']);
  });

  it('closes a group also after an error', async () => {
    const { log } = logger();
    await expect(
      log.group('Wave\n::error::1', async () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(runner.lines).toEqual(['::group::Wave ::error::1', '::endgroup::']);
  });
});

describe('untrusted text', () => {
  it('stands between a stop and a resume with a token of its own', () => {
    const { log } = logger();
    log.untrusted('Output of host a', 'fine\n::add-mask::a\n\u001b[31mred\u001b[0m\r\n##[error]x');
    log.untrusted('Output of host b', 'x');
    expect(runner.lines).toEqual([
      'Output of host a',
      '::stop-commands::token-1',
      '  | fine',
      '  | ::add-mask::a',
      '  | red',
      '  | ## [error]x',
      '::token-1::',
      'Output of host b',
      '::stop-commands::token-2',
      '  | x',
      '::token-2::',
    ]);
  });

  it('has no command between them, whatever it is', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        runner = recordingRunner({});
        logger().log.untrusted('t', text);
        expect(runner.lines.slice(2, -1).filter(isCommand)).toEqual([]);
      }),
    );
  });

  it('is cut to a limit, and a secret at the cut is not shown by half', () => {
    const { log, masks } = logger();
    const secret = 'correct-horse-battery';
    masks.add(secret);
    const half = untrustedBytes / 2;
    log.untrusted('t', `${'a'.repeat(half - 10)}${secret}${'b'.repeat(half * 3)}end`);
    const shown = runner.lines.join('\n');
    expect(Buffer.byteLength(shown)).toBeLessThan(untrustedBytes + 500);
    expect(shown).toContain('bytes left out');
    expect(shown).toContain('bend');
    expect(shown).not.toContain('correct');
  });
});

describe('cutMiddle', () => {
  it('keeps head and tail, is never much longer than the limit, and breaks no character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.integer({ min: 20, max: 200 }),
        (raw, limit) => {
          const text = plainText(raw);
          const cut = cutMiddle(text, limit);
          expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(Math.max(limit, 0) + 40);
          expect(cut.includes('\ufffd')).toBe(text.includes('\ufffd') && cut.includes('\ufffd'));
          expect(Buffer.byteLength(text) > limit || cut === text).toBe(true);
        },
      ),
    );
  });
});

describe('masks', () => {
  it('leave no form of a secret in a text', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6 }).filter((value) => value.trim().length >= 6),
        (secret) => {
          const masks = createMasks(() => undefined);
          masks.add(secret);
          const text = `a ${secret} b ${Buffer.from(secret).toString('base64')} c ${encodeURIComponent(secret)}`;
          const redacted = masks.redact(text);
          expect(redacted).not.toContain(secret);
          expect(redacted).not.toContain(encodeURIComponent(secret));
        },
      ),
    );
  });

  it('cover each line of a value and not words that are too short to be secrets', () => {
    expect(maskedForms('-----BEGIN-----\nMIIabc\n')).toEqual(
      expect.arrayContaining(['-----BEGIN-----', 'MIIabc']),
    );
    expect(maskedForms('abc').filter((form) => form === 'abc')).toEqual([]);
  });
});

describe('annotations', () => {
  it('show one held back message itself, and cut a long one', () => {
    const shown: Annotation[] = [];
    const annotations = createAnnotations(
      (annotation) => shown.push(annotation),
      () => undefined,
    );
    for (let index = 1; index <= 10; index += 1) {
      annotations.add({ level: 'warning', message: `w${index} ${'x'.repeat(5000)}` });
    }
    annotations.add({ level: 'notice', message: 'n' });
    annotations.finish();
    expect(shown.filter(({ level }) => level === 'warning')).toHaveLength(10);
    expect(shown.at(-1)?.message.startsWith('w10 ')).toBe(true);
    expect(shown.at(-1)?.message).toHaveLength(annotationCharacters);
  });
});

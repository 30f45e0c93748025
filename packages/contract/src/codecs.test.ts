import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import {
  choice,
  command,
  flag,
  integer,
  json,
  list,
  path,
  percentage,
  reportsInput,
  text,
} from './index.ts';

const described = { description: 'Something.' };

describe('integer', () => {
  const codec = integer({ ...described, min: -10, max: 3600 });

  it.each(['12abc', '1e3', '1 2', '+1', '007', '1.0', '0x10', '١٢', '-0', 'NaN', '3601', '-11'])(
    'refuses %j',
    (given) => expect(codec.decode(given).ok).toBe(false),
  );

  it('reads every integer of its range and refuses every other', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 20_000 }), (number) => {
        const inRange = number >= -10 && number <= 3600;
        const decoded = codec.decode(String(number));
        expect(decoded).toEqual(inRange ? { ok: true, value: number } : { ok: false });
      }),
    );
  });

  it('accepts a text only if the number is written in that very way', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('0', '1', '7', '9', '-', '+', '.', ' ', 'e', 'x') }),
        (given) => {
          const decoded = codec.decode(given);
          expect(decoded.ok ? String(decoded.value) : given).toBe(given);
        },
      ),
    );
  });
});

describe('flag', () => {
  it('reads the words of YAML’s core schema', () => {
    expect(['true', 'True', 'TRUE'].map((word) => flag(described).decode(word))).toEqual(
      Array.from({ length: 3 }, () => ({ ok: true, value: true })),
    );
    expect(flag(described).decode('False')).toEqual({ ok: true, value: false });
  });

  it.each(['yes', 'no', 'on', '1', '0', 'tRue', 'y'])('refuses %j', (word) => {
    expect(flag(described).decode(word).ok).toBe(false);
  });
});

describe('choice', () => {
  it('compares exactly', () => {
    const codec = choice({ ...described, of: ['deploy', 'rollback'] });
    expect(codec.decode('deploy')).toEqual({ ok: true, value: 'deploy' });
    expect(codec.decode('Deploy').ok).toBe(false);
    expect(codec.accepted).toBe('one of deploy, rollback');
  });
});

describe('text', () => {
  it('asks its pattern, also one that carries state', () => {
    const codec = text({ ...described, pattern: /^[a-z]+$/g });
    expect([1, 2].map(() => codec.decode('abc').ok)).toEqual([true, true]);
    expect(codec.decode('ab1').ok).toBe(false);
  });
});

describe('list', () => {
  const codec = list(described);
  const item = fc
    .string({ minLength: 1 })
    .filter((value) => value.trim() === value && !/[\r\n]/.test(value));

  it('splits several lines at line breaks only', () => {
    expect(codec.decode('a, b\n\n  c ')).toEqual({ ok: true, value: ['a, b', 'c'] });
  });

  it('splits one line at its commas', () => {
    expect(codec.decode('a, b,,c')).toEqual({ ok: true, value: ['a', 'b', 'c'] });
  });

  it('gives back what was joined by lines', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 2 }), (items) => {
        expect(codec.decode(items.join('\n'))).toEqual({ ok: true, value: items });
      }),
    );
  });

  it('names the item that its pattern refuses', () => {
    const hosts = list({ ...described, pattern: /^i-[0-9a-f]+$/, accepted: 'an instance id' });
    expect(hosts.decode('i-1,x')).toEqual({ ok: false, problem: 'item "x"' });
  });
});

describe('json', () => {
  const codec = json(z.strictObject({ hosts: z.array(z.string()) }), described);

  it('reads what follows the schema', () => {
    expect(codec.decode('{"hosts":["a"]}')).toEqual({ ok: true, value: { hosts: ['a'] } });
  });

  it('says where the value leaves the schema', () => {
    expect(codec.decode('{')).toEqual({ ok: false, problem: 'not JSON' });
    expect(codec.decode('{"hosts":[1]}')).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^hosts\.0: /),
    });
  });
});

describe('path', () => {
  it('refuses control characters', () => {
    expect(path(described).decode('a/b c.json')).toEqual({ ok: true, value: 'a/b c.json' });
    expect(path(described).decode('a\nb').ok).toBe(false);
  });
});

describe('command', () => {
  it('reads a program and its arguments, which no shell sees', () => {
    expect(command(described).decode('["npm", "run", "a b; c"]')).toEqual({
      ok: true,
      value: ['npm', 'run', 'a b; c'],
    });
  });

  it.each(['npm test', '[]', '[""]', '["a", 1]', '{"0":"a"}', '"a"', 'null'])(
    'refuses %s',
    (given) => {
      expect(command(described).decode(given).ok).toBe(false);
    },
  );
});

describe('percentage', () => {
  it.each([
    ['0', 0],
    ['70', 70],
    ['99.99', 99.99],
    ['100.00', 100],
    ['off', 'off'],
  ])('reads %s', (given, value) => {
    expect(percentage(described).decode(given)).toEqual({ ok: true, value });
  });

  it.each(['100.01', '101', '-1', '70%', '7.123', '.5', '07', '1e1', 'OFF'])(
    'refuses %s',
    (given) => {
      expect(percentage(described).decode(given).ok).toBe(false);
    },
  );
});

describe('globs of reports', () => {
  it.each(['a.xml', '**/*.xml', '!skip/**', 'a..b/c', '[a-z]{1,2}.json'])('take %s', (glob) => {
    expect(reportsInput('Reports.').decode(`${glob}\n`)).toEqual({ ok: true, value: [glob] });
  });

  it.each(['../x', 'a/../x', '..', 'a/..', '!../x', '/x', '!/x', 'C:/x', '!'])(
    'refuse %s',
    (glob) => {
      expect(reportsInput('Reports.').decode(`${glob}\n`).ok).toBe(false);
    },
  );
});

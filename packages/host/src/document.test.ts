import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { isReasonCode } from '@gatewright/verdict';
import fc from 'fast-check';

import { assembleDocument, documentModule, programFiles } from './assemble.ts';
import { hostDocument, hostDocumentName, hostParameters } from './index.ts';
import type { HostOperation } from './index.ts';
import { documentParameters } from './parameters.ts';
import { scriptFor } from './test-support/host.ts';
import { findShells, removeTools } from './test-support/shells.ts';

const program = (file: string) =>
  readFileSync(new URL(`../program/${file}`, import.meta.url), 'utf8');

const apply: HostOperation = {
  kind: 'apply',
  app: 'sample',
  version: '1.0.0-rc.1+build',
  digest: 'a'.repeat(64),
  source:
    'https://bucket.s3.eu-west-1.amazonaws.com/k/a.tar.gz?X-Amz-Credential=AK%2F1&X-Amz-Signature=0f',
  runId: '123456-1',
  stepId: 'wave-1',
  generation: 7,
  keep: 5,
  timeoutSeconds: 300,
  executionTimeoutSeconds: 330,
};

describe('the SSM document', () => {
  const { name, content, sha256 } = hostDocument();
  const script = scriptFor({});

  it('is what the program assembles to; else run `node packages/host/lib/generate.js`', () => {
    const fresh = assembleDocument(program);
    expect(content === fresh).toBe(true);
    const file = readFileSync(new URL('generated-document.ts', import.meta.url), 'utf8');
    expect(file === documentModule(fresh)).toBe(true);
  });

  it('is small enough, named and hashed', () => {
    expect(name).toBe(hostDocumentName);
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(64 * 1024);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has one step, and only its parameters in double braces, each once and in single quotes', () => {
    expect(JSON.parse(content)).toMatchObject({
      schemaVersion: '2.2',
      mainSteps: [
        {
          action: 'aws:runShellScript',
          name: 'gatewright',
          inputs: { timeoutSeconds: '{{ ExecutionTimeout }}' },
        },
      ],
    });
    const references = [...content.matchAll(/\{\{ ?(\w+) ?\}\}/g)].map(
      ([, parameter]) => parameter,
    );
    expect(references.toSorted()).toEqual(Object.keys(documentParameters).toSorted());
    for (const line of script.split('\n').filter((text) => text.includes('{{'))) {
      expect(line).toMatch(/^GW_[A-Z]+='\{\{ [A-Za-z]+ \}\}'$/);
    }
    const rest = script.replaceAll(/'\{\{ [A-Za-z]+ \}\}'/g, '');
    expect(rest).not.toMatch(/\{\{|\}\}|\$\$/);
  });

  it.each(findShells())('parses under $name', ({ argv: [command = 'sh', ...rest] }) => {
    expect(spawnSync(command, [...rest, '-n'], { input: script, encoding: 'utf8' }).stderr).toBe(
      '',
    );
    removeTools();
  });

  it('uses only reason codes that exist', () => {
    const text = programFiles.map(program).join('\n');
    const named = [
      ...text.matchAll(
        /(?:finish [a-z"$-]+|reason=|WHY=|unfit|early_reason=|echo) ([a-z]+(?:-[a-z0-9]+)+)\b/g,
      ),
    ];
    const codes = named.map(([, code = '']) => code).filter((code) => !code.startsWith('not-'));
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !isReasonCode(code))).toEqual([]);
  });
});

describe('the parameters', () => {
  it('carry an operation', () => {
    expect(hostParameters(apply)).toMatchObject({
      Operation: ['apply'],
      App: ['sample'],
      Version: ['1.0.0-rc.1+build'],
      Source: [apply.source],
      Bytes: [''],
      Generation: ['7'],
      ExecutionTimeout: ['330'],
    });
    const bare = { version: '', digest: '', source: '' };
    for (const kind of ['preflight', 'status', 'revert'] as const) {
      expect(hostParameters({ ...apply, ...bare, kind }).Version).toEqual(['']);
    }
  });

  it('are refused with the name of each bad one, and no signature', () => {
    const bad = {
      ...apply,
      version: "1'; reboot #",
      keep: 0,
      source: 'https://x/a?sig=secret$(id)',
    };
    expect(() => hostParameters(bad)).toThrow(/Version: got .*Source: got .*Keep: got/);
    expect(() => hostParameters(bad)).not.toThrow(/secret/);
    expect(() => hostParameters({ ...apply, version: '', digest: '' })).toThrow(
      /Version: is empty/,
    );
    expect(() => hostParameters({ ...apply, digest: '' })).toThrow(/one of them is empty/);
    expect(() => hostParameters({ ...apply, executionTimeoutSeconds: 300 })).toThrow(
      /more than TimeoutSeconds/,
    );
  });

  it('let no character through that a shell or the agent reads', () => {
    const hostile = fc.constantFrom(...'\'"`$\\{}()<>|!*#[]\n\r\t \u0000\u00e9\u2028'.split(''));
    const piece = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(
        piece,
        hostile,
        piece,
        fc.constantFrom('', '1', 'a', 's3://bucket/', 'https://h/'),
        (a, bad, b, start) => {
          for (const { allowedPattern } of Object.values(documentParameters)) {
            expect(new RegExp(allowedPattern).test(`${start}${a}${bad}${b}`)).toBe(false);
          }
        },
      ),
    );
  });

  it('have defaults that their own patterns let through', () => {
    const refused = Object.values(documentParameters).filter(
      (parameter) =>
        'default' in parameter && !new RegExp(parameter.allowedPattern).test(parameter.default),
    );
    expect(refused).toEqual([]);
  });
});

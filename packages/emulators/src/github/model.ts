import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Ajv, ValidateFunction } from 'ajv';
import * as z from 'zod';

const schema = z.record(z.string(), z.unknown());

const modelFile = z.object({
  operations: z.array(
    z.object({
      id: z.string(),
      method: z.string(),
      path: z.string(),
      parameters: schema.optional(),
      query: schema.optional(),
      body: schema.optional(),
      responses: z.record(z.string(), schema),
    }),
  ),
  $defs: schema,
});

/** One operation of GitHub's description. */
export type Operation = z.infer<typeof modelFile>['operations'][number];

export interface MatchedOperation {
  readonly operation: Operation;
  /** Decoded path parameters. */
  readonly parameters: Record<string, string>;
}

export interface Violation {
  /** JSON pointer. */
  readonly field: string;
  readonly message: string;
}

/** GitHub's own description of the API, as far as the emulator answers it. */
export interface GitHubModel {
  match(method: string, pathname: string): MatchedOperation | undefined;
  checkRequest(operation: Operation, request: RequestParts): readonly Violation[];
  checkResponse(operation: Operation, status: number, body: unknown): readonly Violation[];
}

export interface RequestParts {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Loads the cut description that lies beside the sources. */
export async function loadGitHubModel(): Promise<GitHubModel> {
  // Same distance from src/github and from lib/github.
  const file = path.join(import.meta.dirname, '../../models/github.json');
  const model = modelFile.parse(JSON.parse(await readFile(file, 'utf8')));
  const { Ajv: AjvClass } = await import('ajv');
  const settings = { allErrors: true, strict: false, formats };
  const bodies = new AjvClass(settings);
  const texts = new AjvClass({ ...settings, coerceTypes: true });
  const definitions = { $id: 'github.json', $defs: model.$defs };
  bodies.addSchema(definitions);
  texts.addSchema(definitions);
  const check = checker();
  const routes = model.operations.map((operation) => ({ operation, ...compilePath(operation) }));
  return {
    match(method, pathname) {
      for (const { operation, pattern, names } of routes) {
        const found = operation.method === method ? pattern.exec(pathname) : null;
        if (found !== null) return { operation, parameters: decode(names, found.slice(1)) };
      }
      return undefined;
    },
    checkRequest: (operation, request) => [
      // Copies: Ajv writes the numbers that it makes out of texts into what it checks.
      ...check(texts, operation.parameters, { ...request.parameters }),
      ...check(texts, operation.query, { ...request.query }),
      ...check(bodies, operation.body, request.body),
    ],
    checkResponse(operation, status, body) {
      const expected = operation.responses[String(status)];
      if (expected === undefined) {
        return [{ field: '', message: `status ${status} is not described for ${operation.id}` }];
      }
      return check(bodies, expected, body);
    },
  };
}

const formats = {
  'date-time': (text: string) => !Number.isNaN(Date.parse(text)) && text.includes('T'),
  // GitHub sends '' for an absent target_url although the description says uri.
  uri: (text: string) => text === '' || URL.canParse(text),
  email: true,
  int64: true,
} as const;

function checker() {
  // Compiled on first use: a demo touches a dozen of the schemas.
  const compiled = new Map<object, ValidateFunction>();
  return (ajv: Ajv, wanted: Record<string, unknown> | undefined, value: unknown): Violation[] => {
    if (wanted === undefined) return [];
    const validate = compiled.get(wanted) ?? ajv.compile(wanted);
    compiled.set(wanted, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => ({
      field: error.instancePath,
      message: error.message ?? error.keyword,
    }));
  };
}

// These take slashes: a ref is `heads/main`, and octokit encodes it while people do not.
const greedy = new Set(['ref', 'basehead']);

function compilePath(operation: Operation): { pattern: RegExp; names: string[] } {
  const names: string[] = [];
  const source = operation.path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => {
    names.push(name);
    return greedy.has(name) ? '(.+)' : '([^/]+)';
  });
  return { pattern: new RegExp(`^${source}$`, 'u'), names };
}

function decode(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name, index) => [name, decodeURIComponent(values[index] ?? '')]),
  );
}

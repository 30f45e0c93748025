import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { fullMatch } from './patterns.ts';

const reference = z.object({ shape: z.string() });
const shapeSchema = z.object({
  type: z.enum([
    'blob',
    'boolean',
    'double',
    'float',
    'integer',
    'list',
    'long',
    'map',
    'string',
    'structure',
    'timestamp',
  ]),
  required: z.array(z.string()).optional(),
  enum: z.array(z.string()).optional(),
  pattern: z.string().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  sensitive: z.boolean().optional(),
  exception: z.boolean().optional(),
  member: reference.optional(),
  key: reference.optional(),
  value: reference.optional(),
  members: z.record(z.string(), reference).optional(),
});
const modelSchema = z.object({
  operations: z.record(
    z.string(),
    z.object({
      input: z.string().optional(),
      output: z.string().optional(),
      errors: z.array(z.string()),
    }),
  ),
  shapes: z.record(z.string(), shapeSchema),
});
type Shape = z.infer<typeof shapeSchema>;

/** AWS's own description of one of its APIs, as vendored in `models/`. */
export interface ServiceModel {
  readonly has: (operation: string) => boolean;
  /** What is wrong with a request, in AWS's words; empty when nothing is. */
  readonly inputProblems: (operation: string, value: unknown) => string[];
  /** What is wrong with an answer of ours, as far as AWS's own answers keep the model. */
  readonly outputProblems: (operation: string, value: unknown) => string[];
  /** How the modelled exception spells its message member. */
  readonly messageMember: (code: string) => string;
}

interface Walk {
  readonly shapes: Readonly<Record<string, Shape>>;
  /** Only of requests: AWS's own answers break some patterns and minimum lengths (texts left empty). */
  readonly strict: boolean;
  readonly problems: string[];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(walk: Walk, path: string, value: unknown, constraint: string): void {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  walk.problems.push(
    `Value '${shown}' at '${path}' failed to satisfy constraint: Member must ${constraint}`,
  );
}

function checkLength(walk: Walk, shape: Shape, path: string, value: unknown, length: number): void {
  if (walk.strict && shape.min !== undefined && length < shape.min) {
    refuse(walk, path, value, `have length greater than or equal to ${shape.min}`);
  }
  if (shape.max !== undefined && length > shape.max) {
    refuse(walk, path, value, `have length less than or equal to ${shape.max}`);
  }
}

function checkString(walk: Walk, shape: Shape, path: string, value: unknown): void {
  if (typeof value !== 'string') return refuse(walk, path, value, 'be a string');
  checkLength(walk, shape, path, value, value.length);
  if (shape.enum !== undefined && !shape.enum.includes(value)) {
    refuse(walk, path, value, `satisfy enum value set: [${shape.enum.join(', ')}]`);
  }
  if (walk.strict && shape.pattern !== undefined && !fullMatch(shape.pattern, value)) {
    refuse(walk, path, value, `satisfy regular expression pattern: ${shape.pattern}`);
  }
}

function checkNumber(walk: Walk, shape: Shape, path: string, value: unknown): void {
  if (typeof value !== 'number') return refuse(walk, path, value, 'be a number');
  if (shape.type !== 'timestamp' && !Number.isInteger(value)) {
    refuse(walk, path, value, 'be a whole number');
  }
  if (shape.min !== undefined && value < shape.min) {
    refuse(walk, path, value, `have value greater than or equal to ${shape.min}`);
  }
  if (shape.max !== undefined && value > shape.max) {
    refuse(walk, path, value, `have value less than or equal to ${shape.max}`);
  }
}

function checkStructure(walk: Walk, shape: Shape, path: string, value: unknown): void {
  if (!isRecord(value)) return refuse(walk, path, value, 'be a structure');
  const at = (name: string): string => {
    const first = name.slice(0, 1).toLowerCase() + name.slice(1);
    return path === '' ? first : `${path}.${first}`;
  };
  for (const name of shape.required ?? []) {
    if (value[name] === undefined || value[name] === null) {
      walk.problems.push(
        `Value null at '${at(name)}' failed to satisfy constraint: Member must not be null`,
      );
    }
  }
  // AWS ignores members that it does not know, so does this.
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    if (value[name] !== undefined && value[name] !== null) {
      checkShape(walk, member.shape, at(name), value[name]);
    }
  }
}

function checkList(walk: Walk, shape: Shape, path: string, value: unknown): void {
  if (!Array.isArray(value)) return refuse(walk, path, value, 'be a list');
  checkLength(walk, shape, path, value, value.length);
  const member = shape.member?.shape;
  if (member === undefined) return;
  for (const [index, item] of value.entries()) {
    checkShape(walk, member, `${path}.${index + 1}.member`, item);
  }
}

function checkMap(walk: Walk, shape: Shape, path: string, value: unknown): void {
  if (!isRecord(value)) return refuse(walk, path, value, 'be a map');
  checkLength(walk, shape, path, value, Object.keys(value).length);
  for (const [key, item] of Object.entries(value)) {
    if (shape.key !== undefined) checkShape(walk, shape.key.shape, `${path}.key`, key);
    if (shape.value !== undefined) {
      checkShape(walk, shape.value.shape, `${path}.${key}.member`, item);
    }
  }
}

function checkShape(walk: Walk, name: string, path: string, value: unknown): void {
  const shape = walk.shapes[name];
  if (shape === undefined) throw new Error(`The service model has no shape ${name}.`);
  switch (shape.type) {
    case 'structure':
      return checkStructure(walk, shape, path, value);
    case 'list':
      return checkList(walk, shape, path, value);
    case 'map':
      return checkMap(walk, shape, path, value);
    case 'boolean':
      if (typeof value !== 'boolean') refuse(walk, path, value, 'be a boolean');
      return;
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
    case 'timestamp':
      return checkNumber(walk, shape, path, value);
    case 'blob':
    case 'string':
      return checkString(walk, shape, path, value);
  }
}

/** Reads a vendored model. Throws when the file is missing or is not such a model. */
export function loadServiceModel(service: 'ssm' | 'sts'): ServiceModel {
  const file = join(import.meta.dirname, '..', '..', 'models', `${service}.json`);
  const model = modelSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const problems = (shape: string | undefined, value: unknown, strict: boolean): string[] => {
    const walk: Walk = { shapes: model.shapes, strict, problems: [] };
    if (shape !== undefined) checkShape(walk, shape, '', value);
    return walk.problems;
  };
  return {
    has: (operation) => Object.hasOwn(model.operations, operation),
    inputProblems: (operation, value) => problems(model.operations[operation]?.input, value, true),
    outputProblems: (operation, value) =>
      problems(model.operations[operation]?.output, value, false),
    messageMember: (code) => {
      const members = Object.keys(model.shapes[code]?.members ?? {});
      return members.find((name) => name.toLowerCase() === 'message') ?? 'message';
    },
  };
}

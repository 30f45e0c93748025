// Cuts GitHub's OpenAPI description to the operations that the emulator answers.
//
//   (cd "$(mktemp -d)" && npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz && pwd)
//   node packages/emulators/scripts/cut-github-openapi.mjs <that directory>/package
//
// The package is 29 MB, so it is no dependency: the cut is committed, and this script says how it came to be.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const operations = {
  '/repos/{owner}/{repo}': ['get'],
  '/repos/{owner}/{repo}/environments': ['get'],
  '/repos/{owner}/{repo}/environments/{environment_name}': ['get'],
  '/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies': ['get'],
  '/repos/{owner}/{repo}/environments/{environment_name}/variables': ['get'],
  '/repos/{owner}/{repo}/deployments': ['get', 'post'],
  '/repos/{owner}/{repo}/deployments/{deployment_id}': ['get'],
  '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses': ['get', 'post'],
  '/repos/{owner}/{repo}/actions/runs/{run_id}': ['get'],
  '/repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments': ['get', 'post'],
  '/repos/{owner}/{repo}/actions/runs/{run_id}/approvals': ['get'],
  '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs': ['get'],
  '/repos/{owner}/{repo}/compare/{basehead}': ['get'],
  '/repos/{owner}/{repo}/branches': ['get'],
  '/repos/{owner}/{repo}/commits/{ref}': ['get'],
  '/repos/{owner}/{repo}/git/ref/{ref}': ['get'],
  '/repos/{owner}/{repo}/immutable-releases': ['get'],
  '/repos/{owner}/{repo}/releases': ['get', 'post'],
  '/repos/{owner}/{repo}/releases/tags/{tag}': ['get'],
  '/repos/{owner}/{repo}/releases/assets/{asset_id}': ['get', 'delete'],
  '/repos/{owner}/{repo}/releases/{release_id}': ['get', 'patch', 'delete'],
  '/repos/{owner}/{repo}/releases/{release_id}/assets': ['post'],
  '/user': ['get'],
  '/users/{username}': ['get'],
};

// What GitHub sends although its description does not say so. Each needs a source.
const amendments = [
  {
    // A job that waits for protection rules has the state `waiting`: octokit/webhooks.net#52 shows the payload.
    schema: 'deployment-status',
    apply: (schema) => schema.properties.state.enum.push('waiting'),
  },
];

const dropped = new Set([
  'description',
  'title',
  'example',
  'examples',
  'deprecated',
  'externalDocs',
  'x-github',
  'x-octokit',
]);

function toJsonSchema(node, named = false) {
  if (Array.isArray(node)) return node.map((item) => toJsonSchema(item));
  if (node === null || typeof node !== 'object') return node;
  if (typeof node.$ref === 'string') {
    return { $ref: node.$ref.replace('#/components/schemas/', 'github.json#/$defs/') };
  }
  // `named`: the keys are names of properties, and a property may well be called `description`.
  const entries = Object.entries(node)
    .filter(([key]) => named || (!dropped.has(key) && key !== 'nullable'))
    .map(([key, value]) => [key, toJsonSchema(value, key === 'properties' && !named)]);
  const schema = Object.fromEntries(entries);
  return !named && node.nullable === true ? nullable(schema) : schema;
}

function nullable(schema) {
  if (schema.type === undefined) return { anyOf: [schema, { type: 'null' }] };
  const enumeration = schema.enum === undefined ? {} : { enum: [...schema.enum, null] };
  return { ...schema, ...enumeration, type: [schema.type, 'null'] };
}

function referenced(node, found) {
  if (node === null || typeof node !== 'object') return;
  if (typeof node.$ref === 'string') found.add(node.$ref.split('/').at(-1));
  for (const value of Object.values(node)) referenced(value, found);
}

function resolve(description, node) {
  if (node.$ref === undefined) return node;
  return node.$ref
    .slice(2)
    .split('/')
    .reduce((at, key) => at[key], description);
}

function cutParameters(description, parameters, place) {
  const chosen = parameters
    .map((parameter) => resolve(description, parameter))
    .filter((parameter) => parameter.in === place);
  if (chosen.length === 0) return undefined;
  return {
    type: 'object',
    properties: Object.fromEntries(
      chosen.map((parameter) => [parameter.name, toJsonSchema(parameter.schema)]),
    ),
    required: chosen
      .filter((parameter) => parameter.required === true)
      .map((parameter) => parameter.name),
  };
}

function jsonContent(description, holder) {
  const schema = resolve(description, holder).content?.['application/json']?.schema;
  return schema === undefined ? undefined : toJsonSchema(schema);
}

function cutOperation(description, template, method) {
  const source = description.paths[template]?.[method];
  if (source === undefined) throw new Error(`${method} ${template} is not in the description`);
  const responses = Object.entries(source.responses)
    .filter(([status]) => status.startsWith('2'))
    // An answer without content has nothing to be checked.
    .map(([status, response]) => [status, jsonContent(description, response) ?? {}]);
  return {
    id: source.operationId,
    method: method.toUpperCase(),
    path: template,
    parameters: cutParameters(description, source.parameters ?? [], 'path'),
    query: cutParameters(description, source.parameters ?? [], 'query'),
    body:
      source.requestBody === undefined ? undefined : jsonContent(description, source.requestBody),
    responses: Object.fromEntries(responses),
  };
}

function cut(description, source) {
  const chosen = Object.entries(operations).flatMap(([template, methods]) =>
    methods.map((method) => cutOperation(description, template, method)),
  );
  const names = new Set();
  referenced(chosen, names);
  const definitions = {};
  for (const name of names) {
    definitions[name] = toJsonSchema(description.components.schemas[name]);
    referenced(definitions[name], names);
  }
  for (const { schema, apply } of amendments) apply(definitions[schema]);
  return {
    source,
    operations: chosen,
    $id: 'github.json',
    $defs: Object.fromEntries(Object.entries(definitions).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

const directory = process.argv[2];
if (directory === undefined)
  throw new Error('usage: cut-github-openapi.mjs <@octokit/openapi directory>');
const manifest = JSON.parse(await readFile(path.join(directory, 'package.json'), 'utf8'));
const description = JSON.parse(
  await readFile(path.join(directory, 'generated/api.github.com.json'), 'utf8'),
);
const model = cut(description, {
  package: manifest.name,
  version: manifest.version,
  license: manifest.license,
  file: 'generated/api.github.com.json',
});
const target = path.join(import.meta.dirname, '../models/github.json');
await writeFile(target, `${JSON.stringify(model)}\n`);

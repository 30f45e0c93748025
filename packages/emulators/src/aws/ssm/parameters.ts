import * as z from 'zod';
import { AwsError } from '../errors.ts';
import type { Arns } from './arns.ts';
import { operation, optional } from './operation.ts';
import type { Operations } from './operation.ts';
import { page } from './paging.ts';
import type { ParameterRecord, ParameterStore, ParameterVersion } from './parameter-store.ts';

const nameOnly = z.object({ Name: z.string() });
const read = { WithDecryption: optional(z.boolean()) };
const paged = { MaxResults: optional(z.number()), NextToken: optional(z.string()) };
const putRequest = z.object({
  Name: z.string(),
  Value: z.string(),
  Type: optional(z.enum(['String', 'StringList', 'SecureString'])),
  Tier: optional(z.enum(['Standard', 'Advanced', 'Intelligent-Tiering'])),
  Overwrite: optional(z.boolean()),
  Description: optional(z.string()),
  AllowedPattern: optional(z.string()),
  DataType: optional(z.string()),
});
const pathRequest = z.object({
  Path: z.string(),
  Recursive: optional(z.boolean()),
  ParameterFilters: optional(
    z.array(
      z.object({
        Key: z.string(),
        Option: optional(z.string()),
        Values: optional(z.array(z.string())),
      }),
    ),
  ),
  ...read,
  ...paged,
});
const labelRequest = z.object({
  Name: z.string(),
  ParameterVersion: optional(z.number()),
  Labels: z.array(z.string()),
});
type PathFilter = NonNullable<z.infer<typeof pathRequest>['ParameterFilters']>[number];

function shownValue(version: ParameterVersion, decrypt: boolean | undefined): string {
  if (version.type !== 'SecureString' || decrypt === true) return version.value;
  return Buffer.from(`kms-encrypted ${version.value}`).toString('base64');
}

function matchesFilter(
  version: ParameterVersion,
  { Key, Option, Values = [] }: PathFilter,
): boolean {
  if (Option !== undefined && Option !== 'Equals') {
    throw new AwsError('InvalidFilterOption', `The filter option ${Option} is not valid.`);
  }
  if (Key === 'Type') return Values.includes(version.type);
  if (Key === 'Label') return Values.some((label) => version.labels.has(label));
  throw new AwsError(
    'InvalidFilterKey',
    `The filter key ${Key} is not valid for GetParametersByPath.`,
  );
}

/** Whether a name lies under a path: directly, or at any depth. */
function isUnder(name: string, path: string, recursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  const full = name.startsWith('/') ? name : `/${name}`;
  if (!full.startsWith(prefix)) return false;
  return recursive || !full.slice(prefix.length).includes('/');
}

function history(record: ParameterRecord, decrypt: boolean | undefined): object[] {
  return record.versions.map((version) => ({
    Name: record.name,
    Type: version.type,
    LastModifiedDate: version.modified / 1000,
    LastModifiedUser: version.user,
    Value: shownValue(version, decrypt),
    Version: version.version,
    Tier: version.tier,
    DataType: version.dataType,
    Policies: [],
    ...(version.labels.size > 0 && { Labels: [...version.labels] }),
    ...(version.description !== undefined && { Description: version.description }),
    ...(version.allowedPattern !== undefined && { AllowedPattern: version.allowedPattern }),
  }));
}

function listUnderPath(store: ParameterStore, request: z.infer<typeof pathRequest>): Found[] {
  const { Path, Recursive = false, ParameterFilters = [] } = request;
  if (!Path.startsWith('/')) {
    throw new AwsError('ValidationException', 'The parameter path must begin with a slash.');
  }
  return store
    .records()
    .filter(({ name }) => isUnder(name, Path, Recursive))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((record) => {
      const labelled = ParameterFilters.some(({ Key }) => Key === 'Label');
      const candidates = labelled ? record.versions : record.versions.slice(-1);
      return candidates
        .filter((version) => ParameterFilters.every((one) => matchesFilter(version, one)))
        .map((version) => ({ record, version, selector: '' }));
    });
}

function onName(arns: Arns): (request: { Name: string }) => string[] {
  return ({ Name }) => [arns.parameter(Name.split(':')[0] ?? Name)];
}

interface Found {
  readonly record: ParameterRecord;
  readonly version: ParameterVersion;
  readonly selector: string;
}

function show({ record, version, selector }: Found, arns: Arns, decrypt?: boolean): object {
  return {
    Name: record.name,
    Type: version.type,
    Value: shownValue(version, decrypt),
    Version: version.version,
    ...(selector !== '' && { Selector: selector }),
    LastModifiedDate: version.modified / 1000,
    ARN: arns.parameter(record.name),
    DataType: version.dataType,
  };
}

function writing(store: ParameterStore, arns: Arns): Operations {
  return {
    PutParameter: operation(putRequest, {
      resources: onName(arns),
      run: (request, caller) => {
        const { version, tier } = store.put({
          name: request.Name,
          value: request.Value,
          type: request.Type,
          tier: request.Tier,
          overwrite: request.Overwrite ?? false,
          description: request.Description,
          allowedPattern: request.AllowedPattern,
          dataType: request.DataType,
          user: caller.arn,
        });
        return { Version: version, Tier: tier };
      },
    }),
    DeleteParameter: operation(nameOnly, {
      resources: onName(arns),
      run: ({ Name }) => {
        store.remove(Name);
        return {};
      },
    }),
    LabelParameterVersion: operation(labelRequest, {
      resources: onName(arns),
      run: ({ Name, ParameterVersion: wanted, Labels }) => {
        const { version, invalid } = store.label(Name, wanted, Labels);
        return { ParameterVersion: version, ...(invalid.length > 0 && { InvalidLabels: invalid }) };
      },
    }),
  };
}

function reading(store: ParameterStore, arns: Arns): Operations {
  return {
    GetParameter: operation(z.object({ Name: z.string(), ...read }), {
      resources: onName(arns),
      run: ({ Name, WithDecryption }) => {
        const found = store.find(Name);
        if (found !== undefined) return { Parameter: show(found, arns, WithDecryption) };
        store.record(Name.split(':')[0] ?? Name);
        throw new AwsError(
          'ParameterVersionNotFound',
          `Systems Manager could not find version ${Name}.`,
        );
      },
    }),
    GetParameters: operation(z.object({ Names: z.array(z.string()), ...read }), {
      resources: ({ Names }) => Names.flatMap((Name) => onName(arns)({ Name })),
      run: ({ Names, WithDecryption }) => {
        const found = Names.map((name) => store.find(name));
        return {
          Parameters: found
            .filter((one) => one !== undefined)
            .map((one) => show(one, arns, WithDecryption)),
          InvalidParameters: Names.filter((_, index) => found[index] === undefined),
        };
      },
    }),
    GetParametersByPath: operation(pathRequest, {
      resources: ({ Path }) => [arns.parameter(Path.replace(/(.)\/$/u, '$1'))],
      run: (request) => {
        const { items, ...rest } = page(
          listUnderPath(store, request),
          request.MaxResults ?? 10,
          request.NextToken,
          `path ${request.Path}`,
        );
        return { Parameters: items.map((one) => show(one, arns, request.WithDecryption)), ...rest };
      },
    }),
    GetParameterHistory: operation(z.object({ Name: z.string(), ...read, ...paged }), {
      resources: onName(arns),
      run: ({ Name, WithDecryption, MaxResults = 50, NextToken }) => {
        const all = history(store.record(Name), WithDecryption);
        const { items, ...rest } = page(all, MaxResults, NextToken, `history ${Name}`);
        return { Parameters: items, ...rest };
      },
    }),
  };
}

/** The operations of Parameter Store. */
export function createParameters(store: ParameterStore, arns: Arns): Operations {
  return { ...writing(store, arns), ...reading(store, arns) };
}

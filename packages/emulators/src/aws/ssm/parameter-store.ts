import { AwsError } from '../errors.ts';
import { fullMatch } from '../patterns.ts';

export type ParameterType = 'String' | 'StringList' | 'SecureString';
export type ParameterTier = 'Standard' | 'Advanced' | 'Intelligent-Tiering';

export interface ParameterVersion {
  readonly version: number;
  readonly value: string;
  readonly type: ParameterType;
  readonly tier: 'Standard' | 'Advanced';
  readonly description: string | undefined;
  readonly allowedPattern: string | undefined;
  readonly dataType: string;
  readonly user: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly labels: Set<string>;
}

export interface ParameterRecord {
  readonly name: string;
  readonly versions: ParameterVersion[];
}

export interface PutRequest {
  readonly name: string;
  readonly value: string;
  readonly type: ParameterType | undefined;
  readonly tier: ParameterTier | undefined;
  readonly overwrite: boolean;
  readonly description: string | undefined;
  readonly allowedPattern: string | undefined;
  readonly dataType: string | undefined;
  readonly user: string;
}

/** Parameter Store: names, versions and labels under AWS's limits. */
export interface ParameterStore {
  readonly put: (request: PutRequest) => ParameterVersion;
  /** Throws ParameterNotFound. */
  readonly record: (name: string) => ParameterRecord;
  /** A record and the version that `name`, `name:3` or `name:label` means; undefined when there is none. */
  readonly find: (
    reference: string,
  ) => { record: ParameterRecord; version: ParameterVersion; selector: string } | undefined;
  readonly records: () => readonly ParameterRecord[];
  readonly remove: (name: string) => void;
  /** Puts labels on a version (default: the newest), taking them off any other; returns those that are not allowed. */
  readonly label: (
    name: string,
    version: number | undefined,
    labels: readonly string[],
  ) => { version: number; invalid: string[] };
  readonly clear: () => void;
}

const versionLimit = 100;
const labelLimit = 10;
const sizeLimits = { Standard: 4096, Advanced: 8192 };

function refuse(why: string): never {
  throw new AwsError('ValidationException', why);
}

function checkName(name: string): void {
  if (!/^[a-zA-Z0-9_.\-/]+$/u.test(name) || (name.includes('/') && !name.startsWith('/'))) {
    refuse(
      `Parameter name must be a fully qualified name: it can only include the symbols a-zA-Z0-9_.-/ and must begin with a slash if it has a hierarchy: ${name}`,
    );
  }
  if (/^\/?(?:aws|ssm)/iu.test(name)) {
    refuse(`Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive): ${name}`);
  }
  if (name.length > 1011) refuse('Parameter name is longer than 1011 characters.');
  if (name.split('/').filter((part) => part !== '').length > 15) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      'A hierarchy can have a maximum of 15 levels.',
    );
  }
}

function checkValue({ value, tier, allowedPattern }: ParameterVersion, name: string): void {
  if (value === '' || Buffer.byteLength(value) > sizeLimits[tier]) {
    refuse(
      `${tier} tier parameters support a maximum parameter value of ${sizeLimits[tier]} characters, and at least one.`,
    );
  }
  if (/\{\{.*\}\}/su.test(value)) {
    refuse(`Parameter value can't nest another parameter. Do not use "{{}}" in the value: ${name}`);
  }
  if (allowedPattern !== undefined && !fullMatch(allowedPattern, value)) {
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`,
    );
  }
}

function dropOldest(record: ParameterRecord): void {
  const [oldest] = record.versions;
  if (record.versions.length < versionLimit || oldest === undefined) return;
  if (oldest.labels.size > 0) {
    throw new AwsError(
      'ParameterMaxVersionLimitExceeded',
      `You attempted to create a new version of ${record.name} by calling the PutParameter API with the overwrite flag. Version ${oldest.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
    );
  }
  record.versions.shift();
}

function isLabel(text: string): boolean {
  return /^[a-zA-Z_.-][a-zA-Z0-9_.-]{0,99}$/u.test(text) && !/^(?:aws|ssm)/iu.test(text);
}

function withoutArn(reference: string): string {
  const match = /^arn:aws:ssm:[^:]*:[^:]*:parameter(\/.*)$/u.exec(reference);
  return match?.[1] ?? reference;
}

type Records = Map<string, ParameterRecord>;

function lookUp(records: Records, reference: string): ParameterRecord | undefined {
  const name = withoutArn(reference.trim());
  return records.get(name) ?? records.get(name.replace(/^\//u, ''));
}

function recordOf(records: Records, name: string): ParameterRecord {
  const found = lookUp(records, name);
  if (found === undefined) throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
  return found;
}

function chooseTier(wanted: ParameterTier, value: string): 'Standard' | 'Advanced' {
  if (wanted !== 'Intelligent-Tiering') return wanted;
  return Buffer.byteLength(value) > sizeLimits.Standard ? 'Advanced' : 'Standard';
}

function nextVersion(request: PutRequest, last: ParameterVersion | undefined): ParameterVersion {
  const type = request.type ?? last?.type;
  if (type === undefined) refuse('A parameter type is required when you create a parameter.');
  return {
    version: (last?.version ?? 0) + 1,
    value: request.value,
    type,
    tier: chooseTier(request.tier ?? last?.tier ?? 'Standard', request.value),
    description: request.description ?? last?.description,
    allowedPattern: request.allowedPattern ?? last?.allowedPattern,
    dataType: request.dataType ?? 'text',
    user: request.user,
    modified: Date.now(),
    labels: new Set(),
  };
}

function put(records: Records, request: PutRequest): ParameterVersion {
  const name = request.name.trim();
  checkName(name);
  const known = records.get(name);
  if (known !== undefined && !request.overwrite) {
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  const version = nextVersion(request, known?.versions.at(-1));
  checkValue(version, name);
  const target = known ?? { name, versions: [] };
  dropOldest(target);
  target.versions.push(version);
  records.set(name, target);
  return version;
}

function find(records: Records, given: string): ReturnType<ParameterStore['find']> {
  const [name = '', wanted] = withoutArn(given.trim()).split(':');
  const record = lookUp(records, name);
  const version =
    wanted === undefined
      ? record?.versions.at(-1)
      : record?.versions.find((one) => String(one.version) === wanted || one.labels.has(wanted));
  if (record === undefined || version === undefined) return undefined;
  return { record, version, selector: wanted === undefined ? '' : `:${wanted}` };
}

function label(
  { name, versions }: ParameterRecord,
  wanted: number | undefined,
  labels: readonly string[],
): { version: number; invalid: string[] } {
  const version =
    wanted === undefined ? versions.at(-1) : versions.find((one) => one.version === wanted);
  if (version === undefined) {
    throw new AwsError(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${wanted} of ${name}.`,
    );
  }
  const valid = labels.filter(isLabel);
  if (new Set([...version.labels, ...valid]).size > labelLimit) {
    throw new AwsError(
      'ParameterVersionLabelLimitExceeded',
      'A parameter version can have maximum 10 labels. Move one or more labels to another version and try again.',
    );
  }
  for (const one of valid) {
    for (const other of versions) other.labels.delete(one);
    version.labels.add(one);
  }
  return { version: version.version, invalid: labels.filter((one) => !isLabel(one)) };
}

export function createParameterStore(): ParameterStore {
  const records: Records = new Map();
  return {
    put: (request) => put(records, request),
    record: (name) => recordOf(records, name),
    find: (reference) => find(records, reference),
    records: () => [...records.values()],
    remove: (name) => void records.delete(recordOf(records, name).name),
    label: (name, version, labels) => label(recordOf(records, name), version, labels),
    clear: () => records.clear(),
  };
}

// Cuts AWS's own service models (botocore's service-2.json) down to the operations that the emulator answers.
//
//   pip download --no-deps --no-binary :all: botocore==<version> && tar xzf botocore-<version>.tar.gz
//   node packages/emulators/scripts/cut-aws-models.mjs botocore-<version>
//
// Kept: names, types, required members, enums, patterns, min and max, errors. Dropped: documentation, endpoint rules,
// examples and every operation and shape that nothing here uses.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const services = {
  ssm: {
    version: '2014-11-06',
    operations: [
      'CancelCommand',
      'CreateDocument',
      'DeleteParameter',
      'DescribeDocument',
      'DescribeInstanceInformation',
      'GetCommandInvocation',
      'GetDocument',
      'GetParameter',
      'GetParameterHistory',
      'GetParameters',
      'GetParametersByPath',
      'LabelParameterVersion',
      'ListCommandInvocations',
      'ListCommands',
      'PutParameter',
      'SendCommand',
      'UpdateDocument',
      'UpdateDocumentDefaultVersion',
    ],
  },
  sts: { version: '2011-06-15', operations: ['AssumeRoleWithWebIdentity', 'GetCallerIdentity'] },
};

const shapeKeys = [
  'type',
  'required',
  'enum',
  'pattern',
  'min',
  'max',
  'sensitive',
  'exception',
  'error',
];

function cutShape(shape, use) {
  const cut = {};
  for (const key of shapeKeys) if (shape[key] !== undefined) cut[key] = shape[key];
  for (const key of ['member', 'key', 'value'])
    if (shape[key]) cut[key] = { shape: use(shape[key].shape) };
  if (shape.members) {
    cut.members = Object.fromEntries(
      Object.entries(shape.members).map(([name, member]) => [name, { shape: use(member.shape) }]),
    );
  }
  return cut;
}

function cutModel(model, operationNames) {
  const shapes = {};
  const use = (name) => {
    if (!(name in shapes)) {
      shapes[name] = {}; // set before the walk: shapes may refer to themselves
      shapes[name] = cutShape(model.shapes[name], use);
    }
    return name;
  };
  const operations = {};
  for (const name of operationNames) {
    const operation = model.operations[name];
    operations[name] = {
      ...(operation.input && { input: use(operation.input.shape) }),
      ...(operation.output && { output: use(operation.output.shape) }),
      errors: (operation.errors ?? []).map((error) => use(error.shape)),
    };
  }
  const sorted = Object.fromEntries(
    Object.entries(shapes).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  return {
    apiVersion: model.metadata.apiVersion,
    protocol: model.metadata.protocol,
    operations,
    shapes: sorted,
  };
}

const source = process.argv[2];
if (source === undefined) throw new Error('usage: cut-aws-models.mjs BOTOCORE_SOURCE_DIRECTORY');
const target = join(import.meta.dirname, '..', 'models');
for (const [name, { version, operations }] of Object.entries(services)) {
  const file = join(source, 'botocore', 'data', name, version, 'service-2.json');
  const model = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(
    join(target, `${name}.json`),
    `${JSON.stringify(cutModel(model, operations), null, 1)}\n`,
  );
}

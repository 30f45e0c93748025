import { createHash } from 'node:crypto';
import {
  CreateDocumentCommand,
  DescribeDocumentCommand,
  GetDocumentCommand,
  UpdateDocumentCommand,
  UpdateDocumentDefaultVersionCommand,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openWorld, step } from './test-support.ts';
import type { World } from './test-support.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const text = (line: string): string =>
  JSON.stringify({ schemaVersion: '2.2', mainSteps: [step('only', [line])] });
const Name = 'Gatewright-Host';

async function create(Content: string): Promise<unknown> {
  return world.ssm.send(new CreateDocumentCommand({ Name, Content, DocumentType: 'Command' }));
}

describe('documents', () => {
  it('are hashed over their exact bytes and given back as they came', async () => {
    const content = text('echo  one ');
    await create(content);
    const { Document } = await world.ssm.send(new DescribeDocumentCommand({ Name }));
    expect(Document).toMatchObject({
      Hash: createHash('sha256').update(content).digest('hex'),
      HashType: 'Sha256',
      DocumentVersion: '1',
      Status: 'Active',
      SchemaVersion: '2.2',
    });
    expect((await world.ssm.send(new GetDocumentCommand({ Name }))).Content).toBe(content);
  });

  it('keep their default version when a newer one is added, until told otherwise', async () => {
    await create(text('one'));
    const update = new UpdateDocumentCommand({
      Name,
      Content: text('two'),
      DocumentVersion: '$LATEST',
    });
    await world.ssm.send(update);
    const shown = async (DocumentVersion?: string) =>
      (await world.ssm.send(new GetDocumentCommand({ Name, DocumentVersion }))).DocumentVersion;
    expect(await shown()).toBe('1');
    expect(await shown('$LATEST')).toBe('2');
    await world.ssm.send(new UpdateDocumentDefaultVersionCommand({ Name, DocumentVersion: '2' }));
    expect(await shown()).toBe('2');
    await expect(world.ssm.send(update)).rejects.toMatchObject({
      name: 'DuplicateDocumentContent',
    });
  });

  it.each([
    ['no JSON', '{', 'InvalidDocumentContent'],
    ['no known schema', '{"schemaVersion":"9.9"}', 'InvalidDocumentSchemaVersion'],
    ['no steps', '{"schemaVersion":"2.2"}', 'InvalidDocumentContent'],
    ['more than 64 KB', text('x'.repeat(65_536)), 'MaxDocumentSizeExceeded'],
  ])('are refused with %s', async (_, content, name) => {
    await expect(create(content)).rejects.toMatchObject({ name });
  });

  it('exist once under a name', async () => {
    await create(text('one'));
    await expect(create(text('two'))).rejects.toMatchObject({ name: 'DocumentAlreadyExists' });
    await expect(
      world.ssm.send(new GetDocumentCommand({ Name, DocumentVersion: '7' })),
    ).rejects.toMatchObject({ name: 'InvalidDocumentVersion' });
    await expect(
      world.ssm.send(new DescribeDocumentCommand({ Name: 'Missing' })),
    ).rejects.toMatchObject({ name: 'InvalidDocument' });
  });
});

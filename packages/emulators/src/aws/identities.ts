import { randomBytes } from 'node:crypto';
import type { Principal } from './iam.ts';
import type { AccessKeyOptions, PolicyStatement } from './options.ts';

/** A key pair that the emulator knows, and whose it is. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Milliseconds since the epoch. */
  readonly expires?: number;
  readonly principal: Principal;
}

/** Every key pair of the account: users, sessions of roles, and the hosts' instance roles. */
export interface Identities {
  readonly find: (accessKeyId: string) => Credentials | undefined;
  readonly openSession: (session: {
    role: string;
    session: string;
    policy: readonly PolicyStatement[];
    expires?: number;
  }) => Required<Omit<Credentials, 'expires'>> & { roleId: string };
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function identifier(prefix: string): string {
  return prefix + Array.from(randomBytes(16), (byte) => letters[byte % letters.length]).join('');
}

const fullAccess: AccessKeyOptions = {
  accessKeyId: 'test',
  secretAccessKey: 'test',
  user: 'test',
  policy: [{ actions: ['*'], resources: ['*'] }],
};

export function createIdentities(
  accountId: string,
  accessKeys: readonly AccessKeyOptions[] = [fullAccess],
): Identities {
  const known = new Map<string, Credentials>();
  for (const key of accessKeys) {
    const arn = `arn:aws:iam::${accountId}:user/${key.user}`;
    known.set(key.accessKeyId, {
      accessKeyId: key.accessKeyId,
      secretAccessKey: key.secretAccessKey,
      principal: { arn, userId: identifier('AIDA'), policy: key.policy },
    });
  }
  return {
    find: (accessKeyId) => known.get(accessKeyId),
    openSession: ({ role, session, policy, expires }) => {
      const roleId = identifier('AROA');
      const arn = `arn:aws:sts::${accountId}:assumed-role/${role}/${session}`;
      const credentials = {
        accessKeyId: identifier('ASIA'),
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(96).toString('base64'),
        principal: { arn, userId: `${roleId}:${session}`, policy },
      };
      known.set(credentials.accessKeyId, {
        ...credentials,
        ...(expires !== undefined && { expires }),
      });
      return { ...credentials, roleId };
    },
  };
}

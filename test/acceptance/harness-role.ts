import type { PolicyStatement, RoleOptions } from '@gatewright/emulators';

export const account = '111122223333';
export const region = 'eu-west-1';
export const bucket = 'acme-releases';
export const repository = 'acme/orders';

/**
 * What the deploy role of an environment may do: the pinned document, the hosts, the lock and the ledger of this
 * application, its place in the bucket. Anything else that a bundle calls is refused, and its test fails.
 */
export function deployStatements(environment: string): PolicyStatement[] {
  const parameters = `arn:aws:ssm:${region}:${account}:parameter/gatewright/orders/${environment}`;
  const document = `arn:aws:ssm:${region}:${account}:document/Gatewright-Host`;
  return [
    {
      actions: ['ssm:SendCommand'],
      resources: [document, `arn:aws:ec2:${region}:${account}:instance/*`],
    },
    {
      actions: ['ssm:DescribeDocument'],
      resources: [`arn:aws:ssm:${region}:${account}:document/*`],
    },
    {
      actions: [
        'ssm:CancelCommand',
        'ssm:DescribeInstanceInformation',
        'ssm:GetCommandInvocation',
        'ssm:ListCommandInvocations',
        'ssm:ListCommands',
      ],
      resources: ['*'],
    },
    {
      actions: ['ssm:GetParameter', 'ssm:GetParametersByPath', 'ssm:PutParameter'],
      resources: [parameters, `${parameters}/*`],
    },
    {
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [`arn:aws:s3:::${bucket}/orders/*`],
    },
  ];
}

/** The deploy role of an environment, or one that lacks some of its actions. */
export function deployRole(environment: string, without: readonly string[] = []): RoleOptions {
  const left = deployStatements(environment).map(({ actions, resources }) => ({
    actions: actions.filter((action) => !without.includes(action)),
    resources,
  }));
  return {
    name: roleName(environment, without),
    trust: { subjects: [`repo:${repository}:environment:${environment}`] },
    policy: left.filter(({ actions }) => actions.length > 0),
  };
}

/** For example `gatewright-deploy-staging`, or `gatewright-deploy-staging-without-SendCommand`. */
export function roleName(environment: string, without: readonly string[] = []): string {
  const lacks = without.map((action) => action.replace(/^\w+:/u, '')).join('-');
  return `gatewright-deploy-${environment}${lacks === '' ? '' : `-without-${lacks}`}`;
}

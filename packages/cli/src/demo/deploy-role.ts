import type { RoleOptions } from '@gatewright/emulators';

/**
 * The deploy role of one environment with the least that a delivery needs: the pinned document, the tagged hosts, the
 * ledger and lock of this application, and its place in the artifact bucket. No `AWS-RunShellScript`. The trust policy
 * accepts the environment's own OIDC subject and nothing else.
 */
export function deployRole(of: {
  readonly account: string;
  readonly repository: string;
  readonly environment: string;
}): RoleOptions {
  const { account, repository, environment } = of;
  const parameters = `arn:aws:ssm:eu-west-1:${account}:parameter/gatewright/orders/${environment}`;
  return {
    name: `gatewright-deploy-${environment}`,
    trust: { subjects: [`repo:${repository}:environment:${environment}`] },
    policy: [
      {
        actions: ['ssm:SendCommand'],
        resources: [
          `arn:aws:ssm:eu-west-1:${account}:document/Gatewright-Host`,
          `arn:aws:ec2:eu-west-1:${account}:instance/*`,
        ],
      },
      {
        actions: ['ssm:DescribeDocument'],
        resources: [`arn:aws:ssm:eu-west-1:${account}:document/Gatewright-Host`],
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
        resources: ['arn:aws:s3:::acme-releases/orders/*'],
      },
    ],
  };
}

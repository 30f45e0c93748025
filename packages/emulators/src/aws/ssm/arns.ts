/** ARNs as IAM sees them. */
export interface Arns {
  readonly document: (name: string) => string;
  readonly instance: (id: string) => string;
  readonly parameter: (name: string) => string;
  /** Where an action cannot be limited to single resources. */
  readonly any: string;
}

export function createArns(region: string, accountId: string): Arns {
  const ssm = `arn:aws:ssm:${region}`;
  return {
    // Documents of AWS itself belong to no account.
    document: (name) =>
      name.startsWith('AWS-') ? `${ssm}::document/${name}` : `${ssm}:${accountId}:document/${name}`,
    instance: (id) => `arn:aws:ec2:${region}:${accountId}:instance/${id}`,
    parameter: (name) => `${ssm}:${accountId}:parameter/${name.replace(/^\//u, '')}`,
    any: `${ssm}:${accountId}:*`,
  };
}

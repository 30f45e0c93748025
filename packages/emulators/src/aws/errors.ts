/** An error that AWS itself would answer: the code and message reach the client, the status is HTTP's. */
export class AwsError extends Error {
  readonly code: string;
  readonly statusCode: number;

  constructor(code: string, message: string, statusCode = 400) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.statusCode = statusCode;
  }
}

/** AWS's wording of a request that its service model refuses. */
export function validationError(problems: readonly string[]): AwsError {
  const [noun, verb] = problems.length === 1 ? ['error', 'detected'] : ['errors', 'detected'];
  return new AwsError(
    'ValidationException',
    `${problems.length} validation ${noun} ${verb}: ${problems.join('; ')}`,
  );
}

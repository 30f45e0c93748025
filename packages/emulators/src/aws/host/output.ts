// How the agent cuts output, from its source (iohandler.go TruncateOutput, appconfig MaxStdoutLength): always in bytes,
// always keeping the head.

export const stdoutLimit = 24_000;
export const stderrLimit = 8000;
const combinedLimit = 2500;
const errorTitle = '\n----------ERROR-------\n';
const outputCut = '\n---Output truncated---';
const errorCut = '\n---Error truncated----';

/** The first `limit` bytes; a character that the cut splits is left out. */
export function head(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  let end = limit;
  // Bytes 10xxxxxx continue a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** What ListCommandInvocations shows of a plugin: stdout and stderr in at most 2500 bytes. */
export function combinedOutput(stdout: string, stderr: string): string {
  const [outputSize, errorSize] = [Buffer.byteLength(stdout), Buffer.byteLength(stderr)];
  const title = errorSize > 0 ? errorTitle : '';
  const space = combinedLimit - title.length;
  if (outputSize + errorSize < space) return stdout + title + stderr;
  if (outputSize > space / 2 && errorSize > space / 2) {
    const half = Math.floor((space - errorCut.length - outputCut.length) / 2);
    return head(stdout, half) + outputCut + title + head(stderr, half) + errorCut;
  }
  if (outputSize <= space / 2) {
    return stdout + title + head(stderr, space - errorCut.length - outputSize) + errorCut;
  }
  return head(stdout, space - outputCut.length - errorSize) + outputCut + title + stderr;
}

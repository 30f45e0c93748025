import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is handed on in pieces, so that a flood without line ends cannot fill the memory. */
const longestLine = 1024 * 1024;

/** Cuts a stream of bytes into lines; characters and line ends may be split between chunks. */
export function createLineSplitter(onLine: (line: string) => void): {
  push(chunk: Buffer): void;
  flush(): void;
} {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const emit = (line: string): void => onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  return {
    push(chunk) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) emit(line);
      if (rest.length > longestLine) {
        emit(rest);
        rest = '';
      }
    },
    flush() {
      const last = rest + decoder.end();
      rest = '';
      if (last !== '') emit(last);
    },
  };
}

import { tailOf } from './tail.ts';

/** What a command writes to one stream. */
export interface Capture {
  /** Copies what it keeps. */
  readonly add: (bytes: Uint8Array) => void;
  /** Nothing that comes later is shown or kept. */
  readonly close: () => void;
  readonly tail: () => string;
}

export function captureOf(maxBytes: number, show: (text: string) => void): Capture {
  const tail = tailOf(maxBytes);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let isOpen = true;
  return {
    add: (bytes) => {
      if (!isOpen || bytes.length === 0) return;
      tail.add(bytes);
      show(decoder.decode(bytes, { stream: true }));
    },
    close: () => {
      isOpen = false;
    },
    tail: () => tail.text(),
  };
}

export const newline = 0x0a;

/** Takes the first line off a stream; the rest goes on as it comes. */
export function firstLine(
  found: (line: string) => void,
  rest: (bytes: Uint8Array) => void,
): (bytes: Uint8Array) => void {
  let line = '';
  let isFound = false;
  return (bytes) => {
    if (isFound) return rest(bytes);
    const end = bytes.indexOf(newline);
    line += Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString('latin1');
    if (end === -1) return;
    isFound = true;
    found(line);
    rest(bytes.subarray(end + 1));
  };
}

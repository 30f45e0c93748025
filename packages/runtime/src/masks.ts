/** Shorter values are no secrets, and masking them would make every log unreadable. */
const shortestMasked = 4;

/** The secret values of this process. */
export interface Masks {
  /** Registers a value and its usual encodings, here and with the runner. */
  add(value: string): void;
  /** The text with every registered value replaced. */
  redact(text: string): string;
}

/** The forms in which a value also turns up: its lines, base64, base64url, URL-encoded, inside JSON. */
export function maskedForms(value: string): string[] {
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  const base64 = Buffer.from(value).toString('base64');
  const forms = [
    value,
    ...lines,
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(value).toString('base64url'),
    Buffer.from(value).toString('utf8') === value ? encodeURIComponent(value) : value,
    new URLSearchParams([['', value]]).toString().slice(1),
    JSON.stringify(value).slice(1, -1),
  ];
  return [...new Set(forms)].filter((form) => form.trim().length >= shortestMasked);
}

/**
 * @param register - tells the runner; it is asked once per form
 */
export function createMasks(register: (form: string) => void): Masks {
  const known = new Set<string>();
  // Longest first, so that a value inside another one does not leave the rest of it behind.
  let ordered: string[] = [];
  return {
    add(value) {
      for (const form of maskedForms(value)) {
        if (known.has(form)) continue;
        known.add(form);
        register(form);
      }
      ordered = [...known].toSorted((a, b) => b.length - a.length);
    },
    redact(text) {
      let safe = text;
      for (const form of ordered) safe = safe.replaceAll(form, () => '***');
      return safe;
    },
  };
}

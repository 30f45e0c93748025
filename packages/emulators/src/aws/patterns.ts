const compiled = new Map<string, RegExp>();

function compile(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    // Escapes that only the older syntax allows, such as `\-` outside a class.
    return new RegExp(`^(?:${pattern})$`);
  }
}

/** Whether the whole text matches. Throws SyntaxError for what is not a regular expression. */
export function fullMatch(pattern: string, text: string): boolean {
  const expression = compiled.get(pattern) ?? compile(pattern);
  compiled.set(pattern, expression);
  return expression.test(text);
}

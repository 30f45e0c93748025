/** An element's content: text, or child elements in order. */
export type XmlContent = string | readonly (readonly [name: string, content: XmlContent])[];

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function render(content: XmlContent): string {
  if (typeof content === 'string') return escape(content);
  return content.map(([name, child]) => `<${name}>${render(child)}</${name}>`).join('');
}

/** A document with one root element. */
export function xmlDocument(root: string, content: XmlContent, namespace?: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${render(content)}</${root}>`;
}

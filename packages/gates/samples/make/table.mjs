// The table of the README: one row for each tool, replaced when the tool is run again.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const heading = '| tool | version | command | files |';

export function writeRow(samples, tool, files) {
  const path = join(samples, 'README.md');
  const text = readFileSync(path, 'utf8');
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.replaceAll(/ +/g, ' ') === heading);
  if (start < 0) throw new Error(`${path}: no table with the heading ${heading}`);
  const after = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  const cells = [
    `[${tool.name}](${tool.name}/)`,
    (tool.npm ?? tool.pip ?? Object.values(tool.go ?? {})).join(', ') || tool.version,
    `\`${tool.command}\``,
    files.join(', '),
  ];
  const row = `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const others = lines
    .slice(start + 2, after)
    .filter((line) => !line.startsWith(`| [${tool.name}]`));
  const rows = [...others, row].toSorted((a, b) => a.localeCompare(b, 'en'));
  const head = [heading, '| --- | --- | --- | --- |'];
  writeFileSync(
    path,
    [...lines.slice(0, start), ...head, ...rows, ...lines.slice(after)].join('\n'),
  );
}

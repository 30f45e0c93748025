// Reports of any size, written piece by piece; each looks like one of its tool.
import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a report and what it is about into a directory. */
export async function writeReport(directory, { name, pieces, files = [] }) {
  for (const file of files) {
    const path = join(directory, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
  }
  const stream = createWriteStream(join(directory, name));
  for (const piece of pieces) {
    if (!stream.write(piece)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

const range = (count) => Array.from({ length: count }, (_, index) => index);
const trace = range(6)
  .map((depth) => `    at Basket.step${depth} (/app/src/basket/step-${depth}.js:${depth}:17)`)
  .join('\n');

/** Jest's look: cases of about 320 bytes in suites of 100, one in 500 failed. */
export const junit = (cases) => ({
  name: 'junit.xml',
  *pieces() {
    const failures = Math.floor((cases - 1) / 500) + 1;
    yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="jest tests" tests="${cases}" failures="${failures}" errors="0" time="1.5">\n`;
    for (let first = 0; first < cases; first += 100) {
      const numbers = range(Math.min(100, cases - first)).map((index) => first + index);
      const failed = numbers.filter((number) => number % 500 === 0).length;
      yield [
        `  <testsuite name="suite ${first}" errors="0" failures="${failed}" skipped="0" timestamp="2026-11-20T12:00:00" time="0.1" tests="${numbers.length}">\n`,
        ...numbers.map(junitCase),
        '  </testsuite>\n',
      ].join('');
    }
    yield '</testsuites>\n';
  },
});

function junitCase(number) {
  const name = `basket with discount number ${number} rounds the total to whole cents and keeps the order of its items`;
  const head = `    <testcase classname="${name}" name="${name}" time="0.00${number % 10}" file="src/basket/part-${number % 1000}/basket.test.js">\n`;
  const failure =
    number % 500 === 0 ? `      <failure>Error: expected 3, got 4\n${trace}</failure>\n` : '';
  return `${head}${failure}    </testcase>\n`;
}

const linesOfFile = 1000;
const sourceFile = (index) => `src/part-${index % 100}/module-${index}.js`;

/** LCOV with functions and branches, 1,000 lines a file, seven in eight covered. */
export const lcov = (lines) => ({
  name: 'lcov.info',
  files: range(lines / linesOfFile).map(sourceFile),
  *pieces() {
    for (const index of range(lines / linesOfFile)) {
      const data = range(linesOfFile).map((line) => `DA:${line + 1},${line % 8}\n`);
      const covered = linesOfFile - linesOfFile / 8;
      yield `TN:\nSF:${sourceFile(index)}\nFN:1,main\nFNF:1\nFNH:1\nFNDA:1,main\n${data.join('')}LF:${linesOfFile}\nLH:${covered}\nBRDA:1,0,0,1\nBRDA:1,0,1,0\nBRF:2\nBRH:1\nend_of_record\n`;
    }
  },
});

/** Cobertura as coverage.py writes it, 25 lines a class. */
export const cobertura = (classes) => ({
  name: 'cobertura.xml',
  files: range(classes).map(sourceFile),
  *pieces() {
    const valid = classes * 25;
    yield `<?xml version="1.0" ?>\n<coverage version="7.17.3" timestamp="1795259991531" lines-valid="${valid}" lines-covered="${classes * 20}" line-rate="0.8" branches-valid="0" branches-covered="0" branch-rate="0" complexity="0">\n\t<sources>\n\t\t<source>.</source>\n\t</sources>\n\t<packages>\n\t\t<package name="src" line-rate="0.8" branch-rate="0" complexity="0">\n\t\t\t<classes>\n`;
    for (const index of range(classes)) {
      const file = sourceFile(index);
      const lines = range(25).map(
        (line) => `\t\t\t\t\t\t<line number="${line * 3 + 1}" hits="${line % 5}"/>\n`,
      );
      yield `\t\t\t\t<class name="module_${index}.py" filename="${file}" complexity="0" line-rate="0.8" branch-rate="0">\n\t\t\t\t\t<methods/>\n\t\t\t\t\t<lines>\n${lines.join('')}\t\t\t\t\t</lines>\n\t\t\t\t</class>\n`;
    }
    yield '\t\t\t</classes>\n\t\t</package>\n\t</packages>\n</coverage>\n';
  },
});

/** SARIF as linters write it, with snippets, 100 rules. */
export const sarif = (results) => ({
  name: 'lint.sarif',
  *pieces() {
    const rules = range(100).map((index) => ({
      id: `rule-${index}`,
      shortDescription: { text: `What rule ${index} is about` },
      helpUri: `https://example.com/rules/${index}`,
      defaultConfiguration: { level: index % 3 === 0 ? 'error' : 'warning' },
    }));
    const driver = JSON.stringify({ name: 'linter', version: '1.0.0', rules });
    yield `{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[{"tool":{"driver":${driver}},"results":[\n`;
    for (const index of range(results)) {
      yield `${index === 0 ? '' : ',\n'}${JSON.stringify(sarifResult(index))}`;
    }
    yield ']}]}\n';
  },
});

const sarifResult = (index) => ({
  ruleId: `rule-${index % 100}`,
  ruleIndex: index % 100,
  level: index % 3 === 0 ? 'error' : 'warning',
  message: { text: `The value number ${index} is assigned but never used in this block of code.` },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: sourceFile(index % 2000), uriBaseId: '%SRCROOT%' },
        region: {
          startLine: (index % 900) + 1,
          startColumn: 5,
          endLine: (index % 900) + 1,
          endColumn: 40,
          snippet: {
            text: `    const value${index} = compute(${index}, options.first, options.second);`,
          },
        },
      },
    },
  ],
  partialFingerprints: { 'primaryLocationLineHash/v1': `${index}`.padStart(16, '0') },
});

/** Trivy over an image, about 2.5 kB a vulnerability; one in ten is of an advisory that another package has too. */
export const trivy = (vulnerabilities) => ({
  name: 'trivy.json',
  *pieces() {
    const head = { SchemaVersion: 2, ArtifactName: 'image', ArtifactType: 'container_image' };
    yield `${JSON.stringify(head).slice(0, -1)},"Results":[`;
    for (let first = 0; first < vulnerabilities; first += 200) {
      const numbers = range(Math.min(200, vulnerabilities - first)).map((index) => first + index);
      const result = {
        Target: `layer-${first}/package-lock.json`,
        Class: 'lang-pkgs',
        Type: 'npm',
        Vulnerabilities: numbers.map(trivyVulnerability),
      };
      yield `${first === 0 ? '' : ',\n'}${JSON.stringify(result, null, 1)}`;
    }
    yield ']}\n';
  },
});

const severities = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];

function trivyVulnerability(index) {
  const name = `package-${index}`;
  return {
    VulnerabilityID: `CVE-2026-${10_000 + (index - (index % 10 === 9 ? 1 : 0))}`,
    PkgID: `${name}@1.0.0`,
    PkgName: name,
    PkgIdentifier: { PURL: `pkg:npm/${name}@1.0.0`, UID: `${index}` },
    InstalledVersion: '1.0.0',
    FixedVersion: index % 2 === 0 ? '1.0.1' : '',
    Status: 'fixed',
    SeveritySource: 'nvd',
    PrimaryURL: `https://avd.example.com/nvd/cve-2026-${index}`,
    Title: `${name}: something that an attacker can do`,
    Description:
      `In ${name} before 1.0.1 a crafted input leads to a state that was not meant. `.repeat(20),
    Severity: severities[index % 4],
    CweIDs: ['CWE-79', 'CWE-1321'],
    VendorSeverity: { nvd: (index % 4) + 1, ghsa: (index % 4) + 1 },
    CVSS: {
      nvd: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', V3Score: 9.8 },
    },
    References: [1, 2, 3, 4].map((page) => `https://example.com/advisories/${index}/${page}`),
    PublishedDate: '2026-03-17T16:15:07.51Z',
    LastModifiedDate: '2026-06-21T19:15:20.917Z',
  };
}

import { ConfigurationError } from '@gatewright/verdict';
import type { Waiver } from '@gatewright/verdict';
import type * as z from 'zod';
import type { AppConfig } from './app-config.ts';
import { appConfigSchema } from './app-config.ts';
import { acceptedByDefault, explainIssues } from './explain.ts';
import type { Policy } from './policy.ts';
import { policySchema } from './policy.ts';
import { problemsError } from './problem.ts';
import type { InvalidFile } from './problem.ts';
import type { ReleaseManifest } from './release-manifest.ts';
import { releaseManifest } from './release-manifest.ts';
import { waiversSchema } from './waivers.ts';
import { parseYaml } from './yaml-source.ts';

/**
 * Reads the text of gatewright.yml.
 * @param path How the file is called in messages.
 * @throws ConfigurationError `config-invalid`, with every problem as `path:line:column: key: …`.
 */
export function loadAppConfig(text: string, path: string): AppConfig {
  return load(appConfigSchema, text, path, 'config-invalid');
}

/**
 * Reads the text of policy.yml.
 * @param path How the file is called in messages.
 * @throws ConfigurationError `policy-invalid`, with every problem as `path:line:column: key: …`.
 */
export function loadPolicy(text: string, path: string): Policy {
  return load(policySchema, text, path, 'policy-invalid');
}

/**
 * Reads the text of a release's manifest.json. JSON is YAML, so problems have places here, too.
 * @param path How the file is called in messages.
 * @throws ConfigurationError `config-invalid`.
 */
export function loadReleaseManifest(text: string, path: string): ReleaseManifest {
  return load(releaseManifest, text, path, 'config-invalid');
}

/**
 * Reads the text of waivers.yml.
 * @param path How the file is called in messages.
 * @throws ConfigurationError `waivers-invalid`, with every problem as `path:line:column: key: …`.
 */
export function loadWaivers(text: string, path: string): Waiver[] {
  return load(waiversSchema, text, path, 'waivers-invalid');
}

function load<T>(schema: z.ZodType<T>, text: string, path: string, reasonCode: InvalidFile): T {
  const source = parseYaml(text, path);
  if (source.data === undefined) throw problemsError(reasonCode, path, source.problems);
  const result = schema.safeParse(source.data, { error: acceptedByDefault });
  const problems = [
    ...source.problems,
    ...(result.success ? [] : explainIssues(result.error.issues, source)),
  ];
  if (problems.length > 0 || !result.success) throw problemsError(reasonCode, path, problems);
  return result.data;
}

/** The error of a file that could not be read as text. */
export function unreadable(
  reasonCode: InvalidFile | 'config-missing' | 'policy-missing',
  path: string,
  why: string,
): ConfigurationError {
  return new ConfigurationError(reasonCode, `${path}: ${why}`, {
    checked: [path],
    remedy: `See that ${path} is there and is a text file.`,
  });
}

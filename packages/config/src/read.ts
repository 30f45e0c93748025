import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { types } from 'node:util';
import type { Waiver } from '@gatewright/verdict';
import type { AppConfig } from './app-config.ts';
import { loadAppConfig, loadPolicy, loadReleaseManifest, loadWaivers, unreadable } from './load.ts';
import type { Policy } from './policy.ts';
import type { InvalidFile } from './problem.ts';
import type { ReleaseManifest } from './release-manifest.ts';
import { manifestFileName } from './release-manifest.ts';

/** Where gatewright.yml is looked for, relative to the application's directory. */
export const appConfigPath = 'gatewright.yml';
/** Where the policy is looked for, relative to the checkout of the default branch. */
export const policyPath = '.github/gatewright/policy.yml';
/** Where the waivers are looked for, relative to the checkout of the default branch. */
export const waiversPath = '.github/gatewright/waivers.yml';

const maxBytes = 256 * 1024;

interface FileCodes {
  readonly missing: 'config-missing' | 'policy-missing';
  readonly invalid: InvalidFile;
}

/**
 * Reads and checks gatewright.yml.
 * @param path Relative to the directory, or absolute; by default `gatewright.yml`.
 * @throws ConfigurationError `config-missing` or `config-invalid`.
 */
export async function readAppConfig(directory: string, path = appConfigPath): Promise<AppConfig> {
  const codes: FileCodes = { missing: 'config-missing', invalid: 'config-invalid' };
  return loadAppConfig(await readText(directory, path, codes), path);
}

/**
 * Reads and checks the policy.
 * @param path Relative to the directory, or absolute; by default `.github/gatewright/policy.yml`.
 * @throws ConfigurationError `policy-missing` or `policy-invalid`.
 */
export async function readPolicy(directory: string, path = policyPath): Promise<Policy> {
  const codes: FileCodes = { missing: 'policy-missing', invalid: 'policy-invalid' };
  return loadPolicy(await readText(directory, path, codes), path);
}

/**
 * Reads and checks the manifest of a packed release.
 * @param path Relative to the directory, or absolute; by default `manifest.json`.
 * @throws ConfigurationError `config-missing` or `config-invalid`.
 */
export async function readReleaseManifest(
  directory: string,
  path = manifestFileName,
): Promise<ReleaseManifest> {
  const codes: FileCodes = { missing: 'config-missing', invalid: 'config-invalid' };
  return loadReleaseManifest(await readText(directory, path, codes), path);
}

/**
 * Reads and checks the waivers. Without the file there are none: that only makes the gates stricter.
 * @param path Relative to the working directory, or absolute.
 * @param shown How the file is called in messages.
 * @throws ConfigurationError `waivers-invalid`.
 */
export async function readWaivers(path: string, shown = path): Promise<Waiver[]> {
  const bytes = await readIfThere(path, shown, 'waivers-invalid');
  return bytes === undefined ? [] : loadWaivers(decode(bytes, shown, 'waivers-invalid'), shown);
}

async function readText(directory: string, path: string, codes: FileCodes): Promise<string> {
  const bytes = await readIfThere(resolve(directory, path), path, codes.invalid);
  if (bytes === undefined) throw unreadable(codes.missing, path, 'not found');
  return decode(bytes, path, codes.invalid);
}

async function readIfThere(
  file: string,
  shown: string,
  invalid: InvalidFile,
): Promise<Buffer | undefined> {
  try {
    return await readLimited(file);
  } catch (error) {
    const code =
      types.isNativeError(error) && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(invalid, shown, `not readable (${code})`);
  }
}

function decode(bytes: Buffer, shown: string, invalid: InvalidFile): string {
  if (bytes.length > maxBytes) {
    throw unreadable(invalid, shown, `larger than ${maxBytes / 1024} KiB`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(invalid, shown, 'not UTF-8 text');
  }
}

/** Reads one byte more than allowed at most, so that a device or a huge file cannot fill the memory. */
async function readLimited(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
    }
  } finally {
    await file.close();
  }
}

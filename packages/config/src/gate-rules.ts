import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Waiver } from '@gatewright/verdict';
import { defaultGatesPolicy } from './gates-policy.ts';
import type { GatesPolicy } from './gates-policy.ts';
import { policyPath, readPolicy, readWaivers, waiversPath } from './read.ts';

/** What gates are judged by, before anybody's wishes. */
export interface GateRules {
  readonly policy: {
    readonly gates: GatesPolicy;
    /** Path of the policy file, or `defaults`. */
    readonly source: string;
  };
  readonly waivers: readonly Waiver[];
  /** What the tree that is judged proposes instead, one sentence each: it is told, not obeyed. */
  readonly notes: readonly string[];
}

/** Where the files are that hold; relative to the workspace. */
export interface RulePaths {
  readonly policyPath?: string | undefined;
  readonly waiversPath?: string | undefined;
}

/**
 * Reads the policy and waivers that hold, and compares them with those of the tree that is judged.
 *
 * @throws ConfigurationError `policy-missing`, `policy-invalid` or `waivers-invalid`.
 */
export async function readGateRules(workspace: string, paths: RulePaths): Promise<GateRules> {
  const { policyPath: policyFile, waiversPath: waiversFile } = paths;
  const policy =
    policyFile === undefined
      ? { gates: defaultGatesPolicy(), source: 'defaults' }
      : { gates: (await readPolicy(workspace, policyFile)).gates, source: policyFile };
  const waivers =
    waiversFile === undefined
      ? []
      : await readWaivers(resolve(workspace, waiversFile), waiversFile);
  const notes = [
    await proposal(workspace, policyPath, policyFile),
    await proposal(workspace, waiversPath, waiversFile),
  ];
  return { policy, waivers, notes: notes.filter((note) => note !== undefined) };
}

/** Compared by their bytes: whatever changes them shall be seen by somebody. */
async function proposal(
  workspace: string,
  usual: string,
  inForce: string | undefined,
): Promise<string | undefined> {
  const proposed = await bytesOf(resolve(workspace, usual));
  if (inForce === undefined) {
    return proposed && `${usual} of the checked out tree is not obeyed: no path was given for it.`;
  }
  const held = await bytesOf(resolve(workspace, inForce));
  if (proposed === undefined) {
    return held && `This change does not have ${usual}; ${inForce} is obeyed.`;
  }
  if (held?.equals(proposed) === true) return undefined;
  return `This change alters ${usual}; that is not obeyed until it is merged.`;
}

async function bytesOf(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}

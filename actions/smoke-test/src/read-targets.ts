import type { EnvironmentPolicy } from '@gatewright/config';
import { ConfigurationError } from '@gatewright/verdict';
import type { Target } from '@gatewright/verify';

/** The name under which the public entry of an environment is reported. */
export const entryName = 'environment';

/**
 * The places to verify: the hosts, unless the policy says that this runner cannot reach them, and the public entry.
 *
 * @param items - each `name=url`
 * @throws ConfigurationError `input-invalid`, with every item that is not one
 */
export function readTargets(items: readonly string[], policy: EnvironmentPolicy): Target[] {
  const read = items.map(readItem);
  const names = read.map((item) => item.name);
  const problems = [
    ...read.flatMap((item) => ('problem' in item ? [`${item.name}: ${item.problem}`] : [])),
    ...[...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
      (name) => `${name}: given twice`,
    ),
  ];
  if (problems.length > 0) throw targetsError(problems);
  const hosts = policy.probeHosts ? read.flatMap((item) => ('baseUrl' in item ? [item] : [])) : [];
  if (policy.url === undefined || names.includes(entryName)) return hosts;
  return [...hosts, { name: entryName, baseUrl: policy.url }];
}

type Item = Target | { readonly name: string; readonly problem: string };

const accepted = 'accepted: name=url, such as i-0abc=http://10.0.0.1:8080';

function readItem(item: string): Item {
  const [, name, url] = /^([A-Za-z0-9._-]{1,128})=(.*)$/.exec(item) ?? [];
  // The item is not shown: what does not parse may well be a URL with a password in it.
  if (name === undefined || url === undefined)
    return { name: 'an item', problem: `no name=url; ${accepted}` };
  const problem = urlProblem(url);
  return problem === undefined ? { name, baseUrl: url } : { name, problem };
}

function urlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return `not a URL; ${accepted}`;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return `scheme ${url.protocol} is not http or https`;
  }
  if (url.username !== '' || url.password !== '') return 'a URL with a user name or password';
  return url.search === '' && url.hash === '' ? undefined : 'a URL with a query or fragment';
}

function targetsError(problems: readonly string[]): ConfigurationError {
  return new ConfigurationError('input-invalid', `targets: ${problems.join('; ')}.`, {
    checked: problems,
    remedy: 'Correct the input `targets`: one name=url per line.',
  });
}

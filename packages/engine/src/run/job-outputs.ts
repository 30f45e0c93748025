import { messageOf } from '../errors.ts';
import { evaluateText } from '../expressions/evaluate.ts';
import type { MappingNode } from '../syntax/node.ts';
import { environmentContext } from './process-environment.ts';
import { stepScope } from './scopes.ts';
import type { Frame } from './state.ts';

/** The outputs of a job. As on GitHub, one that holds a masked value is left out with a warning. */
export function jobOutputs(
  frame: Frame,
  declared: MappingNode | undefined,
): Readonly<Record<string, string>> {
  const { job } = frame;
  const scope = stepScope(frame, environmentContext(frame));
  const outputs: Record<string, string> = {};
  for (const { key, value } of declared?.entries ?? []) {
    try {
      const text = evaluateText(value, scope);
      if (job.masks.covers(text)) {
        const message = `Skip output '${key}' since it may contain secret.`;
        job.annotations.push({ level: 'warning', message });
      } else {
        outputs[key] = text;
      }
    } catch (error) {
      frame.fail();
      const message = messageOf(error);
      job.annotations.push({ level: 'error', message: job.masks.mask(message) });
    }
  }
  return outputs;
}

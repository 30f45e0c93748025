import type { ParsedNode } from 'yaml';
import { at, items, parseWorkflow, textOf } from './workflow-source.ts';

/** How a rendered workflow names this repository's own actions in the exported, pinned form. */
export interface PinnedSelf {
  /** `owner/name` of the repository that the actions are taken from. */
  readonly repository: string;
  /** The 40 hex digits of the commit. */
  readonly commit: string;
  /** What stands in the comment, for example `v1.2.0`. */
  readonly version: string;
}

/** What a rendering depends on besides the source. */
export interface RenderOptions {
  /** The folder under `workflows/`. */
  readonly name: string;
  /** `self` leaves `$/…`, which GitHub resolves to the workflow's own commit; servers without it get a pinned form. */
  readonly selfRef: 'self' | PinnedSelf;
}

/** The text of `.github/workflows/<name>.yml` for the source `workflows/<name>/workflow.yml`. */
export function renderWorkflow(source: string, options: RenderOptions): string {
  const header = [
    `# Generated from workflows/${options.name}/workflow.yml by \`npm run build\`; do not edit.`,
    '',
  ].join('\n');
  const body = options.selfRef === 'self' ? source : pinSelf(source, options.selfRef);
  return `${header}${body.replace(/\s*$/, '\n')}`;
}

/** Replaces every `$/path` in a `uses`, from the last to the first so that offsets stay true. */
function pinSelf(source: string, self: PinnedSelf): string {
  const pinned = (path: string): string =>
    `${self.repository}/${path}@${self.commit} # ${self.version}`;
  return usesNodes(source)
    .toReversed()
    .reduce((text, node) => {
      const uses = textOf(node);
      if (!uses?.startsWith('$/')) return text;
      const [start, end] = node.range;
      return `${text.slice(0, start)}${pinned(uses.slice(2))}${text.slice(end)}`;
    }, source);
}

/** The values of every `uses` of jobs and steps, in the order of the text. */
function usesNodes(source: string): ParsedNode[] {
  const workflow = parseWorkflow(source);
  return workflow
    .entries(at(workflow.top, 'jobs'))
    .flatMap(({ value: job }) =>
      [job, ...items(at(job, 'steps'))].flatMap((holder) => at(holder, 'uses') ?? []),
    );
}

import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import type { File } from '@actions/workflow-parser/workflows/file';
import type { FileReference } from '@actions/workflow-parser/workflows/file-reference';
import { locate, WorkflowFileError } from '../errors.ts';
import { loadParser } from './load-parser.ts';
import type { Node } from './node.ts';
import { toNode } from './to-node.ts';

/** Finds the text of a called workflow for GitHub's own check of the caller. */
export type CalledFile = (reference: FileReference) => Promise<File>;

interface Complaint {
  readonly message: string;
  readonly rawMessage: string;
  readonly range?:
    { readonly start: { readonly line: number; readonly column: number } } | undefined;
}

/** @throws WorkflowFileError when GitHub's parser refuses the file or, with `calledFile`, one of its calls. */
export async function parseWorkflowFile(
  label: string,
  content: string,
  calledFile?: CalledFile,
): Promise<Node> {
  const parser = await loadParser();
  const { context, value } = parser.parseWorkflow(
    { name: label, content },
    new parser.NoOperationTraceWriter(),
  );
  if (value !== undefined) {
    const provider = calledFile && { getFileContent: calledFile };
    await parser.convertWorkflowTemplate(context, value, provider, {
      fetchReusableWorkflowDepth: provider === undefined ? 0 : 1,
      maxReusableWorkflowDepth: 1,
    });
  }
  return treeOrProblems(value, context.errors.getErrors(), label, content);
}

/** @throws WorkflowFileError when GitHub's parser refuses the `action.yml`. */
export async function parseActionFile(label: string, content: string): Promise<Node> {
  const parser = await loadParser();
  const { context, value } = parser.parseAction(
    { name: label, content },
    new parser.NoOperationTraceWriter(),
  );
  if (value !== undefined) parser.convertActionTemplate(context, value);
  return treeOrProblems(value, context.errors.getErrors(), label, content);
}

function treeOrProblems(
  value: TemplateToken | undefined,
  complaints: readonly Complaint[],
  label: string,
  content: string,
): Node {
  if (value === undefined || complaints.length > 0) {
    const problems = complaints.map(({ rawMessage, range }) =>
      locate(
        { file: label, line: range?.start.line ?? 1, column: range?.start.column ?? 1 },
        rawMessage,
      ),
    );
    throw new WorkflowFileError(
      problems.length > 0 ? problems : [`${label}:1:1: the file is empty`],
    );
  }
  return toNode(value, label, content);
}

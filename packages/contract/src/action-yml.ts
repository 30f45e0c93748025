import { Document, Scalar } from 'yaml';
import { allInputs, allOutputs } from './action-contract.ts';
import type { ActionContract } from './action-contract.ts';
import type { InputCodec } from './codecs.ts';

/** What is accepted without a rule of its own needs no words in a document. */
const selfEvident = new Set(['a text', 'a path without control characters']);

/** An input's description with what is accepted, the same in action.yml and in the documents. */
export function inputSentence(codec: InputCodec<unknown>): string {
  const description = codec.description.trim();
  return selfEvident.has(codec.accepted)
    ? description
    : `${description} Accepted: ${codec.accepted}.`;
}

function inputNode(codec: InputCodec<unknown>): Record<string, unknown> {
  const required = codec.default === undefined && !codec.optional;
  return {
    description: inputSentence(codec),
    ...(required ? { required: true } : { required: false, default: quoted(codec.default ?? '') }),
  };
}

/** Defaults are texts for the runner: always quoted, so that none is read as a number or a flag. */
function quoted(text: string): Scalar<string> {
  const scalar = new Scalar(text);
  scalar.type = 'QUOTE_SINGLE';
  return scalar;
}

/**
 * The text of an action's action.yml, in the order of the contract. GitHub runs the entry under Node 24; a contract
 * with `post` gets a second entry into the same bundle, which always runs at the end of the job.
 */
export function renderActionYml(contract: ActionContract): string {
  const inputs = Object.entries(allInputs(contract)).map(
    ([name, codec]) => [name, inputNode(codec)] as const,
  );
  const outputs = Object.entries(allOutputs(contract)).map(
    ([name, { description }]) => [name, { description }] as const,
  );
  const document = new Document({
    name: contract.title,
    description: contract.description,
    author: 'Gatewright',
    inputs: Object.fromEntries(inputs),
    outputs: Object.fromEntries(outputs),
    runs: {
      using: 'node24',
      main: 'dist/index.js',
      ...(contract.post ? { post: 'dist/post.js', 'post-if': 'always()' } : {}),
    },
  });
  document.commentBefore = ` Generated from actions/${contract.name}/src/contract.ts by \`npm run build\`; do not edit.`;
  return document.toString({ lineWidth: 120, singleQuote: true });
}

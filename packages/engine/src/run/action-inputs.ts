import { evaluateNode, evaluateTexts } from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/evaluate.ts';
import { toText } from '../expressions/data.ts';
import type { ActionFile } from '../syntax/action-file.ts';
import type { UsesWork } from '../syntax/workflow-file.ts';
import type { Reporter } from './reporter.ts';

/** The inputs of an action: `with:` over the defaults. As on GitHub an unknown input is only a warning. */
export function actionInputs(
  action: ActionFile,
  work: UsesWork,
  scope: Scope,
  reporter: Reporter,
): Readonly<Record<string, string>> {
  const given = evaluateTexts(work.with, scope);
  const known = new Map(action.inputs.map((input) => [input.name.toLowerCase(), input.name]));
  const unexpected = Object.keys(given).filter((name) => !known.has(name.toLowerCase()));
  if (unexpected.length > 0) {
    const valid = action.inputs.map((input) => `'${input.name}'`).join(', ');
    const names = unexpected.map((name) => `'${name}'`).join(', ');
    reporter.annotate('warning', `Unexpected input(s) ${names}, valid inputs are [${valid}]`);
  }
  const defaults = action.inputs.map((input) => [
    input.name,
    input.default === undefined ? '' : toText(evaluateNode(input.default, scope)),
  ]);
  const named = Object.entries(given).map(([name, value]) => [
    known.get(name.toLowerCase()) ?? name,
    value,
  ]);
  return Object.fromEntries([...defaults, ...named]);
}

/** Inputs as a JavaScript action reads them: INPUT_ and the name in capitals, spaces as underscores. */
export function inputVariables(
  inputs: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  );
}

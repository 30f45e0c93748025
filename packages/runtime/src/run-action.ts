import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { decodeInput, readInputs, standardInputs } from '@gatewright/contract';
import type { ActionContext, ActionContract, ActionOutcome, InputsOf } from '@gatewright/contract';
import { concludeError, concludeOutcome, errorStory, isGreen, resultText } from './conclusion.ts';
import type { Conclusion } from './conclusion.ts';
import { openResultFile } from './result-file.ts';
import type { ResultFile } from './result-file.ts';
import type { RunnerPort } from './runner-port.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';
import { renderSummary } from './summary.ts';

/** The story of one action. */
export type ActionRun<C extends ActionContract> = (
  inputs: InputsOf<C>,
  context: ActionContext,
) => Promise<ActionOutcome<C>>;

/** Runs an action on a given runner; see `runAction`. */
export async function runActionOn<C extends ActionContract>(
  runner: RunnerPort,
  contract: C,
  run: ActionRun<C>,
): Promise<void> {
  const session = openSession(runner, contract);
  let file: ResultFile | undefined;
  let conclusion: Conclusion;
  try {
    const outcome = await session.guard(async () => {
      file = openResult(runner, contract);
      const inputs = readInputs(contract, (name) => runner.getInput(name));
      return run(inputs, await session.context());
    });
    conclusion = concludeOutcome(contract, outcome);
  } catch (error) {
    runner.debug(session.masks.redact(errorStory(error)));
    conclusion = concludeError(error, session.cancelledBy());
  }
  await report(session, contract, conclusion, file);
}

function defaultResultPath(runner: RunnerPort, contract: ActionContract): string {
  const directory = runner.env['RUNNER_TEMP'] || tmpdir();
  return join(directory, 'gatewright', `${contract.name}-${runner.randomToken()}.json`);
}

function openResult(runner: RunnerPort, contract: ActionContract): ResultFile {
  const given = decodeInput(standardInputs['result-path'], runner.getInput('result-path'));
  const path = given.ok && given.value !== undefined ? given.value : undefined;
  const workspace = runner.env['GITHUB_WORKSPACE'] ?? '.';
  return openResultFile(
    path === undefined ? defaultResultPath(runner, contract) : resolve(workspace, path),
    runner.randomToken(),
  );
}

/** Tells the world how it ended. Every way of telling is tried, whatever becomes of the others. */
async function report(
  session: Session,
  contract: ActionContract,
  conclusion: Conclusion,
  opened: ResultFile | undefined,
): Promise<void> {
  const { runner, masks } = session;
  const written = writeResult(session, contract, conclusion, opened);
  const final = written.conclusion;
  const help = helpAddress(runner, final);
  const outputs = [
    ...final.outputs,
    ['verdict', final.verdict],
    ['reason-code', final.reasonCode],
    ['result-path', written.path],
  ] as const;
  const lost = outputs.filter(([name, value]) => !wroteOutput(session, name, value));
  await runner
    .appendSummary(masks.redact(renderSummary({ ...final, help }, final.summary)))
    .catch((error: unknown) => session.say(`The job summary was not written: ${String(error)}`));
  announce(session, contract, final, help);
  // Later steps decide by the outputs: without them, they must not take this one for green.
  runner.exit(isGreen(final.verdict) && lost.length === 0 ? 0 : 1);
}

function wroteOutput(session: Session, name: string, value: string): boolean {
  try {
    session.runner.setOutput(name, value);
    return true;
  } catch (error) {
    session.say(`The output ${name} was not written: ${String(error)}`);
    return false;
  }
}

/** A result that cannot be written makes an error of whatever the action came to: there is no evidence of it. */
function writeResult(
  session: Session,
  contract: ActionContract,
  conclusion: Conclusion,
  opened: ResultFile | undefined,
): { conclusion: Conclusion; path: string } {
  const { runner, masks } = session;
  const spare = () => openResultFile(defaultResultPath(runner, contract), runner.randomToken());
  try {
    const file = opened ?? spare();
    file.write(resultText(contract, conclusion, (text) => masks.redact(text)));
    return { conclusion, path: file.path };
  } catch (error) {
    runner.debug(masks.redact(errorStory(error)));
    const failed = concludeError(error, undefined);
    const explanation = `The result could not be written; the action itself said ${conclusion.verdict}: ${conclusion.explanation}`;
    const instead: Conclusion = {
      ...conclusion,
      ...failed,
      explanation,
      outputs: conclusion.outputs,
    };
    try {
      const file = spare();
      file.write(resultText(contract, instead, (text) => masks.redact(text)));
      return { conclusion: instead, path: file.path };
    } catch {
      return { conclusion: instead, path: '' };
    }
  }
}

/** The entry of the reason code in the documents of the very version that runs, as far as the runner tells which. */
function helpAddress(runner: RunnerPort, conclusion: Conclusion): string {
  const page = `docs/07-TROUBLESHOOTING.md#${conclusion.reasonCode}`;
  const repository = runner.env['GITHUB_ACTION_REPOSITORY'];
  if (!repository) return page;
  const server = runner.env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  return `${server}/${repository}/blob/${runner.env['GITHUB_ACTION_REF'] || 'HEAD'}/${page}`;
}

function announce(
  session: Session,
  contract: ActionContract,
  conclusion: Conclusion,
  help: string,
): void {
  const { annotations } = session;
  for (const annotation of conclusion.annotations) annotations.add(annotation);
  const line = `${conclusion.explanation} (${conclusion.verdict}, ${conclusion.reasonCode})`;
  if (isGreen(conclusion.verdict)) {
    annotations.finish();
    session.say(line);
    return;
  }
  const message = [
    line,
    ...conclusion.checked.map((fact) => `- ${fact}`),
    ...(conclusion.remedy ? [`Next: ${conclusion.remedy}`] : []),
    `See ${help}`,
  ].join('\n');
  annotations.finish({ level: 'error', title: contract.title, message });
}

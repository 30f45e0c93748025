import { isJsonObject } from './json-value.ts';
import type { JsonObject, Narrow } from './json-value.ts';
import { createFindRule } from './sarif-components.ts';
import type { FindRule, RuleDescription, SarifContext } from './sarif-components.ts';

/** `none` is a level that a rule can have; a result that fails by it is a result all the same. */
const levels = ['error', 'warning', 'note', 'none'] as const;
type Level = (typeof levels)[number];

/** A result as its rule makes it complete. */
export interface DescribedResult {
  readonly ruleId: string;
  readonly level: 'error' | 'warning' | 'note';
  /** As written by the tool. */
  readonly message: string;
}

/**
 * Gives a result its rule, level and message.
 *
 * The level is the first of: that of the result, the override of its invocation, the default of its rule, `warning`
 * (SARIF 2.1.0 §3.27.10). The message is a text, or a template of the rule or tool by its id (§3.11.7).
 *
 * @param at - key of the run
 */
export function createDescribe(
  run: JsonObject,
  at: string,
  context: SarifContext,
): (result: JsonObject, at: string) => DescribedResult {
  const { json } = context;
  const findRule = createFindRule(run, at, context);
  const overrides = json
    .optionalList(run.invocations, at, 'invocations')
    .map((invocation, index) =>
      overridesOf(invocation, `${at}.invocations[${index}]`, json, findRule),
    );

  const overrideOf = (result: JsonObject, rule: JsonObject, key: string): Level | undefined => {
    if (overrides.length === 0) return undefined;
    const provenance = json.optionalObject(result.provenance, key, 'provenance');
    const index = json.optionalNumber(
      provenance?.invocationIndex,
      key,
      'provenance.invocationIndex',
    );
    return overrides[index ?? -1]?.get(rule);
  };

  const levelOf = (result: JsonObject, rule: JsonObject | undefined, key: string): Level => {
    const own = json.optionalWord(result.level, levels, key, 'level');
    if (own !== undefined || rule === undefined) return own ?? 'warning';
    return (
      overrideOf(result, rule, key) ??
      configuredLevel(rule.defaultConfiguration, key, json) ??
      'warning'
    );
  };

  return (result, key) => {
    const { ruleId: id, ruleIndex: index } = result;
    const reference = json.optionalObject(result.rule, key, 'rule');
    const description = findRule({ id, index, reference }, key);
    const { rule } = description;
    const level = levelOf(result, rule, key);
    return {
      ruleId: description.id ?? json.optionalText(rule?.id, key, 'rule.id') ?? '',
      level: level === 'none' ? 'note' : level,
      message: messageText(result.message, description, key, json),
    };
  };
}

/** Levels that an invocation gave to rules instead of their own (§3.20.5). */
function overridesOf(
  value: unknown,
  at: string,
  json: Narrow,
  findRule: FindRule,
): ReadonlyMap<JsonObject, Level> {
  const list = json.object(value, at).ruleConfigurationOverrides;
  const byRule = new Map<JsonObject, Level>();
  json.optionalList(list, at, 'ruleConfigurationOverrides').forEach((entry, index) => {
    const key = `${at}.ruleConfigurationOverrides[${index}]`;
    const override = json.object(entry, key);
    const reference = json.object(override.descriptor, key, 'descriptor');
    const { rule } = findRule({ id: undefined, index: undefined, reference }, key);
    const level = configuredLevel(override.configuration, key, json);
    if (rule !== undefined && level !== undefined) byRule.set(rule, level);
  });
  return byRule;
}

function configuredLevel(value: unknown, at: string, json: Narrow): Level | undefined {
  const configuration = json.optionalObject(value, at, 'configuration');
  return json.optionalWord(configuration?.level, levels, at, 'configuration.level');
}

/**
 * The text of a message object (§3.11).
 * @param at - key of what has the message
 */
export function messageText(
  value: unknown,
  description: RuleDescription | undefined,
  at: string,
  json: Narrow,
): string {
  const message = json.object(value, at, 'message');
  const text = json.optionalText(message.text, at, 'message.text');
  const parts = json.optionalList(message.arguments, at, 'message.arguments');
  if (text !== undefined) return parts.length === 0 ? text : filled(text, parts);
  const id = json.optionalText(message.id, at, 'message.id');
  const template =
    id === undefined
      ? undefined
      : (templateText(description?.rule?.messageStrings, id) ??
        templateText(description?.messages, id));
  if (template !== undefined) return filled(template, parts);
  // A message without words is no reason to lose the result: what there is says where to look.
  const markdown = json.optionalText(message.markdown, at, 'message.markdown');
  return markdown ?? id ?? json.text(text, at, 'message.text');
}

function templateText(templates: unknown, id: string): string | undefined {
  if (!isJsonObject(templates) || !Object.hasOwn(templates, id)) return undefined;
  const template = templates[id];
  return isJsonObject(template) && typeof template.text === 'string' ? template.text : undefined;
}

/** Placeholders are `{0}`; braces are doubled (§3.11.5). */
function filled(template: string, parts: readonly unknown[]): string {
  return template.replaceAll(/\{\{|\}\}|\{(\d+)\}/g, (found, number: string | undefined) => {
    if (number === undefined) return found.slice(1);
    const part = parts[Number(number)];
    return typeof part === 'string' ? part : found;
  });
}

import type { ReportContext } from '../report/reader.ts';
import type { JsonObject, Narrow } from './json-value.ts';

/** What is needed to look at any part of a SARIF file. */
export interface SarifContext {
  readonly json: Narrow;
  readonly report: ReportContext;
}

/** What a report says of a rule. */
export interface RuleDescription {
  /** Id as the result gives it, which can be longer than that of the rule: `CA1000/1`. */
  readonly id: string | undefined;
  readonly rule: JsonObject | undefined;
  /** Message texts of the part of the tool, for all its rules. */
  readonly messages: JsonObject | undefined;
}

/** Names a rule (SARIF 2.1.0 §3.52): `ruleId` and `ruleIndex` of a result do it, its `rule`, or both. */
export interface RuleReference {
  readonly id: unknown;
  readonly index: unknown;
  readonly reference: JsonObject | undefined;
}

/** Finds the description of a rule; `at` is the key of what refers to it. */
export type FindRule = (reference: RuleReference, at: string) => RuleDescription;

/** The driver or an extension of the tool of a run. */
interface Component {
  readonly guid: unknown;
  readonly name: unknown;
  readonly rules: readonly JsonObject[];
  /** By id and by guid. */
  readonly rulesByName: ReadonlyMap<string, JsonObject>;
  readonly messages: JsonObject | undefined;
}

/** @param at - key of the run */
export function createFindRule(run: JsonObject, at: string, context: SarifContext): FindRule {
  const { json, report } = context;
  const tool = json.object(run.tool, at, 'tool');
  const driver = componentOf(tool.driver, `${at}.tool.driver`, json);
  const extensions = json
    .optionalList(tool.extensions, at, 'tool.extensions')
    .map((value, index) => componentOf(value, `${at}.tool.extensions[${index}]`, json));
  const all = [driver, ...extensions];

  const named = (toolComponent: JsonObject, key: string): Component => {
    const { guid, name } = toolComponent;
    const index = json.optionalNumber(toolComponent.index, key, 'rule.toolComponent.index') ?? -1;
    if (index < 0 && guid === undefined && name === undefined) return driver;
    const component =
      index < 0
        ? all.find((one) => (guid === undefined ? one.name === name : one.guid === guid))
        : extensions[index];
    return component ?? contradict(report, 'names an extension that the tool does not have', key);
  };

  return (given, key) => {
    const { id, index, name, toolComponent } = namesOf(given, key, json);
    const component = toolComponent === undefined ? undefined : named(toolComponent, key);
    if (index < 0) return byName(component === undefined ? all : [component], id, name);
    const { rules, messages } = component ?? driver;
    const rule = rules[index] ?? contradict(report, `no rule has the index ${index}`, key);
    if (id !== undefined && !isRule(rule, id)) {
      contradict(report, `is said to break another rule than the one at ${index}`, key);
    }
    return { id, rule, messages };
  };
}

interface RuleNames {
  readonly id: string | undefined;
  /** -1 when it is not given. */
  readonly index: number;
  /** Id or guid. */
  readonly name: string | undefined;
  readonly toolComponent: JsonObject | undefined;
}

function namesOf({ id, index, reference }: RuleReference, at: string, json: Narrow): RuleNames {
  const ownId = json.optionalText(id, at, 'ruleId');
  const ownIndex = json.optionalNumber(index, at, 'ruleIndex') ?? -1;
  if (reference === undefined) {
    return { id: ownId, index: ownIndex, name: ownId, toolComponent: undefined };
  }
  const ruleId = ownId ?? json.optionalText(reference.id, at, 'rule.id');
  const position = json.optionalNumber(reference.index, at, 'rule.index') ?? -1;
  return {
    id: ruleId,
    index: ownIndex < 0 ? position : ownIndex,
    name: ruleId ?? json.optionalText(reference.guid, at, 'rule.guid'),
    toolComponent: json.optionalObject(reference.toolComponent, at, 'rule.toolComponent'),
  };
}

function contradict(report: ReportContext, problem: string, key: string): never {
  return report.fail('report-contradictory', problem, { key });
}

function componentOf(value: unknown, at: string, json: Narrow): Component {
  const component = json.object(value, at);
  const rules = json
    .optionalList(component.rules, at, 'rules')
    .map((rule, index) => json.object(rule, `${at}.rules[${index}]`));
  const rulesByName = new Map<string, JsonObject>();
  for (const rule of rules) {
    for (const name of [rule.id, rule.guid]) {
      if (typeof name === 'string' && !rulesByName.has(name)) rulesByName.set(name, rule);
    }
  }
  const messages = json.optionalObject(component.globalMessageStrings, at, 'globalMessageStrings');
  return { guid: component.guid, name: component.name, rules, rulesByName, messages };
}

/** An id can have more parts than that of the rule, which then is its beginning (§3.27.5). */
function byName(
  components: readonly Component[],
  id: string | undefined,
  name: string | undefined,
): RuleDescription {
  const messages = components[0]?.messages;
  for (
    let part = name ?? '';
    part !== '';
    part = part.slice(0, Math.max(0, part.lastIndexOf('/')))
  ) {
    const component = components.find(({ rulesByName }) => rulesByName.has(part));
    if (component !== undefined) {
      return { id, rule: component.rulesByName.get(part), messages: component.messages };
    }
  }
  return { id, rule: undefined, messages };
}

function isRule(rule: JsonObject, id: string): boolean {
  return typeof rule.id !== 'string' || id === rule.id || id.startsWith(`${rule.id}/`);
}

import type { ReportContext } from '../report/reader.ts';
import type { JsonObject, Narrow } from './json-value.ts';

/** The driver or an extension of the tool of a run. */
interface Component {
  readonly guid: unknown;
  readonly name: unknown;
  readonly rules: readonly JsonObject[];
  /** By id and by guid. */
  readonly rulesByName: ReadonlyMap<string, JsonObject>;
  readonly messages: JsonObject | undefined;
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

/** Finds the description of a rule in the driver or in the extension that is named. */
export type FindRule = (reference: RuleReference, key: string) => RuleDescription;

/** A place in a SARIF file, with what is needed to look at it. */
export interface SarifContext {
  readonly json: Narrow;
  readonly report: ReportContext;
}

/** @param at - key of the run */
export function createFindRule(run: JsonObject, at: string, context: SarifContext): FindRule {
  const { json, report } = context;
  const tool = json.object(run.tool, `${at}.tool`);
  const driver = componentOf(tool.driver, `${at}.tool.driver`, json);
  const extensions = json
    .optionalList(tool.extensions, `${at}.tool.extensions`)
    .map((value, index) => componentOf(value, `${at}.tool.extensions[${index}]`, json));
  const all = [driver, ...extensions];

  const named = (toolComponent: JsonObject | undefined, key: string): Component | undefined => {
    if (toolComponent === undefined) return undefined;
    const { guid, name } = toolComponent;
    const index = json.optionalNumber(toolComponent.index, `${key}.rule.toolComponent.index`) ?? -1;
    if (index < 0 && guid === undefined && name === undefined) return driver;
    const component =
      index < 0
        ? all.find((one) => (guid === undefined ? one.name === name : one.guid === guid))
        : extensions[index];
    return component ?? contradict(report, 'names an extension that the tool does not have', key);
  };

  return (given, key) => {
    const { id, index, name, toolComponent } = namesOf(given, key, json);
    const component = named(toolComponent, key);
    if (index < 0) {
      const found = name === undefined ? nothing : byName(component ? [component] : all, name);
      return { id, ...found };
    }
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

function namesOf({ id, index, reference }: RuleReference, key: string, json: Narrow): RuleNames {
  const ownId = json.optionalText(id, `${key}.ruleId`);
  const ownIndex = json.optionalNumber(index, `${key}.ruleIndex`) ?? -1;
  if (reference === undefined) {
    return { id: ownId, index: ownIndex, name: ownId, toolComponent: undefined };
  }
  const at = `${key}.rule`;
  const ruleId = ownId ?? json.optionalText(reference.id, `${at}.id`);
  const position = json.optionalNumber(reference.index, `${at}.index`) ?? -1;
  return {
    id: ruleId,
    index: ownIndex < 0 ? position : ownIndex,
    name: ruleId ?? json.optionalText(reference.guid, `${at}.guid`),
    toolComponent: json.optionalObject(reference.toolComponent, `${at}.toolComponent`),
  };
}

const nothing = { rule: undefined, messages: undefined };

function contradict(report: ReportContext, problem: string, key: string): never {
  return report.fail('report-contradictory', problem, { key });
}

function componentOf(value: unknown, key: string, json: Narrow): Component {
  const component = json.object(value, key);
  const rules = json
    .optionalList(component.rules, `${key}.rules`)
    .map((rule, index) => json.object(rule, `${key}.rules[${index}]`));
  const rulesByName = new Map<string, JsonObject>();
  for (const rule of rules) {
    for (const name of [rule.id, rule.guid]) {
      if (typeof name === 'string' && !rulesByName.has(name)) rulesByName.set(name, rule);
    }
  }
  const messages = json.optionalObject(
    component.globalMessageStrings,
    `${key}.globalMessageStrings`,
  );
  return { guid: component.guid, name: component.name, rules, rulesByName, messages };
}

/** An id can have more parts than that of the rule, which then is its beginning (§3.27.5). */
function byName(
  components: readonly Component[],
  name: string,
): Pick<RuleDescription, 'rule' | 'messages'> {
  for (let id = name; id !== ''; id = id.slice(0, Math.max(0, id.lastIndexOf('/')))) {
    for (const { rulesByName, messages } of components) {
      const rule = rulesByName.get(id);
      if (rule !== undefined) return { rule, messages };
    }
  }
  return { rule: undefined, messages: components[0]?.messages };
}

function isRule(rule: JsonObject, id: string): boolean {
  return typeof rule.id !== 'string' || id === rule.id || id.startsWith(`${rule.id}/`);
}

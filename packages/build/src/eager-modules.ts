import { parse, print } from '@swc/core';
import type {
  ArrowFunctionExpression,
  Declaration,
  Expression,
  FunctionExpression,
  ModuleItem,
  ObjectExpression,
} from '@swc/core';

/** The object that holds the modules of a bundle: numbers to functions. */
function isModuleTable(value: Expression | undefined): value is ObjectExpression {
  return (
    value?.type === 'ObjectExpression' &&
    value.properties.every(
      (property) =>
        property.type === 'KeyValueProperty' &&
        property.key.type === 'NumericLiteral' &&
        isFunction(property.value),
    )
  );
}

function isFunction(value: Expression): value is ArrowFunctionExpression | FunctionExpression {
  return value.type === 'ArrowFunctionExpression' || value.type === 'FunctionExpression';
}

function declarationOf(item: ModuleItem): Declaration | undefined {
  if (item.type === 'ExportDeclaration') return item.declaration;
  return item.type === 'VariableDeclaration' ? item : undefined;
}

function wrapModules(table: ObjectExpression): void {
  for (const property of table.properties) {
    if (property.type !== 'KeyValueProperty' || !isFunction(property.value)) continue;
    const { value } = property;
    property.value = { type: 'ParenthesisExpression', span: value.span, expression: value };
  }
}

/**
 * Puts the modules of a minified bundle or chunk into parentheses again, as the bundler had them. The engine takes a
 * function in parentheses for one that is called at once and compiles it while it reads it; otherwise it reads every
 * module twice.
 */
export async function withEagerModules(minified: string): Promise<string> {
  const program = await parse(minified, { syntax: 'ecmascript', target: 'es2022' });
  for (const item of program.body) {
    const declaration = declarationOf(item);
    if (declaration?.type !== 'VariableDeclaration') continue;
    for (const { init } of declaration.declarations) if (isModuleTable(init)) wrapModules(init);
  }
  const { code } = await print(program, { minify: true, jsc: { target: 'es2022' } });
  return code;
}

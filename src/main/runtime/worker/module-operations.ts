/** How the guest's `require` asks for files: each answer is `{value}` or `{error}` as JSON, or a value of the guest. */
import type { Engine } from './engine.ts';
import { Refusal } from './module-errors.ts';
import type { ModuleLoader } from './module-loader.ts';

export function provideModuleOperations(engine: Engine, modules: ModuleLoader): void {
  engine.provide('module.find', (json, _value, context) => {
    const { specifier, importer } = JSON.parse(json);
    return engine.newText(
      context,
      endOf(() => modules.find(specifier, importer)),
    );
  });
  engine.provide('module.text', (json, _value, context) =>
    engine.newText(
      context,
      endOf(() => modules.textOf(JSON.parse(json))),
    ),
  );
  engine.provide('module.compile', (json, _value, context) =>
    modules.compileCommonJs(JSON.parse(json)).consume((result) => engine.newReference(context, result)),
  );
}

function endOf(work: () => unknown): string {
  try {
    return JSON.stringify({ value: work() });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return JSON.stringify({ error: { name: 'Error', message: error.message, fields: error.fields } });
  }
}

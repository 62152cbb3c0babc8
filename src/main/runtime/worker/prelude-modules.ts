/**
 * Evaluates modules of the guest's prelude: the first at boot, others when a guest first uses what they make. They
 * import each other by file names that no code of a guest can import, because the loader that knows them is in place
 * only while one of them is evaluated, and they run no guest code.
 */
import type { JSModuleLoader, JSModuleNormalizer, QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import type { Engine } from './engine.ts';

/** Marks the prelude's files in stack traces, where they are hidden. */
const filePrefix = 'vm:';

type Sources = Readonly<Record<string, string>>;

/**
 * Evaluates a module of the prelude, unless it was; the handle of its namespace is the caller's. By an import of another
 * module, because the engine would evaluate a source that it is given once more, and make every class of it anew.
 */
export function evaluatePreludeModule(context: QuickJSContext, sources: Sources, file: string): QuickJSHandle {
  const source = `export * from './${file}'`;
  return withPreludeLoader(context, sources, () =>
    context.unwrapResult(context.evalCode(source, fileOf('load'), { type: 'module' })),
  );
}

/** Lets the prelude load its own modules later: half of one would stay broken, so that nothing interrupts it. */
export function providePreludeModules(engine: Engine, sources: Sources): void {
  engine.provide('prelude.load', (json, _value, context) =>
    engine.uninterrupted(() =>
      evaluatePreludeModule(engine.context, sources, JSON.parse(json)).consume((namespace) =>
        engine.newReference(context, namespace),
      ),
    ),
  );
}

interface PresentLoader {
  readonly moduleLoader?: JSModuleLoader;
  readonly moduleNormalizer?: JSModuleNormalizer;
}

const fileOf = (specifier: string) => `${filePrefix}${specifier.replace('./', '')}`;

/** The library can set a loader and not tell which there is, so this reads its private fields. */
function withPreludeLoader<Result>({ runtime }: QuickJSContext, sources: Sources, work: () => Result): Result {
  const { moduleLoader, moduleNormalizer } = runtime as unknown as PresentLoader; // private in its types
  runtime.setModuleLoader(
    (file) => sources[file.slice(filePrefix.length)] ?? { error: new Error(`The prelude has no ${file}`) },
    (_importer, specifier) => fileOf(specifier),
  );
  try {
    return work();
  } finally {
    if (moduleLoader !== undefined) runtime.setModuleLoader(moduleLoader, moduleNormalizer);
  }
}

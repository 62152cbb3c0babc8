import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';

const at = (path: string) => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      sourcemap: true,
      rollupOptions: {
        // The worker is an entry of its own, and whoever starts it names it as ./worker.js beside itself. That may be a
        // shared chunk, so chunks lie beside the entries and not in a folder of their own.
        input: {
          index: at('src/main/index.ts'),
          headless: at('src/main/headless.ts'),
          worker: at('src/main/runtime/worker/entry.ts'),
          database: at('src/main/modules/database/child/entry.ts'),
          cli: at('src/cli/main.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    base: './',
    build: {
      outDir: at('out/renderer'),
      minify: true,
      modulePreload: { polyfill: false },
      rollupOptions: { input: at('src/renderer/index.html') },
    },
  },
});

// Bundles one source and all it imports into one classic script without imports.
import { build } from 'vite';

export async function script(entry: string, constants: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const define = Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]));
  const built = await build({
    configFile: false, publicDir: false, logLevel: 'warn', define,
    build: {
      write: false, target: 'es2022', minify: true, reportCompressedSize: false,
      lib: { entry, formats: ['iife'], name: 'belfry', fileName: 'script' },
    },
  });
  const first = Array.isArray(built) ? built[0] : built;
  if (!first || !('output' in first)) throw new Error(`${entry} gave no output`);
  return first.output[0].code;
}

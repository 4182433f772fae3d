// @belfry/client as a package: two entries that share what they need. From web/:
//   npx vite build --config client/vite.config.ts --outDir DIR && npx tsc -p client --outDir DIR/types
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { compressed } from '../vite/compressed.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const kTexts = ['package.json', 'README.md'];

export default defineConfig({
  root: here('.'),
  base: './',
  publicDir: false,
  plugins: [
    {
      name: 'belfry-client-texts',
      writeBundle: ({ dir }) => {
        for (const name of kTexts) copyFileSync(here(name), join(dir ?? '.', name));
      },
    },
    compressed(),
  ],
  build: {
    target: 'es2022',
    emptyOutDir: true,
    reportCompressedSize: false,
    modulePreload: false,
    rollupOptions: {
      input: { 'belfry-client': here('index.ts'), 'belfry-call': here('element.ts') },
      // What index.ts exports is what others import.
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});

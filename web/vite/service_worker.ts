// /sw.js: the service worker, told which files belong to this build. It has no hash in its name, because browsers look for a new one there.
import { existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { script } from './script.ts';

const kSource = fileURLToPath(new URL('../src/sw/sw.ts', import.meta.url));

export function serviceWorker(): Plugin {
  return {
    name: 'belfry-service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        if (!existsSync(kSource)) return;
        const files = Object.keys(bundle).filter((name) => name.startsWith('assets/') && !name.endsWith('.map')).sort();
        const page = bundle['index.html'];
        const text = page?.type === 'asset' ? page.source : '';
        const build = createHash('sha256').update(files.join('\n')).update(text).digest('hex').slice(0, 16);
        // A file of its own: the list is as large as the worker, which browsers load anew at each visit.
        const list = `assets/files-${build}.json`;
        this.emitFile({ type: 'asset', fileName: list, source: JSON.stringify(files.map((name) => `/${name}`)) });
        this.emitFile({ type: 'asset', fileName: 'sw.js', source: await script(kSource, { BELFRY_BUILD: build, BELFRY_FILES: `/${list}` }) });
      },
    },
  };
}

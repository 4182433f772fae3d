// What the page's head gets from the build: the theme's boot file, which runs before anything is painted and is therefore a classic script of
// its own, and the preload of the one font file that every page needs.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { HtmlTagDescriptor, Plugin } from 'vite';
import { script } from './script.ts';

const kTheme = fileURLToPath(new URL('../src/app/theme.ts', import.meta.url));
const kFont = /latin-wght-normal.*\.woff2$/;

export function pageHead(): Plugin {
  let theme: string | null = null;
  return {
    name: 'belfry-page-head',
    apply: (_config, { mode }) => mode !== 'test',
    async buildStart() {
      if (this.meta.watchMode || !existsSync(kTheme)) return;
      theme = this.emitFile({ type: 'asset', name: 'theme.js', source: await script(kTheme) });
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle, server }) {
        if (server) return [{ tag: 'script', attrs: { type: 'module', src: '/src/app/theme.ts' }, injectTo: 'head-prepend' }];
        const tags: HtmlTagDescriptor[] = [];
        const names = Object.keys(bundle ?? {});
        const boot = theme !== null && names.find((name) => /assets\/theme-.*\.js$/.test(name));
        if (boot) tags.push({ tag: 'script', attrs: { src: `/${boot}` }, injectTo: 'head-prepend' });
        const font = names.find((name) => kFont.test(name) && !name.includes('latin-ext'));
        if (font) tags.push({ tag: 'link', attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `/${font}` }, injectTo: 'head' });
        return tags;
      },
    },
  };
}

// Beside each file that compresses well, FILE.br and FILE.gz: the server sends these as they are (server/gateway/web_client.hpp).
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin, ResolvedConfig } from 'vite';

const kText = /\.(js|css|html|svg|webmanifest|json)$/;

async function compress(file: string): Promise<void> {
  const content = await readFile(file);
  const brotli = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } });
  const gzip = gzipSync(content, { level: 9 });
  if (brotli.length < content.length) await writeFile(`${file}.br`, brotli);
  if (gzip.length < content.length) await writeFile(`${file}.gz`, gzip);
}

export function compressed(): Plugin {
  let config: ResolvedConfig | null = null;
  return {
    name: 'belfry-compressed',
    apply: 'build',
    configResolved: (resolved) => void (config = resolved),
    async closeBundle() {
      // A build that failed, or writes nothing, leaves none.
      if (!config || config.build.write === false) return;
      const folder = config.build.outDir.startsWith('/') ? config.build.outDir : join(config.root, config.build.outDir);
      if (!existsSync(folder)) return;
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && kText.test(entry.name));
      await Promise.all(files.map((entry) => compress(join(entry.parentPath ?? entry.path, entry.name))));
    },
  };
}

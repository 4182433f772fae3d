// The client: `npx vite build --outDir DIR/app`, then `belfry serve --web DIR` (scripts/build does both for build/<preset>/web). With a
// server on port 3000, or at BELFRY_URL, `npx vite` serves the sources and passes on what is the server's.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { chunkName } from './vite/chunks.ts';
import { compressed } from './vite/compressed.ts';
import { pageHead } from './vite/page_head.ts';
import { serviceWorker } from './vite/service_worker.ts';

const server = process.env['BELFRY_URL'] ?? 'http://127.0.0.1:3000';
const kOfTheServer = ['/api', '/user', '/message', '/peerjs', '/users', '/ringtone.mp3', '/avatar.jpg', '/avatars'];

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  publicDir: 'public/app',
  plugins: [react(), pageHead(), serviceWorker(), compressed()],
  build: {
    target: 'es2022',
    outDir: '../build/web/app',
    emptyOutDir: true,
    assetsDir: 'assets',
    // The policy of the page allows no font and no script from a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    rollupOptions: { output: { entryFileNames: 'assets/[name]-[hash].js', chunkFileNames: chunkName, assetFileNames: 'assets/[name]-[hash][extname]' } },
  },
  server: {
    proxy: {
      ...Object.fromEntries(kOfTheServer.map((path) => [path, { target: server, changeOrigin: true }])),
      '/socket.io': { target: server, ws: true, changeOrigin: true },
    },
  },
  test: {
    // A test of components says `// @vitest-environment jsdom` in its first line.
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}', 'client/**/*.test.ts', 'vite/**/*.test.ts'],
    restoreMocks: true,
    testTimeout: 60_000,  // none waits for a clock; two cores with other work take their time
  },
});

import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const source = (lib: string) => fileURLToPath(new URL(`../../libs/${lib}/src/index.ts`, import.meta.url));
const api = process.env.CAMFLEET_API ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  // The libs' own builds are CommonJS for node; the browser gets their source.
  resolve: { alias: { '@camfleet/protocol': source('protocol'), '@camfleet/domain': source('domain') } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    chunkSizeWarningLimit: 900,
    // An inlined file would be a data: URL, which the API's Content-Security-Policy refuses for fonts and scripts.
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': { target: api, ws: true } } },
});

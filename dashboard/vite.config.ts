/** Builds the dashboard into dist/dashboard, which the edge serves. */
import vue from '@vitejs/plugin-vue';
import { defineConfig, loadEnv } from 'vite';

/** What the edge answers itself; in development the page comes from Vite and these from the edge. */
const EDGE_PATHS = ['/api', '/auth', '/config.json'];

export default defineConfig(({ mode }) => {
  const { EDGE_URL = 'http://127.0.0.1:3000' } = loadEnv(mode, '.', 'EDGE_');
  return {
    plugins: [vue()],
    define: {
      // The page has no use for vue-i18n's other API, nor for the tools of a developer's browser.
      __VUE_I18N_LEGACY_API__: 'false',
      __VUE_I18N_FULL_INSTALL__: 'false',
      __INTLIFY_PROD_DEVTOOLS__: 'false',
    },
    // The manifest says what a page loads first; test/e2e/dashboard-budgets.test.ts reads it.
    build: { target: 'es2022', outDir: '../dist/dashboard', emptyOutDir: true, manifest: true },
    server: {
      host: '127.0.0.1',
      proxy: {
        ...Object.fromEntries(EDGE_PATHS.map((path) => [path, EDGE_URL])),
        '/socket.io': { target: EDGE_URL, ws: true },
      },
    },
  };
});

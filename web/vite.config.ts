import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [tailwindcss()],
  server: { proxy: { '/api': process.env.GUIKE_URL ?? 'http://127.0.0.1:8080' } },
  build: {
    target: 'es2022',
    // The policy is default-src 'self': nothing may become a data: address, and nothing is injected inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  test: { include: ['src/**/*.test.ts'] },
} as Parameters<typeof defineConfig>[0])

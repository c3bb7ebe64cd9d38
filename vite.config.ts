import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const root = import.meta.dirname;
const source = resolve(root, "islands");
const still = resolve(root, "gongzhi/surfaces/static/gongzhi");

/** Every islands/NAME.ts becomes islands/NAME.js; folders below islands/ are their own pieces. */
function islands(): Record<string, string> {
  const files = existsSync(source) ? readdirSync(source) : [];
  const own = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));
  return Object.fromEntries(own.map((file) => [file.slice(0, -3), join(source, file)]));
}

/** Kept libraries that pages load as they are, copied beside the islands. */
function kept(): Plugin {
  const copies: [string, string][] = [["node_modules/htmx.org/dist/htmx.min.js", "htmx.min.js"]];
  return {
    name: "gongzhi-kept",
    closeBundle() {
      mkdirSync(join(still, "vendor"), { recursive: true });
      for (const [from, to] of copies) copyFileSync(resolve(root, from), join(still, "vendor", to));
    },
  };
}

/** The worker script stands alone in one file: older phones load no pieces there. */
const worker = {
  input: { worker: join(source, "worker/worker.ts") },
  output: { format: "iife" as const, entryFileNames: "[name].js" },
};

const pages = {
  input: islands(),
  output: {
    entryFileNames: "[name].js",
    chunkFileNames: "piece-[name]-[hash].js",
    assetFileNames: "[name][extname]",
  },
};

export default defineConfig(({ mode }) => ({
  root,
  publicDir: false,
  base: "/static/gongzhi/islands/",
  plugins: [kept()],
  build: {
    outDir: join(still, "islands"),
    emptyOutDir: mode !== "worker",
    target: "es2020",
    modulePreload: false,
    chunkSizeWarningLimit: 1600,
    rollupOptions: mode === "worker" ? worker : pages,
  },
}));

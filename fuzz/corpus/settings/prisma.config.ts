import "dotenv/config";
import path from "node:path";
export default defineConfig({ schema: path.join(__dirname, "db", "schema.prisma"), migrations: { path: "m" }, datasource: { url: env("URL") } });
